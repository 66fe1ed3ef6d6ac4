"""Communities that are merged, moved or split: who carries their agreements on."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import queries, rules
from ..models import Agreement
from ..rules.succeeding import SIGNED, UNSIGNED
from . import steps

Kind, State = Agreement.Kind, Agreement.State


@transaction.atomic
def follow_move(*, old: str, new: str, by: Actor, at: datetime) -> int:
    """What was signed goes on under the new code and says whose it was. What was not yet is
    negotiated by the new community, unless it has one of its own; then it is withdrawn.
    """
    found = list(queries.family(old).select_for_update())
    for agreement in found:
        if agreement.state in SIGNED:
            _carry(agreement, new)
        elif agreement.kind == Kind.PATTERN:
            _move_pattern(agreement, new)
        elif agreement.state in UNSIGNED:
            _negotiate_anew(agreement, new, by, at)
    if found:
        record("agreements.followed", about=f"places.Division:{old}", by=by, at=at, place=new,
               old=old, agreements=len(found))  # fmt: skip
    return len(found)


@transaction.atomic
def follow_split(*, old: str, by: Actor, at: datetime) -> int:
    """The sub-district is asked who carries on what was signed; the rest is withdrawn."""
    found = list(queries.family(old).select_for_update())
    for agreement in found:
        if agreement.state in SIGNED:
            steps.hand_over(agreement, at, "split")
        elif agreement.state in UNSIGNED:
            _withdraw(agreement, by, at)
    if found:
        record("agreements.followed", about=f"places.Division:{old}", by=by, at=at, place=old,
               old=old, agreements=len(found))  # fmt: skip
    return len(found)


@transaction.atomic
def carry_on(*, agreement: Agreement, place: str, by: Actor, at: datetime) -> Agreement:
    """By one of the communities into which its own was split, with its supplements."""
    agreement = steps.locked(agreement)
    rules.check_carry_on(agreement, place, queries.heirs(agreement, localdate(at)), by)
    for each in [agreement, *agreement.supplements.select_for_update().order_by("pk")]:
        if each.state in SIGNED:
            _carry(each, place)
            steps.hand_over(each, at, "carried_on")
    steps.record("carried_on", agreement, by, at, code=place)
    return agreement


@transaction.atomic
def end(*, agreement: Agreement, ends_on: date, by: Actor, at: datetime) -> Agreement:
    """A supplement that ends it on a day, once both have agreed and signed."""
    parent = steps.locked(agreement)
    rules.check_end(parent, ends_on, queries.being_ended(parent), localdate(at), by)
    own, assist = queries.in_force(parent)
    made = Agreement.objects.create(
        kind=Kind.SUPPLEMENT, parent=parent, year=parent.year, place=parent.place, own=own,
        number=f"{parent.number}-{parent.supplements.count() + 1}", assist=assist,
        ends_on=ends_on, made_at=at,
    )  # fmt: skip
    steps.record("supplemented", made, by, at, parent=parent.number, ends_on=ends_on.isoformat())
    return made


def _carry(agreement, new):
    agreement.former = agreement.former or agreement.place
    agreement.place = new
    agreement.save(update_fields=["place", "former"])


def _move_pattern(pattern, new):
    if not queries.taken(new, pattern):
        pattern.place = new
        pattern.save(update_fields=["place"])


def _negotiate_anew(agreement, new, by, at):
    if agreement.kind == Kind.YEARLY and queries.taken(new, agreement):
        _withdraw(agreement, by, at)
        return
    agreement.place = new
    agreement.signatures.filter(void_at=None).update(void_at=at)
    state = State.DRAFT if agreement.state == State.DRAFT else State.NEGOTIATED
    steps.become(agreement, state, "place", *steps.unfix(agreement))
    steps.hand_over(agreement, at, "moved")


def _withdraw(agreement, by, at):
    agreement.signatures.filter(void_at=None).update(void_at=at)
    steps.become(agreement, State.WITHDRAWN, *steps.unfix(agreement))
    steps.record("withdrawn", agreement, by, at)
    steps.hand_over(agreement, at, "withdrawn")
