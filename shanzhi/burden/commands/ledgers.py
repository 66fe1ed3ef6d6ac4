"""What replaces a ledger."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from ..kinds import Substitute
from ..models import Demand, Replacement
from ..rules import ledgers as rules
from .decisions import locked


@transaction.atomic
def replace_ledger(*, demand: Demand, what: Substitute, by: Actor, at: datetime) -> Replacement:
    """Where its data is from now on; a later answer replaces an earlier one."""
    demand, heir = locked(demand, what.heir)
    what = Substitute(**{**vars(what), "heir": heir})
    rules.check_replace(demand, by, what)
    kinds = Replacement.Kind
    row, _created = Replacement.objects.update_or_create(
        demand=demand,
        defaults={
            "kind": what.kind,
            "page": what.page if what.kind == kinds.PAGE else "",
            "elements": list(what.elements) if what.kind == kinds.ELEMENTS else [],
            "heir": heir if what.kind == kinds.DEMAND else None,
            "reason": what.reason.strip(),
            "decided_on": localdate(at),
            "unit": unit_name(by.place, by.department) if by.place else "",
        },
    )
    record("burden.ledger_replaced", about=label(demand), by=by, at=at, place=demand.place,
           chosen=what.kind)  # fmt: skip
    return row
