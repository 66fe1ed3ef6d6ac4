"""Meetings and inspections are announced, and cancelled with a reason."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.burden.models import Demand
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Department

from .. import rules, steps
from ..models import Call
from ..queries.calls import held
from ..rules.calls import check_call, check_cancel
from .drafting import complete


@transaction.atomic
def announce(*, values: Mapping[str, Any], demand: Demand | None, by: Actor, at: datetime) -> Call:
    """`values`: kind, title, scope, on, begins, minutes, heads, where.

    Announcements of one department come one after the other: two at once do not pass one cap.
    """
    Department.objects.select_for_update().filter(pk=by.department).first()
    demand = Demand.objects.select_for_update().get(pk=demand.pk) if demand else None
    values = complete(values)
    number = held(values["kind"], by.place, by.department, values["on"].year)
    check_call(values, demand, number, by, localdate(at))
    call = Call.objects.create(
        number=steps.number("call", at), place=by.place, department_id=by.department,
        demand=demand, announced_at=at, **values,
    )  # fmt: skip
    record("gate.call_announced", about=label(call), by=by, at=at, place=by.place, kind=call.kind)
    return call


@transaction.atomic
def cancel(*, call: Call, reason: str, by: Actor, at: datetime) -> Call:
    call = Call.objects.select_for_update().get(pk=call.pk)
    check_cancel(call, by, localdate(at))
    rules.check_reason(reason)
    call.cancelled_at, call.cancelled_for = at, reason.strip()
    call.save(update_fields=["cancelled_at", "cancelled_for"])
    record("gate.call_cancelled", about=label(call), by=by, at=at, place=call.place)
    return call
