"""What comes in through the gate, or is added by it to what is in force already."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from .. import queries, rules
from ..models import Asked, Decision, Demand, Verb
from ..rules.decisions import Wish
from .decisions import decided, locked, turn, written
from .demands import belongings, complete, element


@transaction.atomic
def admit(
    *, number: str, origin: str, values: Mapping[str, Any], fields: Sequence[str], by: Actor,
    at: datetime,
) -> Demand:  # fmt: skip
    """A demand that passed the gate, or an emergency; `values` by column of Demand."""
    found = complete(values, queries.communities())
    rules.check_admitted(found, fields)
    demand = Demand.objects.create(
        number=number, origin=origin, state_since=found["valid_from"], **found
    )
    belongings(demand, fields)
    record("burden.admitted", about=label(demand), by=by, at=at, place=demand.place,
           category=demand.category, origin=origin)  # fmt: skip
    return demand


@transaction.atomic
def widen(
    *, demand: Demand, fields: Sequence[str], minutes: int, wish: Wish, by: Actor, at: datetime
) -> Decision:
    """What was merged into it at the gate: further fields, and `minutes` more each time."""
    demand, _heir = locked(demand, None)
    rules.check_widen(demand, fields, minutes)
    before = written(demand)
    first = demand.fields.count()
    Asked.objects.bulk_create(
        Asked(demand=demand, position=position, name=name, element=element(name))
        for position, name in enumerate(fields, first)
    )
    demand.minutes += minutes
    turn(demand, wish.decided_on)
    demand.save(update_fields=["minutes"])
    return decided(demand, wish, before, by, at)


@transaction.atomic
def prolong(*, demand: Demand, until: date, by: Actor, at: datetime) -> Demand:
    """An emergency goes on until another last day."""
    demand, _heir = locked(demand, None)
    rules.check_prolong(demand, until)
    demand.valid_to = until
    demand.save(update_fields=["valid_to"])
    record("burden.prolonged", about=label(demand), by=by, at=at, place=demand.place,
           until=until.isoformat())  # fmt: skip
    return demand


def widening(reason: str, decided_on: date, decider: str, evidence: str) -> Wish:
    return Wish(
        verb=Verb.WIDEN, reason=reason, decided_on=decided_on, decider=decider, evidence=evidence
    )
