"""Which days are working days: the published years, kept in process and read anew when they change.

A process asks the database for the number of the current edition at most every few seconds; a
changed number makes it read the calendar anew. So all processes agree within CHECK_EVERY, and a
duty counted by the old edition in that time is counted again by the recount (commands.recount).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db import connection

from .models import Day, Year

CHECK_EVERY = 5.0  # seconds

# What the law fixes by the solar calendar (全国年节及纪念日放假办法, 2024): New Year, Labour Day,
# National Day. The lunar feasts and the days moved around them are known only by the notice.
FIXED = frozenset([(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)])


@dataclass(frozen=True, eq=False)  # told apart by identity: what is counted by one is cached
class Calendar:
    edition: int
    years: frozenset[int]
    days: Mapping[date, bool]  # what differs from the week: True works, False rests

    @cached_property
    def known_until(self) -> date:
        """The last day of the unbroken run of published years."""
        if not self.years:
            return date.min
        year = min(self.years)
        while year + 1 in self.years:
            year += 1
        return date(year, 12, 31)

    def is_workday(self, day: date) -> bool:
        works = self.days.get(day)
        if works is not None:
            return works
        if day.year not in self.years and (day.month, day.day) in FIXED:
            return False
        return day.weekday() < 5

    def knows(self, day: date) -> bool:
        """Is `day` within the published years? A date beyond them is provisional."""
        return day <= self.known_until

    def with_year(self, year: int, days: Mapping[date, bool]) -> "Calendar":
        """What it would be if `year` were published so."""
        others = {day: works for day, works in self.days.items() if day.year != year}
        return replace(self, years=self.years | {year}, days={**others, **days})


_kept: tuple[Calendar, float] | None = None  # and when it was last found current


def calendar(at: datetime | None = None) -> Calendar:
    """As published by now, whatever moment of its past or future `at` asks about."""
    global _kept
    now = time.monotonic()
    kept = _kept
    if kept and now - kept[1] < CHECK_EVERY:
        return kept[0]
    edition = current_edition()
    if not kept or kept[0].edition != edition:
        kept = (_read(edition), now)
    _kept = (kept[0], now)
    return kept[0]


def forget() -> None:
    """Read anew at the next question: in the process that published, without waiting."""
    global _kept
    _kept = None


def current_edition() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM work_edition")
        return cursor.fetchone()[0]


def _read(edition: int) -> Calendar:
    return Calendar(
        edition,
        frozenset(Year.objects.values_list("year", flat=True)),
        dict(Day.objects.values_list("day", "works")),
    )
