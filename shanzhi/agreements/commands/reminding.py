"""What the calendar brings: both sides are asked to evaluate the year, and who owes is reminded."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel import workdays
from shanzhi.kernel.acting import Actor
from shanzhi.work.calendar import calendar

from .. import queries
from . import steps

AT_ONCE = 100  # agreements of one transaction


@transaction.atomic
def ask_evaluations(*, by: Actor, at: datetime) -> int:
    """From December on, both sides of what is in force, each once; how many agreements."""
    today = localdate(at)
    last = workdays.add_working_days(today, steps.evaluation_days(), calendar().is_workday)
    found = list(queries.unasked(today).select_for_update(skip_locked=True)[:AT_ONCE])
    for agreement in found:
        agreement.evaluate_by = last
        agreement.save(update_fields=["evaluate_by"])
        steps.hand_over(agreement, at, "asked")
        steps.record("evaluation_asked", agreement, by, at, day=last.isoformat())
    return len(found)


@transaction.atomic
def remind_payments(*, by: Actor, at: datetime) -> int:
    """The sub-district, on the day after a payment was due; how many agreements."""
    today = localdate(at)
    rows = queries.unreminded(today).select_for_update(skip_locked=True)
    found = list(rows[:AT_ONCE])
    for agreement in found:
        late = agreement.payments.filter(queries.overdue(today))
        many = late.filter(reminded_on=None).update(reminded_on=today)
        steps.hand_over(agreement, at, "reminded")
        steps.record("payment_overdue", agreement, by, at, payments=many)
    return len(found)
