"""Counting time limits. Pure functions; which days are working days is passed in.

A day of a limit is spent at its end of day (17:30, local time), if the clock runs at that moment.
From this one sentence follows the rest: the day on which a limit starts is not counted, a stretch
in which the clock stands still costs as many days as it covers ends of day, and a pause that is
over before the day ends costs nothing. The law behind it: limits are counted in working days
(行政许可法 Art. 82), and hearings, tests, expert reviews and the like are not counted (Art. 45).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localdate, make_aware

END_OF_DAY = time(17, 30)
DAY = timedelta(days=1)

IsWorkday = Callable[[date], bool]
Stretch = tuple[datetime, datetime]  # a pause that is over: half open, [began, ended)


def end_of_day(day: date) -> datetime:
    return make_aware(datetime.combine(day, END_OF_DAY))


def add_working_days(start: date, days: int, is_workday: IsWorkday) -> date:
    """The `days`-th working day after `start`, which is not counted itself."""
    day = start
    while days > 0:
        day += DAY
        days -= is_workday(day)
    return day


def years_before(day: date, years: int) -> date:
    """The same day so many years before; of 29 February, the 28th where there is none. Who was
    born then or earlier is at least so old on `day`.
    """
    year = max(day.year - years, 1)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def last_workday_before(day: date, is_workday: IsWorkday) -> date:
    day -= DAY
    while not is_workday(day):
        day -= DAY
    return day


def working_days_between(start: date, end: date, is_workday: IsWorkday) -> int:
    """Working days after `start` up to and with `end`; negative where `end` is before `start`."""
    if end < start:
        return -working_days_between(end, start, is_workday)
    return sum(is_workday(start + n * DAY) for n in range(1, (end - start).days + 1))


def due(
    start: datetime,
    amount: int,
    unit: str,
    is_workday: IsWorkday,
    pauses: Iterable[Stretch] = (),
) -> datetime:
    """When `amount` of `unit` ("working_days", "calendar_days", "hours") after `start` is over.

    An amount of 0 days means the same day: the first end of day from `start` on.
    """
    pauses = sorted(pauses)
    if unit == "hours":
        return after(start, timedelta(hours=amount), pauses)
    if unit not in ("working_days", "calendar_days"):
        raise ValueError(f"unknown unit {unit!r}")

    day = localdate(start)
    if amount > 0 or end_of_day(day) < start:
        day += DAY
    left = max(amount, 1)
    while True:
        counts = unit == "calendar_days" or is_workday(day)
        left -= counts and not _stands_still(end_of_day(day), pauses)
        if left == 0:
            return end_of_day(day)
        day += DAY


def after(start: datetime, span: timedelta, pauses: Iterable[Stretch] = ()) -> datetime:
    """When a clock started at `start` has run for `span`; it stands still in `pauses`."""
    at = start
    for began, ended in sorted(pauses):
        if at + span <= began:
            break
        span -= max(began - at, timedelta(0))
        at = max(at, ended)
    return at + span


def _stands_still(at: datetime, pauses: Iterable[Stretch]) -> bool:
    return any(began <= at < ended for began, ended in pauses)
