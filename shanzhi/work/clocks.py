"""From limits, pauses and a calendar to the moments at which a duty turns. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import ceil

from django.utils.timezone import localdate, make_aware

from shanzhi.kernel import workdays
from shanzhi.kernel.workdays import DAY, Stretch

from .calendar import Calendar
from .models import Duty
from .rules import THRESHOLDS, Thresholds

Mark = Duty.Mark


@dataclass(frozen=True)
class Running:
    """A limit with the moment it started."""

    basis: str
    amount: int
    unit: str
    started_at: datetime


@dataclass(frozen=True)
class Counted:
    dues: tuple[datetime, ...]  # of the limits, in their order
    provisionals: tuple[bool, ...]
    due_at: datetime
    provisional: bool
    blue_at: datetime
    yellow_at: datetime
    red_at: datetime


def count(
    limits: Sequence[Running],
    calendar: Calendar,
    pauses: Iterable[Stretch] = (),
    thresholds: Thresholds = THRESHOLDS,
) -> Counted:
    """A step's limit is one part of the way: late, it turns the duty yellow; the whole, red."""
    if not limits:
        raise ValueError("a duty has at least one limit")
    pauses = tuple(pauses)
    dues = tuple(_due(limit, limit.amount, calendar, pauses) for limit in limits)
    provisionals = tuple(
        limit.unit != "hours" and not calendar.knows(localdate(due))
        for limit, due in zip(limits, dues, strict=True)
    )
    due_at = min(dues)
    of_whole = [n for n, limit in enumerate(limits) if limit.basis != "step"] or range(len(dues))
    whole = min(of_whole, key=lambda n: dues[n])
    blue_at, yellow_at = _half_and_nearly(limits[whole], dues[whole], calendar, pauses, thresholds)
    return Counted(
        dues,
        provisionals,
        due_at,
        provisionals[dues.index(due_at)],
        blue_at,
        min(yellow_at, due_at),
        dues[whole],
    )


def mark_of(duty: Duty, at: datetime) -> str:
    """The highest mark whose moment has come."""
    moments = {Mark.RED: duty.red_at, Mark.YELLOW: duty.yellow_at, Mark.BLUE: duty.blue_at}
    return next((mark for mark, moment in moments.items() if moment <= at), Mark.NONE)


def next_turn(duty: Duty) -> datetime | None:
    """The moment of the next mark above the one it has. The sweep's SQL says the same."""
    if duty.mark == Mark.RED:
        return None
    if duty.mark == Mark.YELLOW:
        return duty.red_at
    if duty.mark == Mark.BLUE:
        return min(duty.yellow_at, duty.red_at)
    return min(duty.blue_at, duty.yellow_at, duty.red_at)


def _due(limit: Running, amount: int, calendar: Calendar, pauses: tuple) -> datetime:
    if pauses or limit.unit == "hours" or amount == 0:
        return workdays.due(limit.started_at, amount, limit.unit, calendar.is_workday, pauses)
    return _due_of_day(calendar, localdate(limit.started_at), amount, limit.unit)


@lru_cache(maxsize=4096)  # a city opens thousands of duties a day, of a few dozen lengths
def _due_of_day(calendar: Calendar, day: date, amount: int, unit: str) -> datetime:
    return workdays.due(workdays.end_of_day(day), amount, unit, calendar.is_workday)


def _half_and_nearly(
    limit: Running, due_at: datetime, calendar: Calendar, pauses: tuple, at: Thresholds
) -> tuple[datetime, datetime]:
    if limit.unit == "hours":
        whole = timedelta(hours=limit.amount)
        return (
            workdays.after(limit.started_at, whole * at.blue_share, pauses),
            workdays.after(limit.started_at, whole * at.yellow_share_of_hours, pauses),
        )
    half = _due(limit, ceil(limit.amount * at.blue_share), calendar, pauses)
    opened_after = localdate(limit.started_at) + DAY  # not yellow on the day it was opened
    nearly = _days_before(calendar, localdate(due_at), at.yellow_days, opened_after)
    return half, nearly


@lru_cache(maxsize=4096)
def _days_before(calendar: Calendar, day: date, days: int, earliest: date) -> datetime:
    for _ in range(days):
        day = workdays.last_workday_before(day, calendar.is_workday)
    return make_aware(datetime.combine(max(day, earliest), time.min))
