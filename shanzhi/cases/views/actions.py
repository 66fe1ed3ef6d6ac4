"""The steps a unit takes on a case: one page each, drawn from this table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk

from .. import commands, forms, presenting, queries
from ..models import Case
from ..routing import Unit


@dataclass(frozen=True)
class Action:
    """`run` gets case, by, at and the form's cleaned data; `extra` gives a form its choices."""

    title: str | Promise
    done: str | Promise
    run: Callable[..., Any]
    form: type = forms.Nothing
    icon: str = "arrow-right"
    kind: str = "plain"  # look of the button
    hint: str | Promise = ""
    extra: Callable[[Case], dict[str, Any]] = field(default=lambda case: {})


def _units(case):
    return {"units": presenting.unit_choices(case)}


def _unit(text):
    place, _slash, department = text.partition("/")
    return Unit(place, department)


def _gaps(*, gaps, **rest):
    return commands.ask_correction(gaps=gaps.splitlines(), **rest)


def _transfer(*, unit, **rest):
    return commands.transfer(to=_unit(unit), **rest)


def _help(*, unit, **rest):
    return commands.ask_help(unit=_unit(unit), **rest)


@transaction.atomic
def _decide_and_reply(*, case, text, by, at, **decision):
    commands.decide(case=case, text=text, by=by, at=at, **decision)
    return commands.reply(case=case, text=text, by=by, at=at)


t = gettext_lazy
ACTIONS = {
    "accept": Action(
        t("Accept"), t("Accepted; the clock is running."), commands.accept,
        hint=t("The clock of the item starts now, and the applicant is told."),
        icon="check", kind="primary",
    ),
    "ask_correction": Action(
        t("Ask for what is missing"), t("The applicant was told what is missing."), _gaps,
        forms.Gaps, icon="file-description",
        hint=t("It can be asked for once. Without the papers the case may be ended after 30 days; "
               "once they come, the five working days begin anew."),
    ),
    "not_accept": Action(
        t("Do not accept"), t("The applicant was told why, and where to go."), commands.not_accept,
        forms.NotAccept, icon="x", kind="danger",
        hint=t("Another unit's work is passed on, not turned away."),
    ),
    "start": Action(
        t("Start handling"), t("You are working on it now."), commands.start,
        hint=t("The resident sees that somebody is working on it."), icon="player-play"
    ),
    "transfer": Action(
        t("Pass on"), t("Passed on; the clock runs on."), _transfer, forms.ToUnit,
        icon="arrow-forward-up", extra=_units,
        hint=t("The time limits run on. Your unit goes on seeing the case."),
    ),
    "send_back": Action(
        t("Not on the list: return it"), t("Returned with a letter; the department has it again."),
        commands.send_back, icon="corner-up-left", kind="danger",
        hint=t("Its number is no longer in force here. The department is told the clause, not "
               "the name of your community."),
    ),
    "pass_up": Action(
        t("Not on our lists"), t("Passed up to the sub-district; the clock runs on."),
        commands.pass_up, forms.Reason, icon="arrow-up",
        hint=t("For work outside the community's two lists: the sub-district takes it over."),
    ),
    "ask_help": Action(
        t("Ask another unit to help"), t("The unit was asked to help."), _help, forms.Help,
        icon="users", extra=_units,
        hint=t("The case stays with your unit; the other one does its part within the days "
               "you give."),
    ),
    "suspend": Action(
        t("Stop the clock"), t("The clock stands still."), commands.suspend, forms.Suspend,
        icon="player-pause",
        hint=t("Only for one of these reasons, and with the paper that orders it. The applicant "
               "sees that the clock stands still."),
    ),
    "resume": Action(
        t("Let the clock run on"), t("The clock runs again."), commands.resume,
        hint=t("The days it stood still are not counted."),
        icon="player-play", kind="primary",
    ),
    "extend": Action(
        t("Lengthen the time limit"), t("The time limit was lengthened."), commands.extend,
        forms.Extend, icon="clock-plus",
        hint=t("Once, by at most ten working days. The applicant is told the reason."),
    ),
    "decide": Action(
        t("Decide and answer"), t("Decided and answered."), _decide_and_reply, forms.Decide,
        icon="gavel", kind="primary",
        hint=t("The applicant is told at once and can rate the answer. What was sent "
               "cannot be changed."),
    ),
    "reply": Action(
        t("Answer"), t("Answered."), commands.reply, forms.Answer, icon="message", kind="primary",
        hint=t("The resident is told at once and can rate the answer. What was sent cannot "
               "be changed."),
    ),
    "deliver": Action(
        t("Record the delivery"), t("Delivery recorded."), commands.deliver, forms.Deliver,
        icon="package", kind="primary",
        hint=t("How and when the result reached the applicant."),
    ),
    "call_back": Action(
        t("Record the call-back"), t("Call-back recorded."), commands.call_back, forms.CallBack,
        icon="phone", kind="primary",
        hint=t("Talk to the resident first; then write down what was said and what will be done."),
    ),
    "close": Action(
        t("Close"), t("Closed."), commands.close, icon="archive",
        hint=t("Nothing more is owed. The resident can still open it again within 30 days."),
    ),
    "reopen": Action(
        t("Open again"), t("Opened again."), commands.reopen, forms.Reason, icon="refresh",
        hint=t("It goes back to the unit that answered, with new time limits."),
    ),
    "terminate": Action(
        t("End without an answer"), t("Ended."), commands.terminate, forms.Reason,
        icon="ban", kind="danger",
        hint=t("It cannot be taken back. The applicant is told the reason."),
    ),
}  # fmt: skip


@desk
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """One step of a case: its form on GET, the step itself on POST."""
    if code not in ACTIONS:
        raise Http404
    case = get_object_or_404(
        queries.visible_to(request.actor).select_related("item"), number=number
    )
    action = ACTIONS[code]
    form = action.form(request.POST if request.method == "POST" else None, **action.extra(case))
    step = partial(action.run, case=case)
    if form.is_valid() and perform(request, form, step, action.done):
        return redirect("cases:case", number=number)
    context = {"case": case, "action": action, "code": code, "form": form}
    return render(request, "cases/desk/act.html", context, status=422 if form.errors else 200)


def perform(request: HttpRequest, form, step: Callable[..., Any], done: str | Promise) -> bool:
    """Run the step with the form's answers; a refusal becomes an error of the form."""
    try:
        step(by=request.actor, at=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, str(done) or _("Done."))
    return True
