"""Decision, answer, delivery, call-back and the end of a case."""

from datetime import datetime

from django.db import transaction

from shanzhi.kernel.acting import Actor
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import rules, steps
from ..models import Case, Reply

S = Case.State


@transaction.atomic
def decide(
    *, case: Case, decision: str, text: str, grounds: str, remedy: str, by: Actor, at: datetime
) -> Case:
    """Grant or refuse; a refusal names its grounds and the way to object."""
    case = steps.locked(case)
    rules.check_staff_step(case, S.DECIDED, by)
    rules.check_decision(case, decision, grounds, remedy)

    Reply.objects.create(
        case=case,
        kind=Reply.Kind.DECISION,
        at=at,
        by=by.account_id,
        text=text,
        grounds=grounds,
        remedy=remedy,
    )
    case.decision = decision
    steps.become(case, S.DECIDED, "decision")

    steps.record("cases.decided", case, by=by, at=at, decision=decision)
    return case


@transaction.atomic
def reply(*, case: Case, text: str, by: Actor, at: datetime) -> Case:
    """Answer the resident. The clocks stop; what is to be handed over becomes a duty."""
    case = steps.locked(case)
    rules.check_reply(case, text, by)

    Reply.objects.create(
        case=case, kind=Reply.Kind.ANSWER, at=at, by=by.account_id, text=text.strip()
    )
    in_time = case.promised_due_at is None or at <= case.promised_due_at
    duties.close_duties(about=steps.label(case), at=at, outcome="replied")
    case.replied_at = at
    steps.become(case, S.REPLIED, "replied_at")
    if rules.owes_delivery(case):
        limit = duties.Limit(Clock.Basis.STATUTORY, rules.DELIVER_WITHIN, Clock.Unit.WORKING_DAYS)
        steps.open_duty(case, "cases.deliver", [limit], at)

    steps.record("cases.replied", case, by=by, at=at, in_time=in_time)
    return case


@transaction.atomic
def deliver(*, case: Case, method: str, by: Actor, at: datetime) -> Case:
    """The result (a card, a letter, a payment) has reached the resident."""
    case = steps.locked(case)
    rules.check_delivery(case, method, by)

    case.delivery = method.strip()
    steps.become(case, S.DELIVERED, "delivery")
    duties.close_duties(about=steps.label(case), kind="cases.deliver", at=at, outcome="delivered")

    steps.record("cases.delivered", case, by=by, at=at)
    return case


@transaction.atomic
def close(*, case: Case, by: Actor, at: datetime) -> Case:
    """Nothing more is owed. The unit closes it, or fifteen days of silence do."""
    case = steps.locked(case)
    rules.check_close(case, by, at)

    case.closed_at = at
    steps.become(case, S.CLOSED, "closed_at")
    duties.close_duties(about=steps.label(case), kind="cases.deliver", at=at, outcome="closed")

    steps.record("cases.closed", case, by=by, at=at)
    return case


@transaction.atomic
def terminate(*, case: Case, reason: str, by: Actor, at: datetime) -> Case:
    """End a case that can no longer be answered: the papers never came, the applicant has died."""
    case = steps.locked(case)
    rules.check_terminate(case, reason, by, at)

    Reply.objects.create(
        case=case, kind=Reply.Kind.NOT_ACCEPTED, at=at, by=by.account_id, text=reason.strip()
    )
    case.closed_at = at
    steps.become(case, S.TERMINATED, "closed_at")
    steps.end_all_help(case, at)
    duties.close_duties(about=steps.label(case), at=at, outcome="terminated")

    steps.record("cases.terminated", case, by=by, at=at)
    return case


@transaction.atomic
def call_back(*, case: Case, text: str, by: Actor, at: datetime) -> Case:
    """The dissatisfied resident was called; what was said is part of the case."""
    case = steps.locked(case)
    rules.check_call_back(case, text, by)

    Reply.objects.create(
        case=case, kind=Reply.Kind.CALL_BACK, at=at, by=by.account_id, text=text.strip()
    )
    duties.close_duties(about=steps.label(case), kind="cases.call_back", at=at, outcome="called")

    steps.record("cases.called_back", case, by=by, at=at)
    return case
