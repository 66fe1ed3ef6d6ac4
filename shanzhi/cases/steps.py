"""What several commands of a case share, inside their transactions."""

from datetime import datetime

from shanzhi.journal import commands as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties
from shanzhi.work.models import Clock

from . import addresses, kinds, routing, rules
from .models import Case, Involvement
from .routing import Unit


def record(verb: str, case: Case, *, by: Actor, at: datetime, **data) -> None:
    """The journal entry of a step of this case."""
    journal.record(
        verb, about=label(case), by=by, at=at, place=case.place, item=case.item.code, **data
    )


def locked(case: Case) -> Case:
    """The row as it is now, held until the end of the transaction."""
    return Case.objects.select_related("item").select_for_update(of=("self",)).get(pk=case.pk)


def become(case: Case, state: str, *fields: str) -> None:
    """Save the new state and the named fields of the locked row, and nothing else."""
    case.state = state
    case.save(update_fields=["state", *fields])


def duty_place(case: Case) -> str:
    """A community's case stands at its grid where known, so that its grid leader sees it."""
    at_its_community = case.lead_place == case.place[:12] and not case.lead_department
    return case.place if at_its_community else case.lead_place


def open_duty(case: Case, kind: str, limits: list[duties.Limit], at: datetime, **where):
    fields = duty_fields(case, kind) | where
    return duties.open_duty(about=label(case), at=at, limits=limits, **fields)


def duty_fields(case: Case, kind: str) -> dict[str, str]:
    """What a duty of this case shows, and whose it is."""
    return {
        "kind": kind,
        "title": case.title,
        "detail": second_line(case.title, case.item.name, case.location, case.words),
        "person": masking.name(case.name),
        "link": addresses.of("cases:case", case.number),
        "place": duty_place(case),
        "department": case.lead_department,
        "item": case.item.code,
        "scene": case.place,
    }


def second_line(title: str, item: str, location: str, words: str = "") -> str:
    """Below the title of a case: what it does not say itself."""
    words = words.strip().partition("\n")[0]
    words = "" if words.startswith(title[:10]) else words[:24]
    return " · ".join(filter(None, ["" if item == title else item, location, words]))


def await_acceptance(case: Case, at: datetime) -> None:
    """Someone must say accepted or not."""
    open_duty(case, "cases.accept", acceptance_limits(case), at)


def acceptance_limits(case: Case) -> list[duties.Limit]:
    """As the kind promises, and by law within five days."""
    promised = min(kinds.get(case.item.kind).reply_days, rules.ACCEPT_WITHIN)
    return [
        duties.Limit(Clock.Basis.PROMISED, promised, Clock.Unit.WORKING_DAYS),
        duties.Limit(Clock.Basis.STATUTORY, rules.ACCEPT_WITHIN, Clock.Unit.WORKING_DAYS),
    ]


def await_answer(case: Case, at: datetime) -> None:
    """Start the clocks of the item and show their end on the case."""
    item = case.item
    limits = [duties.Limit(Clock.Basis.PROMISED, item.promised_amount, item.promised_unit)]
    if item.statutory_amount:
        limits.append(
            duties.Limit(Clock.Basis.STATUTORY, item.statutory_amount, item.statutory_unit)
        )
    show_clocks(case, open_duty(case, "cases.answer", limits, at))


def show_clocks(case: Case, duty) -> None:
    """Copy the duty's due dates to the case, where the resident's pages read them."""
    due = {clock.basis: clock.due_at for clock in duty.clocks.all()}
    case.promised_due_at = due.get(Clock.Basis.PROMISED)
    case.statutory_due_at = due.get(Clock.Basis.STATUTORY)
    case.provisional = duty.provisional
    case.save(update_fields=["promised_due_at", "statutory_due_at", "provisional"])


def answer_duty(case: Case):
    return duties.open_one(about=label(case), kind="cases.answer")


def hand_to(case: Case, unit: Unit, at: datetime, task: str = "", admission: str = "") -> None:
    """Make `unit` the leading one; its predecessor keeps sight of the case through its row."""
    case.involvements.filter(leads=True, ended_at=None).update(ended_at=at)
    Involvement.objects.create(
        case=case, place=unit.place, department=unit.department, leads=True, task=task,
        admission=admission, began_at=at,
    )  # fmt: skip
    case.lead_place, case.lead_department = unit.place, unit.department
    case.save(update_fields=["lead_place", "lead_department"])


def end_all_help(case: Case, at: datetime) -> None:
    """The case is over: nobody need answer any more."""
    case.involvements.filter(leads=False, ended_at=None).update(ended_at=at)


def go_to_step(case: Case, at: datetime) -> bool:
    """To the unit of the step that is due now, if another one has it."""
    unit = routing.step_unit(case.item, case.steps_done, case.place)
    if unit is None or unit == Unit(case.lead_place, case.lead_department):
        return False
    hand_to(case, unit, at)
    move_duties(case, at)
    return True


def move_duties(case: Case, at: datetime) -> None:
    for duty in duties.open_all(about=label(case), kinds=("cases.accept", "cases.answer")):
        duties.hand_on(duty=duty, place=duty_place(case), department=case.lead_department, at=at)
