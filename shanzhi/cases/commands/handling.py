"""Between acceptance and answer: who works on it, who helps, when the clock stands still."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.gate.commands import give_back
from shanzhi.gate.models import Return
from shanzhi.journal import commands as journal
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import queries, rules, steps
from ..models import Case, Involvement
from ..routing import Unit

S = Case.State


@transaction.atomic
def start(*, case: Case, by: Actor, at: datetime) -> Case:
    """Take the case in hand: it is on the way, and this post works on it."""
    case = steps.locked(case)
    rules.check_staff_step(case, S.HANDLING, by)

    steps.become(case, S.HANDLING)
    duties.assign(duty=steps.answer_duty(case), account=by.account_id)

    steps.record("cases.started", case, by=by, at=at)
    return case


@transaction.atomic
def finish_step(*, case: Case, step: int, by: Actor, at: datetime) -> Case:
    """Tick off a step of the item; the case goes to the unit of the next one."""
    case = steps.locked(case)
    rules.check_in_hand(case, by)
    rules.check_step(case, step)

    case.steps_done = step + 1
    steps.go_to_step(case, at)
    steps.become(case, S.HANDLING, "steps_done")

    unit = [case.lead_place, case.lead_department]
    steps.record("cases.step_finished", case, by=by, at=at, step=step, unit=unit)
    return case


@transaction.atomic
def transfer(
    *, case: Case, to: Unit, reason: str, by: Actor, at: datetime, number: str = ""
) -> Case:
    """Pass the case to another unit; its clocks run on. `number` is that of the gate."""
    case = steps.locked(case)
    rules.check_may_transfer(case, by)
    rules.check_unit(to, case, settings.SHANZHI_CITY)
    rules.check_admission(to, number, by, localdate(at))
    rules.check_reason(reason)

    _pass(case, to, reason, at, number)

    steps.record("cases.transferred", case, by=by, at=at, unit=[to.place, to.department])
    return case


@transaction.atomic
def pass_up(*, case: Case, reason: str, by: Actor, at: datetime) -> Case:
    """Not on the community's two lists: back to the sub-district, whose clock runs on.

    The resident is not refused: somebody above the community owes the answer.
    """
    case = steps.locked(case)
    rules.check_may_transfer(case, by)
    rules.check_is_community(case)
    rules.check_reason(reason)

    above = Unit(case.place[:9])
    _pass(case, above, reason, at)

    steps.record("cases.passed_up", case, by=by, at=at, unit=[above.place, ""])
    return case


@transaction.atomic
def send_back(*, case: Case, by: Actor, at: datetime) -> Case:
    """What came down under a number that no longer holds: back to its department, by letter."""
    case = steps.locked(case)
    rules.check_may_transfer(case, by)
    sent, department = queries.sender(case)
    rules.check_unlisted(sent, case, localdate(at))
    give_back(
        place=department.place, department=department.department, way=Return.Way.PLATFORM,
        what=f"{case.number} {case.title}"[:300], entry=None, by=by, at=at, about=steps.label(case),
    )  # fmt: skip
    _pass(case, department, _("Not on the list"), at)
    steps.record("cases.sent_back", case, by=by, at=at,
                 unit=[department.place, department.department])  # fmt: skip
    return case


def _pass(case, to, reason, at, number=""):
    steps.hand_to(case, to, at, task=masking.scrub(reason.strip())[:300], admission=number)
    steps.move_duties(case, at)


@transaction.atomic
def ask_help(
    *, case: Case, unit: Unit, task: str, days: int, by: Actor, at: datetime, number: str = ""
) -> Involvement:
    """Ask another unit to do a part within `days` working days; the case stays here."""
    case = steps.locked(case)
    rules.check_helper(case, unit, task, by, settings.SHANZHI_CITY)
    rules.check_admission(unit, number, by, localdate(at))

    helper = Involvement.objects.create(
        case=case,
        place=unit.place,
        department=unit.department,
        leads=False,
        task=task.strip(),
        admission=number.strip(),
        began_at=at,
    )
    steps.open_duty(
        case,
        "cases.help",
        [duties.Limit(Clock.Basis.STEP, days, Clock.Unit.WORKING_DAYS)],
        at,
        place=unit.place,
        department=unit.department,
    )

    steps.record("cases.help_asked", case, by=by, at=at, unit=[unit.place, unit.department])
    return helper


@transaction.atomic
def answer_help(*, helper: Involvement, opinion: str, by: Actor, at: datetime) -> Involvement:
    """The helping unit says what it did or found."""
    case = steps.locked(helper.case)
    helper = Involvement.objects.select_for_update().get(pk=helper.pk)
    rules.check_helps(helper, by)
    rules.check_opinion(opinion)

    _end_help(case, helper, at, "answered", opinion=opinion.strip())

    steps.record("cases.help_answered", case, by=by, at=at, unit=[helper.place, helper.department])
    return helper


@transaction.atomic
def release_helper(*, helper: Involvement, by: Actor, at: datetime) -> Involvement:
    """The leading unit no longer waits for this help."""
    case = steps.locked(helper.case)
    helper = Involvement.objects.select_for_update().get(pk=helper.pk)
    rules.check_in_hand(case, by)
    rules.check_still_helps(helper)

    _end_help(case, helper, at, "released")

    steps.record(
        "cases.helper_released", case, by=by, at=at, unit=[helper.place, helper.department]
    )
    return helper


def _end_help(case, helper, at, outcome, opinion=""):
    helper.ended_at, helper.opinion = at, opinion
    helper.save(update_fields=["ended_at", "opinion"])
    for duty in duties.open_all(about=steps.label(case), kinds=("cases.help",)):
        if (duty.place, duty.department) == (helper.place, helper.department):
            duties.close(duty=duty, at=at, outcome=outcome)


@transaction.atomic
def suspend(*, case: Case, reason: str, document: str, by: Actor, at: datetime) -> Case:
    """Stop the clock for a listed reason, on paper."""
    case = steps.locked(case)
    rules.check_staff_step(case, S.SUSPENDED, by)
    rules.check_pause(reason, document)

    duties.pause(duty=steps.answer_duty(case), reason=reason, document=document.strip(), at=at)
    steps.become(case, S.SUSPENDED)

    steps.record("cases.suspended", case, by=by, at=at, reason=reason)
    return case


@transaction.atomic
def resume(*, case: Case, by: Actor, at: datetime) -> Case:
    """Let the clock run on; the time it stood still is not counted."""
    case = steps.locked(case)
    rules.check_resume(case, by)

    duty = duties.resume(duty=steps.answer_duty(case), at=at)
    steps.show_clocks(case, duty)
    steps.become(case, S.HANDLING)

    steps.record("cases.resumed", case, by=by, at=at)
    return case


@transaction.atomic
def extend(*, case: Case, days: int, reason: str, by: Actor, at: datetime) -> Case:
    """Lengthen both limits once by up to ten working days; approved by the level above."""
    case = steps.locked(case)
    rules.check_extension(case, days, reason, by, case.extended_reason != "")

    duty = duties.extend(duty=steps.answer_duty(case), days=days, at=at)
    steps.show_clocks(case, duty)
    case.extended_reason = reason.strip()
    case.save(update_fields=["extended_reason"])

    steps.record("cases.extended", case, by=by, at=at, days=days)
    return case


@transaction.atomic
def follow_move(*, old: str, new: str, by: Actor, at: datetime) -> int:
    """A place goes on under another code: whoever leads or helps there does so at the new one.

    Where a case is about stays as it was written; the new code's posts see it as predecessors'.
    """
    led = Case.objects.select_for_update().filter(lead_place=old, state__in=rules.OPEN)
    keys = list(led.order_by("pk").values_list("pk", flat=True))
    Case.objects.filter(pk__in=keys).update(lead_place=new)
    Involvement.objects.filter(place=old, ended_at=None).update(place=new)
    if keys:
        journal.record(
            "cases.moved", about=f"places.Division:{old}", by=by, at=at, place=new,
            old=old, cases=len(keys),
        )  # fmt: skip
    return len(keys)
