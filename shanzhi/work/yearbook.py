"""A year of the calendar as twelve small months, to be looked at rather than read."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import dateformat

from .calendar import FIXED
from .models import Day, Edition, Year
from .rules import Notice, Rest


@dataclass(frozen=True)
class Cell:
    day: date
    kind: str  # "work", "weekend", "rest" (named by the notice), "makeup"
    name: str = ""
    today: bool = False


@dataclass(frozen=True)
class Month:
    first: date
    weeks: list[list[Cell | None]]  # Monday first; None pads

    @property
    def name(self) -> str:
        return dateformat.format(self.first, "F")

    @property
    def workdays(self) -> int:
        return sum(cell.kind in ("work", "makeup") for week in self.weeks for cell in week if cell)


@dataclass(frozen=True)
class Book:
    """`published` is None for a year whose notice is not entered."""

    year: int
    published: Year | None
    months: list[Month]
    notice: Notice
    unfinished: Edition | None = None  # due dates still follow this one

    @property
    def workdays(self) -> int:
        return sum(month.workdays for month in self.months)


def of(year: int, today: date) -> Book:
    """A published year, or what is fixed of one that is not."""
    published = Year.objects.filter(year=year).first()
    entered = notice(year)
    named = entered.days() if published else {date(year, *day): (False, "") for day in FIXED}
    unfinished = Edition.objects.filter(finished_at=None).order_by("-number").first()
    return Book(year, published, months(year, named, today), entered, unfinished)


def as_noticed(entered: Notice, today: date) -> Book:
    return Book(entered.year, None, months(entered.year, entered.days(), today), entered)


def notice(year: int) -> Notice:
    """What is entered for a year, as its notice said it; empty where nothing is."""
    rows = list(Day.objects.filter(day__year=year).order_by("day"))
    source = Year.objects.filter(year=year).values_list("source", flat=True).first() or ""
    resting = [row for row in rows if not row.works]
    rests = []
    # days in a row under one name: their distance to their place in the list is the same
    for (name, _distance), run in groupby(
        enumerate(resting), key=lambda each: (each[1].name, each[1].day.toordinal() - each[0])
    ):
        days = [row.day for _n, row in run]
        rests.append(Rest(name, days[0], days[-1]))
    return Notice(year, source, tuple(rests), tuple(row.day for row in rows if row.works))


def digest(entered: Notice) -> str:
    """Tells two notices apart: the one that was looked at and the one to be published."""
    return hashlib.sha256(repr(entered).encode()).hexdigest()[:16]


def months(year: int, named: Mapping[date, tuple[bool, str]], today: date) -> list[Month]:
    """`named` are the days a notice names: whether they work, and how they are called."""
    return [_month(date(year, month, 1), named, today) for month in range(1, 13)]


def _month(first: date, named: Mapping[date, tuple[bool, str]], today: date) -> Month:
    cells: list[Cell | None] = [None] * first.weekday()
    day = first
    while day.month == first.month:
        cells.append(Cell(day, *_kind(day, named), day == today))
        day += timedelta(days=1)
    cells += [None] * (-len(cells) % 7)
    return Month(first, [cells[n : n + 7] for n in range(0, len(cells), 7)])


def _kind(day: date, named: Mapping[date, tuple[bool, str]]) -> tuple[str, str]:
    if day not in named:
        return ("work" if day.weekday() < 5 else "weekend"), ""
    works, name = named[day]
    return ("makeup" if works else "rest"), name
