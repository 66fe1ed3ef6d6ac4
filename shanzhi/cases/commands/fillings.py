"""What a new case takes from the registry, inside the command that submits it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor
from shanzhi.registry import commands as registry
from shanzhi.registry import fence, readlog
from shanzhi.registry import queries as registry_queries

from .. import filling
from ..filling import Filled
from ..models import Case, Filling

Answers = dict[str, Filled]


def take(request: Any, by: Actor, on: date) -> tuple[int | None, Answers, Answers]:
    """Of whom, what is filled at this moment, and what the sender answers against the registry."""
    item = request.item
    person_id = filling.person_of(item, request.person, by, on)
    filling.check_proof(item, person_id, request.proof, by)
    found = filling.known(item, person_id, by, on)
    filled = {key: each for key, each in found.items() if key not in request.own}
    return person_id, filled, {key: found[key] for key in found if key in request.own}


def keep(case: Case, person_id: int | None, filled: Answers, at: datetime) -> None:
    Filling.objects.bulk_create(
        Filling(
            case=case, key=key, element=each.element, source=each.source, person=person_id, at=at
        )
        for key, each in filled.items()
    )


def give_up(
    case: Case, own: Collection[str], answers: Mapping[str, Any], by: Actor, at: datetime
) -> None:
    """The applicant answers these after all: what differs is asked of the owner of the value."""
    held = filling.held(case, by)
    rows = {row.key: row for row in case.fillings.filter(key__in=[*own]) if row.key in held}
    changed = {key for key in rows if answers.get(key) != held[key].value}
    for key in sorted(changed):
        dispute(case, rows[key].person, {key: held[key]}, answers, by, at)
    case.fillings.filter(key__in=changed).delete()


def dispute(
    case: Case,
    person_id: int | None,
    disputed: Answers,
    answers: Mapping[str, Any],
    by: Actor,
    at: datetime,
) -> None:
    """A change request for every answer that differs; the case goes on with what was typed."""
    changed = {
        key: each for key, each in disputed.items()
        if answers.get(key) and answers[key] != each.value
    }  # fmt: skip
    if not changed or person_id is None:
        return
    with fence.within(by, persons=None if by.is_staff else [person_id]):
        person = registry_queries.person_of(person_id)
        if person is None:
            return
        for key, each in changed.items():
            _ask(case, person, each, answers[key], by, at)


def _ask(case, person, each, value, by, at):
    """Where it is being checked already, or may not be asked for, the case goes on all the same."""
    try:
        registry.ask_correction(
            person=person, element=each.element, value=str(value),
            reason=_("From the form “%(form)s”") % {"form": case.item.name}, case=case.number,
            by=by, at=at,
        )  # fmt: skip
    except Refused:
        return


def log(person_id: int | None, filled: Answers, purpose: str, by: Actor, at: datetime) -> None:
    """A worker who sees the values has read them, and a resident those of somebody else."""
    if person_id is None or not filled:
        return
    if by.is_staff or not registry_queries.speaks_for_self(
        by.account_id, person_id, on=localdate(at)
    ):
        readlog.note(
            by=by, persons=[person_id], elements=[each.element for each in filled.values()],
            purpose=purpose, through=readlog.Through.PAGE, at=at,
        )  # fmt: skip
