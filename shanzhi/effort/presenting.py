"""The measurement as its page shows it: rows of a plot, numbers written out, a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shanzhi.people.queries import departments as known_departments
from shanzhi.places import queries as divisions

from .kinds import HOURS, Quarter, Share
from .merging import Block
from .models import Group
from .queries.records import Estimate
from .queries.results import OfQuarter, Result

ARTICLE = 2 / 3  # of their time went into meetings, inspections and ledgers, said the reform
FEW = 12  # half-days; below it the page says how little they tell


@dataclass(frozen=True)
class Mark:
    """A point with its interval, in percent of the working time; `wide` of the drawn line."""

    share: float
    low: float
    high: float

    @property
    def x(self) -> float:
        return min(self.share, 100.0)

    @property
    def left(self) -> float:
        return min(self.low, 100.0)

    @property
    def wide(self) -> float:
        return max(min(self.high, 100.0) - self.left, 0.4)

    @property
    def text(self) -> str:
        return percent(self.share)

    @property
    def between(self) -> str:
        ends = percent(self.low), percent(self.high)
        if ends[0] == ends[1]:
            return ends[0]
        return _("%(low)s to %(high)s") % dict(zip(("low", "high"), ends, strict=True))


def percent(value: float) -> str:
    """Little is not nothing.

    >>> percent(41.6), percent(0.2), percent(0)
    ('42%', '<1%', '0%')
    """
    return "<1%" if 0 < value < 0.5 else f"{value:.0f}%"


@dataclass(frozen=True)
class Line:
    """One row of the plot and of the table."""

    title: str
    note: str
    diary: Mark | None
    records: Mark | None
    core: bool = False  # the three of the article together: it has a line to compare with
    href: str = ""


def mark(share: Share | None) -> Mark | None:
    return Mark(100 * share.share, 100 * share.low, 100 * share.high) if share else None


def groups(now: OfQuarter) -> list[Line]:
    """All groups in their order; the three of the article first."""
    return [
        Line(
            str(group.label), "",
            mark(now.diary.groups[group]) if now.diary else None,
            mark(now.records.share({group})) if now.records else None,
        )
        for group in Group
    ]  # fmt: skip


def core(now: OfQuarter) -> Line:
    return Line(
        _("Meetings, inspections and ledgers together"), "",
        mark(now.diary.core) if now.diary else None,
        mark(now.records.core) if now.records else None, True,
    )  # fmt: skip


def series(rows: Sequence[OfQuarter], place: str) -> list[Line]:
    """The three together, quarter by quarter."""
    return [
        Line(quarter(each.quarter), _merged_note(each, place), core(each).diary,
             core(each).records, True)
        for each in rows
    ]  # fmt: skip


def _merged_note(row, place):
    units = [each.unit for each in (row.records, row.diary) if each]
    return _("with neighbours") if any(unit != (place,) for unit in units) else ""


def below(result: Result, to_place: str) -> list[Line]:
    names = divisions.names(code for row in result.below for code in row.unit)
    return [
        Line(
            joined(row.unit, names),
            _("together, since one alone has fewer than five") if len(row.unit) > 1 else "",
            mark(row.diary.core) if row.diary else None, mark(row.records.core), True,
            f"{to_place}{row.unit[0]}" if len(row.unit) == 1 else "",
        )
        for row in result.below
    ]  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """A department by what it asks for: hours a week of one worker, and their share."""

    title: str
    hours: float
    share: float


def departments(found: Estimate | None) -> list[Asking]:
    """Those that ask for most first."""
    if not found or not found.worked:
        return []
    names = known_departments()
    rows = sorted(found.departments.items(), key=lambda each: (-each[1], each[0]))
    return [
        Asking(names.get(code, code), 5 * HOURS * minutes / found.worked,
               100 * minutes / found.worked)
        for code, minutes in rows if minutes
    ]  # fmt: skip


def joined(unit: Block, names: dict[str, str] | None = None) -> str:
    known = divisions.names(unit) if names is None else names
    return pgettext("between names", ", ").join(known.get(code, code) for code in unit)


def quarter(of: Quarter) -> str:
    return _("Q%(number)s %(year)s") % {
        "year": of.first.year, "number": (of.first.month + 2) // 3,
    }  # fmt: skip


def lines(result: Result) -> Iterable[Sequence[Any]]:
    """What the page shows, for a spreadsheet: one line a quarter, way of measuring and group."""
    yield [_("Quarter"), _("Measured by"), pgettext("division", "Place"), _("Group or department"),
           _("Share of the week (%)"), _("From (%)"), _("To (%)"), _("Half-days"),
           _("Workers"), _("Communities")]  # fmt: skip
    for row in result.series:
        for way, found in ((_("Diary"), row.diary), (_("Records"), row.records)):
            if found:
                yield from _of_quarter(row.quarter, way, found)
    for each in departments(result.now.records):
        yield [str(result.now.quarter), _("Records"), joined(result.now.records.unit), each.title,
               f"{each.share:.2f}", "", "", "", result.now.records.workers,
               result.now.records.communities]  # fmt: skip
    for row in result.below:
        for way, found in ((_("Diary"), row.diary), (_("Records"), row.records)):
            if found:
                yield _line(result.now.quarter, way, found, core(result.now).title, found.core)


def _of_quarter(of, way, found):
    for group in Group:
        share = found.groups[group] if hasattr(found, "groups") else found.share({group})
        yield _line(of, way, found, str(group.label), share)
    yield _line(of, way, found, _("Meetings, inspections and ledgers together"), found.core)


def _line(of, way, found, title, share):
    numbers = [f"{100 * each:.1f}" for each in (share.share, share.low, share.high)]
    people = [found.halves, found.drawn] if hasattr(found, "halves") else ["", found.workers]
    return [str(of), way, joined(found.unit), title, *numbers, *people, found.communities]
