"""The burden account of a place: before and after, as numbers and hours.

Four queries whatever the size: communities, demands, spans, decisions. The rest is arithmetic over
the sorted codes of the communities (spreading.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import Q

from .. import spreading
from ..kinds import Size
from ..models import Campaign, Decision, Demand, Span
from .demands import communities, demands

ENDED = ("stopped", "merged", "transferred", "exited")


class Found(NamedTuple):
    """The columns of a demand that the account reads."""

    id: int
    category: str
    department: str
    issuer: str  # the division of the issuing unit
    origin: str
    scope: list[str]
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Row:
    """A demand as it touches one place: minutes a year there, when it began and on the day."""

    id: int
    category: str
    department: str
    issuer: str  # the division of the issuing unit
    origin: str
    state: str
    scope: tuple[str, ...]
    each_before: int  # minutes a year in one community
    each_now: int
    there: int  # communities of the place that are asked

    @property
    def before(self) -> int:
        return self.each_before * self.there

    @property
    def now(self) -> int:
        return self.each_now * self.there

    @property
    def counts(self) -> bool:
        return self.state == Demand.State.IN_FORCE


@dataclass
class Line:
    """A group of demands: in force = baseline − ended + admitted + bypass (see `adds_up`)."""

    baseline: int = 0
    admitted: int = 0
    bypass: int = 0
    in_force: int = 0
    ended: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ENDED, 0))
    minutes_before: int = 0
    minutes_now: int = 0

    def add(self, row: Row) -> None:
        setattr(self, row.origin, getattr(self, row.origin) + 1)
        if row.counts:
            self.in_force += 1
        else:
            self.ended[row.state] += 1
        if row.origin == Demand.Origin.BASELINE:
            self.minutes_before += row.before
        self.minutes_now += row.now

    @property
    def adds_up(self) -> bool:
        asked = self.baseline + self.admitted + self.bypass
        return self.in_force == asked - sum(self.ended.values())

    @property
    def hours_before(self) -> float:
        return self.minutes_before / 60

    @property
    def hours_now(self) -> float:
        return self.minutes_now / 60


@dataclass(frozen=True)
class Account:
    place: str
    on: date
    rows: Sequence[Row]
    communities: Sequence[str]  # of the city, sorted
    there: int  # communities of the place

    def total(self) -> Line:
        return lines(self.rows, lambda row: "")[""] if self.rows else Line()


def account(place: str, on: date, campaigns: Sequence[Campaign] | None = None) -> Account:
    """Of `place` on a day: states and sizes of that day, not today's. Of some clean-ups alone:
    what they found, and what came through the gate."""
    return accounts(place, [on], campaigns)[0]


def accounts(
    place: str, days: Sequence[date], campaigns: Sequence[Campaign] | None = None
) -> list[Account]:
    """The same of several days, read once."""
    known, asked = communities(), demands(place)
    if campaigns is not None:
        asked = asked.filter(Q(campaign__in=campaigns) | ~Q(origin=Demand.Origin.BASELINE))
    part = spreading.piece(known, place)
    spans, decided = _spans(asked), _decided(asked)
    columns = ("id", "category", "department_id", "place", "origin", "scope", "valid_from",
               "valid_to")  # fmt: skip
    found = [
        (Found(*row), spreading.within(known, row[5], place))
        for row in asked.order_by("number").values_list(*columns)
    ]
    return [
        Account(
            place, on,
            [_row(each, there, spans[each.id], decided[each.id], on)
             for each, there in found if each.valid_from <= on],
            known, part.stop - part.start,
        )
        for on in days
    ]  # fmt: skip


def _spans(asked):
    found = defaultdict(list)
    columns = ("demand_id", "valid_from", "valid_to", "times", "minutes", "staff")
    rows = Span.objects.filter(demand__in=asked).order_by("demand_id", "pk")
    for pk, start, end, *size in rows.values_list(*columns):
        found[pk].append((start, end, Size(*size).yearly))
    return found


def _decided(asked):
    """Of each demand: from which day it was in which state, in the order of the decisions."""
    found = defaultdict(list)
    rows = Decision.objects.filter(demand__in=asked).order_by("pk")
    for pk, day, after in rows.values_list("demand_id", "decided_on", "after"):
        found[pk].append((day, after["state"]))
    return found


def _row(found, there, spans, decided, on):
    state = next((state for day, state in reversed(decided) if day <= on), Demand.State.IN_FORCE)
    if state == Demand.State.IN_FORCE and found.valid_to and found.valid_to < on:
        state = Demand.State.EXITED
    now = [each for start, end, each in spans if start <= on and (end is None or on < end)]
    return Row(
        found.id, found.category, found.department, found.issuer, found.origin, state,
        tuple(found.scope), spans[0][2],
        now[-1] if state == Demand.State.IN_FORCE else 0, there,
    )  # fmt: skip


def lines(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for row in rows:
        found.setdefault(key(row), Line()).add(row)
    return found


def loads_below(account: Account, codes: Sequence[str]) -> dict[str, tuple[float, float, float]]:
    """For each place: demands of an average community, and its hours a year before and now."""
    now = [(row.scope, row.each_now) for row in account.rows if row.counts]
    before = [(row.scope, row.each_before) for row in account.rows
              if row.origin == Demand.Origin.BASELINE]  # fmt: skip
    numbers, minutes_now = spreading.loads(account.communities, now)
    _numbers, minutes_before = spreading.loads(account.communities, before)
    found = {}
    for code in codes:
        part = spreading.piece(account.communities, code)
        if many := part.stop - part.start:
            found[code] = tuple(
                sum(column[part]) / many / unit
                for column, unit in ((numbers, 1), (minutes_before, 60), (minutes_now, 60))
            )
    return found
