"""The steps of a case: POST /cases/{number}/<step>, each from a line of this table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from shanzhi.kernel import Refused

from .. import commands, presenting
from ..models import Case, Involvement
from ..routing import Unit
from . import bodies, replays, rows, scope, shapes


@dataclass(frozen=True)
class Step:
    """`run` gets case, by, at and the fields of the body."""

    name: str  # as in the address
    summary: str
    run: Callable[..., Any]
    body: type[bodies.Body] = bodies.Nothing


def _unit(case: Case, wanted: dict[str, str]) -> Unit:
    """Only units there are: the same the desk offers."""
    code = f"{wanted['place']}/{wanted['department']}"
    offered = {each for _group, units in presenting.unit_choices(case) for each, _name in units}
    if code not in offered:
        raise Refused(_("Choose a unit of this city."), field="unit")
    return Unit(**wanted)


def _helper(case: Case, pk: int) -> Involvement:
    helper = Involvement.objects.filter(pk=pk, case=case, leads=False).first()
    if helper is None:
        raise Refused(_("No unit was asked to help under this number."), field="helper")
    return helper


def _transfer(*, case, unit, **rest):
    return commands.transfer(case=case, to=_unit(case, unit), **rest)


def _ask_help(*, case, unit, **rest):
    return commands.ask_help(case=case, unit=_unit(case, unit), **rest)


def _answer_help(*, case, helper, **rest):
    return commands.answer_help(helper=_helper(case, helper), **rest)


def _release_helper(*, case, helper, **rest):
    return commands.release_helper(helper=_helper(case, helper), **rest)


def _correct(*, answers, **rest):
    return commands.correct(raw=answers, **rest)


STEPS = [
    Step("accept", "Accept", commands.accept),
    Step("ask-correction", "Ask for what is missing", commands.ask_correction, bodies.Missing),
    Step("correct", "Send the completed form", _correct, bodies.Answers),
    Step("not-accept", "Do not accept", commands.not_accept, bodies.NotAccept),
    Step("start", "Start handling", commands.start),
    Step("finish-step", "Finish a step of the item", commands.finish_step, bodies.StepDone),
    Step("transfer", "Pass on to another unit", _transfer, bodies.Transfer),
    Step("send-back", "Send back what is not on the list", commands.send_back),
    Step("pass-up", "Pass up to the sub-district", commands.pass_up, bodies.Reason),
    Step("ask-help", "Ask another unit to help", _ask_help, bodies.AskHelp),
    Step("answer-help", "Answer as a helping unit", _answer_help, bodies.Opinion),
    Step("release-helper", "Wait no longer for a helping unit", _release_helper, bodies.HelperId),
    Step("suspend", "Stop the clock", commands.suspend, bodies.Suspend),
    Step("resume", "Let the clock run on", commands.resume),
    Step("extend", "Lengthen the time limit", commands.extend, bodies.Extend),
    Step("decide", "Grant or refuse", commands.decide, bodies.Decide),
    Step("reply", "Answer the resident", commands.reply, bodies.Answer),
    Step("deliver", "Record the delivery", commands.deliver, bodies.Deliver),
    Step("close", "Close", commands.close),
    Step("terminate", "End without an answer", commands.terminate, bodies.Reason),
    Step("call-back", "Record a call-back", commands.call_back, bodies.Words),
    Step("note", "Write an internal remark", commands.note, bodies.Words),
    Step("reopen", "Open again", commands.reopen, bodies.Reason),
    Step("withdraw", "Withdraw for the applicant", commands.withdraw),
]


def add_steps(router: Router) -> None:
    for step in STEPS:
        add = router.post(
            f"/{{number}}/{step.name}",
            response=shapes.CaseRow,
            summary=step.summary,
            tags=["steps of a case"],
        )
        add(_view(step))


def _view(step: Step) -> Callable[..., HttpResponse]:
    if step.body is bodies.Nothing:

        def view(request: HttpRequest, number: str, idempotency_key: replays.MayRepeat):
            return _take(request, step, number, idempotency_key, {})

    else:

        def view(
            request: HttpRequest,
            number: str,
            body: step.body,
            idempotency_key: replays.MayRepeat,
        ):
            return _take(request, step, number, idempotency_key, body.model_dump())

    view.__name__ = step.name.replace("-", "_")
    view.__doc__ = step.run.__doc__
    return view


def _take(request, step, number, idempotency_key, sent):
    """Sees with the key's place, acts as the key's post."""
    key = request.auth
    scope.check_writes(key)

    def run(at):
        case = scope.found(key, number)
        step.run(case=case, by=key.post, at=at, **sent)
        return 200, rows.row_of(case.pk)

    return replays.once(request, idempotency_key, sent, run)
