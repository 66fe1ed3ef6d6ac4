"""Whether a request is taken up: corrections, acceptance, its refusal, silence as acceptance."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.files import commands as files
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.work import duties

from .. import answers, kinds, rules, steps
from ..content import content, questions
from ..models import Case, Correction, Reply
from . import fillings

S = Case.State


@transaction.atomic
def ask_correction(*, case: Case, gaps: list[str], by: Actor, at: datetime) -> Case:
    """Tell the applicant, once and all together, what is missing."""
    case = steps.locked(case)
    rules.check_staff_step(case, S.CORRECTING, by)
    gaps = [gap.strip() for gap in gaps if gap.strip()]
    rules.check_gaps(case, gaps)

    Correction.objects.create(case=case, gaps=gaps, asked_at=at, asked_by=by.account_id)
    steps.become(case, S.CORRECTING)
    duties.close_duties(about=steps.label(case), kind="cases.accept", at=at, outcome="correction")

    steps.record("cases.correction_asked", case, by=by, at=at, gaps=len(gaps))
    return case


@transaction.atomic
def correct(
    *, case: Case, raw: dict[str, Any], own: Collection[str] = (), by: Actor, at: datetime
) -> Case:
    """The applicant (or the worker who typed for them) sends the form again, completed; `own` they
    answer themselves now, where the registry answered before.
    """
    case = steps.locked(case)
    rules.check_may_become(case, S.SUBMITTED)
    rules.check_may_correct(case, by)
    fields = questions(case.item)
    checked = answers.clean(fields, raw, today=localdate(at))

    fillings.give_up(case, own, checked, by, at)
    changed = content(case.item, fields, checked, location=case.location) | {"title": case.title}
    for name, value in changed.items():
        setattr(case, name, value)
    steps.become(case, S.SUBMITTED, *changed)
    case.corrections.filter(answered_at=None).update(answered_at=at)
    files.attach(
        files=answers.file_ids(fields, checked),
        owner=steps.label(case),
        by=by,
        at=at,
        place=case.place,
    )
    steps.await_acceptance(case, at)

    steps.record("cases.corrected", case, by=by, at=at)
    return case


@transaction.atomic
def accept(*, case: Case, by: Actor, at: datetime) -> Case:
    """Take the case up and start its clocks."""
    case = steps.locked(case)
    rules.check_staff_step(case, S.ACCEPTED, by)
    kinds.get(case.item.kind).check_accept(case, by=by)

    _take_up(case, accepted_at=at, at=at)

    steps.record("cases.accepted", case, by=by, at=at, unit=[case.lead_place, case.lead_department])
    return case


@transaction.atomic
def not_accept(*, case: Case, reason: str, text: str, remedy: str, by: Actor, at: datetime) -> Case:
    """Decline to take the case up, for a listed reason, in words, with where to object."""
    case = steps.locked(case)
    rules.check_staff_step(case, S.NOT_ACCEPTED, by)
    rules.check_not_accepted(reason, text, remedy)

    Reply.objects.create(
        case=case,
        kind=Reply.Kind.NOT_ACCEPTED,
        at=at,
        by=by.account_id,
        text=text,
        grounds=str(rules.NOT_ACCEPTED_FOR[reason]),
        remedy=remedy,
    )
    case.closed_at = at
    steps.become(case, S.NOT_ACCEPTED, "closed_at")
    duties.close_duties(about=steps.label(case), at=at, outcome="not_accepted")

    steps.record("cases.not_accepted", case, by=by, at=at, reason=reason)
    return case


@transaction.atomic
def accept_deemed(*, case: Case, by: Actor = SYSTEM, at: datetime) -> Case:
    """Nobody spoke within five working days: accepted as of its arrival (行政许可法 Art. 32)."""
    case = steps.locked(case)
    rules.check_may_become(case, S.ACCEPTED)
    rules.check_silent(case, at)

    case.deemed = True
    _take_up(case, accepted_at=rules.last_sent_at(case), at=at)

    steps.record(
        "cases.deemed_accepted", case, by=by, at=at, unit=[case.lead_place, case.lead_department]
    )
    return case


def _take_up(case, *, accepted_at, at):
    """Start the item's clocks. A first step that is the acceptance itself is done now."""
    duties.close_duties(about=steps.label(case), kind="cases.accept", at=at, outcome="accepted")
    case.steps_done = int(bool(case.item.steps and case.item.steps[0].get("accepts")))
    passed_on = case.steps_done and steps.go_to_step(case, at)
    steps.await_answer(case, accepted_at)
    case.accepted_at = accepted_at
    steps.become(
        case, S.HANDLING if passed_on else S.ACCEPTED, "accepted_at", "steps_done", "deemed"
    )
