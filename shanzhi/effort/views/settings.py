"""Minutes of a task, and numbers of workers: what the office states, with its source."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried
from shanzhi.places.queries import names
from shanzhi.work.models import Duty

from .. import commands, rules
from ..forms import HeadcountForm, StandardForm
from ..kinds import TASKS
from ..queries import standards, workers
from ..rules import OFFICE, READERS


@desk(roles=READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rates = standards.rates(localdate(timezone.now()))
    context = {"rates": rates, "may": rules.may_set(request.actor)}
    return render(request, "effort/standards.html", context)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def standard(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in TASKS:
        raise Http404
    at = timezone.now()
    known = next(each for each in standards.rates(localdate(at)) if each.task.code == kind)
    first = {name: getattr(known, name) for name in ("minutes", "least", "most")}
    form = StandardForm(request.POST or None, initial=first | {"valid_from": localdate(at)})
    if form.is_valid() and tried(form, lambda: commands.set_standard(
        kind=kind, by=request.actor, at=at, **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("The minutes are set."))
        return redirect("effort:standards")
    context = {"form": form, "task": TASKS[kind], "history": standards.history(kind)}
    return render(request, "effort/standard.html", context, status=422 if form.errors else 200)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def headcounts(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    form = HeadcountForm(request.POST or None, initial={"valid_from": localdate(at)})
    if form.is_valid() and tried(form, lambda: commands.state_headcounts(
        by=request.actor, at=at, **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("The numbers of workers are stated."))
        return redirect("effort:standards")
    context = {
        "form": form, "last": _named(workers.stated_last()),
        "anew": [(duty, names(parts).values())
                 for duty, parts in workers.asked_anew(localdate(at))],
    }  # fmt: skip
    return render(request, "effort/headcounts.html", context, status=422 if form.errors else 200)


def _named(rows):
    known = names({each.community for each in rows})
    return [(known.get(each.community, each.community), each) for each in rows]


@desk(roles=OFFICE)
@require_POST
def posts_tell(request: HttpRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(Duty, pk=pk, kind=workers.HEADCOUNT)
    return done(request, _("Their posts tell."), lambda: commands.let_posts_tell(
        duty=duty, by=request.actor, at=timezone.now()), "effort:headcounts")  # fmt: skip
