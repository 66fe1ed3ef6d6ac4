"""A person moves from one community of the city to another: asked by the new one, answered by the
old one, or done by itself when the old one stays silent.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal import commands as journal
from shanzhi.kernel import Refused, crypto
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import queries as divisions
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import rules, spelling, steps
from ..models import Dwelling, Person, Presence, Transfer
from ..queries import conflicts

DUTY = "registry.transfer"
State = Transfer.State


@transaction.atomic
def ask_transfer(
    *,
    identity: str,
    name: str,
    dwelling: Dwelling | None,
    place: str = "",
    since: date,
    note: str = "",
    by: Actor,
    at: datetime,
) -> Transfer:
    """Whoever lives nowhere by the registry (moved away, came back) is entered at once."""
    to_place = dwelling.place if dwelling else place
    rules.conflicts.check_ask_transfer(by, to_place, since, localdate(at))
    number, name = spelling.identity(identity, "", today=localdate(at)), spelling.name(name)
    found = conflicts.matching(crypto.keyed_hash(number, kind="identity"), name)
    rules.conflicts.check_match(found, to_place)
    person_id, from_place = found[0]

    transfer = Transfer(
        person_id=person_id, name=name, from_place=from_place, to_place=to_place,
        dwelling=dwelling, since=since, note=note.strip()[:200], asked_at=at, due_at=at,
        asked_by=by.account_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError:  # by a community whose request the fence hides
        raise Refused(_("Another community has asked for this person already.")) from None
    _record("registry.transfer_asked", transfer, by, at, transfer.to_place)
    if from_place:
        transfer.due_at = _open_duty(transfer, at)
        transfer.save(update_fields=["due_at"])
    else:
        _do(transfer, by, at)
    return transfer


@transaction.atomic
def confirm_transfer(*, transfer: Transfer, by: Actor, at: datetime) -> Transfer:
    transfer = _locked(transfer)
    rules.conflicts.check_answer(by, transfer, State.DONE)
    _do(transfer, by, at)
    return transfer


@transaction.atomic
def object_transfer(*, transfer: Transfer, objection: str, by: Actor, at: datetime) -> Transfer:
    """The person still lives with the old community; it says why."""
    transfer = _locked(transfer)
    rules.conflicts.check_answer(by, transfer, State.OBJECTED)
    rules.conflicts.check_objection(objection)
    transfer.objection = objection.strip()[:200]
    transfer.save(update_fields=["objection"])
    _end(transfer, State.OBJECTED, by, at)
    _record("registry.transfer_objected", transfer, by, at, transfer.from_place)
    return transfer


@transaction.atomic
def withdraw_transfer(*, transfer: Transfer, by: Actor, at: datetime) -> Transfer:
    transfer = _locked(transfer)
    rules.conflicts.check_answer(by, transfer, State.WITHDRAWN)
    _end(transfer, State.WITHDRAWN, by, at)
    _record("registry.transfer_withdrawn", transfer, by, at, transfer.to_place)
    return transfer


@transaction.atomic
def transfer_silent(*, by: Actor, at: datetime, most: int = 200) -> int:
    """Do what the old community did not answer in time."""
    due = Transfer.objects.filter(state=State.ASKED, due_at__lte=at).order_by("due_at", "pk")
    found = list(due.select_for_update(skip_locked=True)[:most])
    for transfer in found:
        _do(transfer, by, at)
    return len(found)


def _locked(transfer):
    return Transfer.objects.select_for_update().get(pk=transfer.pk)


def _do(transfer, by, at):
    """Out of the old home and household, into the new one; written over the fence."""
    person = Person(pk=transfer.person_id)
    steps.leave_household(person, transfer.since)
    steps.leave(person, transfer.since, Presence.Kind.LIVING)
    steps.enter(
        person, Presence.Kind.LIVING, transfer.to_place,
        dwelling_id=transfer.dwelling_id, since=transfer.since,
    )  # fmt: skip
    if not transfer.from_place:  # nobody saw the person before
        person = steps.locked(person)
        if person.state == Person.State.GONE:
            steps.set_state(person, Person.State.ALIVE, transfer.since, at)
    _end(transfer, State.DONE, by, at)
    _record("registry.transferred", transfer, by, at, transfer.to_place, silent=by == SYSTEM)


def _end(transfer, state, by, at):
    transfer.state, transfer.ended_at, transfer.ended_by = state, at, by.account_id
    transfer.save(update_fields=["state", "ended_at", "ended_by"])
    duties.close_duties(about=_label(transfer), at=at, outcome=str(state))


def _open_duty(transfer, at):
    """The duty of the old community; its end is the transfer's."""
    days = rules.conflicts.transfer_days()
    limit = duties.Limit(Clock.Basis.PROMISED, days, Clock.Unit.WORKING_DAYS)
    duty = duties.open_duty(
        kind=DUTY, about=_label(transfer), place=transfer.from_place,
        title=divisions.name(transfer.to_place[:12]),
        link=reverse("registry:transfer", args=[transfer.pk]), at=at, limits=[limit],
    )  # fmt: skip
    return duty.due_at


def _label(transfer):
    return f"registry.Transfer:{transfer.pk}"


def _record(verb, transfer, by, at, place, **data):
    journal.record(verb, about=_label(transfer), by=by, at=at, place=place,
                   person=transfer.person_id, **data)  # fmt: skip
