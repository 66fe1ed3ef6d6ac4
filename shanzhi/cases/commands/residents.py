"""What the person who asked can do afterwards: withdraw, rate, ask again."""

from datetime import datetime

from django.db import transaction

from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import rules, steps
from ..models import Case, Note, Rating

S = Case.State


@transaction.atomic
def withdraw(*, case: Case, by: Actor, at: datetime) -> Case:
    """The applicant no longer wants it."""
    case = steps.locked(case)
    rules.check_may_become(case, S.WITHDRAWN)
    rules.check_may_correct(case, by)

    case.closed_at = at
    steps.become(case, S.WITHDRAWN, "closed_at")
    steps.end_all_help(case, at)
    duties.close_duties(about=steps.label(case), at=at, outcome="withdrawn")

    steps.record("cases.withdrawn", case, by=by, at=at)
    return case


@transaction.atomic
def rate(*, case: Case, score: int, words: str, by: Actor, at: datetime) -> Rating:
    """One of five levels. The two worst open a call-back with its own clock."""
    case = steps.locked(case)
    rules.check_rating(case, score, by, at)

    rating = Rating.objects.create(
        case=case,
        round=case.ratings.count() + 1,
        score=score,
        words=masking.scrub(words.strip())[:1000],
        at=at,
    )
    if score <= Rating.Score.BAD:
        limit = duties.Limit(Clock.Basis.STATUTORY, rules.CALL_BACK_WITHIN, Clock.Unit.WORKING_DAYS)
        steps.open_duty(case, "cases.call_back", [limit], at)

    steps.record(
        "cases.rated", case, by=by, at=at, score=score, unit=[case.lead_place, case.lead_department]
    )
    return rating


@transaction.atomic
def reopen(*, case: Case, reason: str, by: Actor, at: datetime) -> Case:
    """Not solved: the case goes back to the unit that answered, with the item's clocks anew."""
    case = steps.locked(case)
    rules.check_reopen(case, reason, by, at)

    Note.objects.create(case=case, at=at, by=by.account_id, text=masking.scrub(reason.strip()))
    duties.close_duties(about=steps.label(case), at=at, outcome="reopened")
    case.decision, case.closed_at, case.steps_done = "", None, 0
    steps.become(case, S.HANDLING, "decision", "closed_at", "steps_done")
    steps.await_answer(case, at)

    steps.record("cases.reopened", case, by=by, at=at)
    return case
