"""Corrections at the desk of the unit that owns a value."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.files import queries as uploads
from shanzhi.kernel import Refused, masking
from shanzhi.people.decorators import desk
from shanzhi.work.queries import open_clocks

from .. import commands, fence, kinds, queries, readlog, rules
from ..forms import rights as forms
from ..presenting import rights as presenting
from ..queries import persons


@desk(roles=rules.DECIDERS)
@require_safe
@fence.fenced
def corrections(request: HttpRequest) -> HttpResponse:
    """Those that wait, and those decided lately."""
    waiting = "done" not in request.GET
    found = list(queries.changes_of_unit(request.actor, waiting=waiting)[:100])
    names = persons.names([each.person_id for each in found])
    rows = [
        row | {"person": masking.name(names.get(each.person_id, ""))}
        for each, row in zip(found, presenting.request_rows(found), strict=True)
    ]
    chips = [
        {"label": _("Waiting"), "href": "?", "active": waiting},
        {"label": _("Decided"), "href": "?done", "active": not waiting},
    ]
    return render(request, "registry/rights/corrections.html", {"rows": rows, "chips": chips})


@desk(roles=rules.DECIDERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands there, what is said to be right, and the evidence; the owner decides."""
    change = queries.change_of_unit(request.actor, pk)
    if change is None:
        raise Http404
    form = forms.Decide(request.POST or None)
    if form.is_valid():
        try:
            commands.decide_correction(
                request=change, accept="accept" in request.POST, by=request.actor,
                at=timezone.now(), **form.cleaned_data,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Decided; the resident is told."))
            return redirect("registry:corrections")
    return render(request, "registry/rights/correction.html", _shown(request, change, form),
                  status=422 if form.errors else 200)  # fmt: skip


def _shown(request, change, form):
    readlog.note(
        by=request.actor, persons=[change.person_id], elements=[change.element],
        purpose=_("Check of a correction the resident asked for"), through=readlog.Through.PAGE,
        basis="个人信息保护法第四十六条", at=timezone.now(),
    )  # fmt: skip
    entry = kinds.entry(change.element)
    return {
        "change": change, "row": presenting.request_rows([change])[0], "form": form,
        "entry": entry, "wanted": presenting.wanted(entry, change),
        "name": change.person.name, "asker": presenting.asker(change),
        "evidence": uploads.of(f"registry.ChangeRequest:{change.pk}"),
        "clocks": open_clocks(f"registry.ChangeRequest:{change.pk}"),
        "waiting": change.state == "waiting",
    }  # fmt: skip
