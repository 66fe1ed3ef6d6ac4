"""An emergency: in force at once, filed within days, gone by itself, prolonged once."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.burden import commands as burden
from shanzhi.burden.models import Demand
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Department

from .. import steps
from ..kinds import Plan
from ..models import Bypass
from ..queries import demands as queries
from ..rules import demands as rules
from .drafting import complete


@transaction.atomic
def file_emergency(
    *, plan: Plan, event: str, approver: str, approved_on: date, by: Actor, at: datetime
) -> Bypass:
    """From the day of its approval, for so many days as the city allows (settings)."""
    rules.check_bypass(plan, event, approver, approved_on, by, localdate(at))
    Department.objects.select_for_update(no_key=True).get(pk=by.department)  # no two at once
    rules.check_not_filed(queries.filed(plan, event, approver, approved_on, by))
    demand = burden.admit(
        number=steps.number("emergency", at), origin=Demand.Origin.BYPASS,
        values=_values(plan, approved_on, by), fields=plan.fields, by=by, at=at,
    )  # fmt: skip
    bypass = Bypass.objects.create(
        demand=demand, event=event.strip(), approver=approver.strip(), approved_on=approved_on,
        filed_at=at,
    )  # fmt: skip
    record("gate.emergency_filed", about=label(demand), by=by, at=at, place=demand.place)
    return bypass


def _values(plan, first, by) -> Mapping[str, Any]:
    names = ("title", "category", "purpose", "basis", "cycle", "times", "minutes", "staff",
             "money", "medium")  # fmt: skip
    return {name: getattr(plan, name) for name in names} | {
        "place": by.place, "department": by.department, "payer": plan.payer or None,
        "scope": complete({"scope": plan.scope})["scope"], "plaque": "", "url": "",
        "valid_from": first, "valid_to": rules.last_day(first),
    }  # fmt: skip


@transaction.atomic
def prolong_emergency(*, bypass: Bypass, reason: str, by: Actor, at: datetime) -> Bypass:
    """Once, by the same number of days."""
    bypass = Bypass.objects.select_for_update().select_related("demand").get(pk=bypass.pk)
    rules.check_prolong(bypass, reason, by, localdate(at))
    until = rules.last_day(bypass.demand.valid_to + timedelta(days=1))
    burden.prolong(demand=bypass.demand, until=until, by=by, at=at)
    bypass.renewed_on, bypass.renewed_for = localdate(at), reason.strip()
    bypass.save(update_fields=["renewed_on", "renewed_for"])
    record("gate.emergency_prolonged", about=label(bypass.demand), by=by, at=at,
           place=bypass.demand.place)  # fmt: skip
    return bypass
