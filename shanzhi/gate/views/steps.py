"""What the office, the communities and the joint meeting do with an application."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shanzhi.people.decorators import desk, refused
from shanzhi.people.pressing import tried

from .. import checks, commands, presenting
from ..forms import applications as forms
from ..models import Application
from ..queries import applications as queries
from ..queries.checking import known, plan_of
from ..queries.hearing import hearing, opinion_of
from ..rules import OFFICE
from ..rules.applications import COMMUNITY
from .applications import found, pressed


@desk(roles=OFFICE)
@require_POST
def pass_on(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    return pressed(request, number, _("The sample is drawn and asked."), lambda: commands.pass_on(
        application=row, by=request.actor, at=timezone.now()))  # fmt: skip


@desk(roles=OFFICE)
@require_POST
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    row, reason = found(request, number), request.POST.get("reason", "")[:500]
    return pressed(request, number, _("Sent back."), lambda: commands.send_back(
        application=row, reason=reason, by=request.actor, at=timezone.now()))  # fmt: skip


@desk(roles=OFFICE)
@require_POST
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    row, reason = found(request, number), request.POST.get("reason", "")[:500]
    return pressed(request, number, _("Not admitted."), lambda: commands.refuse(
        application=row, reason=reason, by=request.actor, at=timezone.now()))  # fmt: skip


@desk(roles=COMMUNITY)
@require_POST
def opine(request: HttpRequest, number: str) -> HttpResponse:
    opinion = opinion_of(found(request, number), request.actor.place)
    if opinion is None:
        raise Http404
    form = forms.OpinionForm(request.POST)
    if not form.is_valid():
        sentence = _("Say whether you are for it or against it.")
        return refused(request, sentence, reverse("gate:application", args=[number]))
    return pressed(request, number, _("Your opinion is kept."), lambda: commands.give_opinion(
        opinion=opinion, by=request.actor, at=timezone.now(), **form.cleaned_data))  # fmt: skip


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, number: str) -> HttpResponse:
    """What the joint meeting decided, with the votes of its members."""
    row, at = found(request, number), timezone.now()
    if row.state != Application.State.DECIDING:
        return redirect("gate:application", number)
    plan = plan_of(row)
    said = checks.run(plan, known(plan, localdate(at)))
    merged = presenting.merged(row, said)
    form = forms.RulingForm(request.POST or None, application=row, initial=_first(row, merged, at))
    seats = forms.Seats(
        request.POST or None,
        prefix="seat",
        initial=[_seat(name, presenting.unit(row)) for name in queries.members(row.place[:6])],
    )
    if form.is_valid() and seats.is_valid() and tried(
        form, lambda: commands.decide(application=row, ruling=form.ruling(seats),
                                      by=request.actor, at=at)):  # fmt: skip
        messages.success(request, _("The decision is kept."))
        return redirect("gate:application", number)
    context = {
        "application": row, "unit": presenting.unit(row), "form": form, "seats": seats,
        "hearing": hearing(row), "merged": merged, "hours": presenting.hours(row),
        "findings": presenting.findings(said), "verdict": presenting.verdicts(said),
    }  # fmt: skip
    return render(request, "gate/decide.html", context, status=422 if form.errors else 200)


def _seat(name, applicant):
    """The unit that applied stands aside; that is filled in for it."""
    if name != applicant:
        return {"member": name}
    return {"member": name, "choice": "applied"}


def _first(row, merged, at):
    found = {name: getattr(row, name) for name in ("times", "minutes", "staff", "ends_on")}
    found |= {"decided_on": localdate(at), "kept": row.fields}
    if merged:
        found |= {"heir": merged["heir"].number, "kept": merged["new"],
                  "added": merged["minutes"]}  # fmt: skip
    return found
