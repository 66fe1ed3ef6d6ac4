"""Which spellings are one unit: suggested, declared, and parted again by the burden office."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried

from .. import commands, queries
from ..forms.catalogue import Join
from ..models import RequestingUnit
from ..rules import OFFICE


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    form = Join(request.POST or None)
    if form.is_valid() and _joined(request, form):
        messages.success(request, _("From now on both are counted as one unit."))
        return redirect("certificates:unit_names")
    context = {
        "form": form, "likely": queries.requesting.likely(), "joined": queries.requesting.joined(),
        "units": queries.units(), "may": request.actor.covers(settings.SHANZHI_CITY),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "certificates/unit_names.html", context, status=status)


def _joined(request, form):
    found = {name: queries.requesting.named(form.cleaned_data[name]) for name in ("unit", "into")}
    for name, unit in found.items():
        if unit is None:
            form.add_error(name, _("No unit of this name was ever recorded."))
    if form.errors:
        return None
    return tried(form, lambda: commands.join_units(**found, by=request.actor, at=timezone.now()))


@desk(roles=OFFICE)
@require_POST
def part(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(RequestingUnit, pk=pk)
    return done(
        request, _("They are counted apart again."),
        lambda: commands.part_units(unit=unit, by=request.actor, at=timezone.now()),
        "certificates:unit_names",
    )  # fmt: skip
