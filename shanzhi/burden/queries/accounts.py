"""The burden account of a place: before and after, as numbers and hours.

Four queries whatever the size: communities, demands, spans, decisions. The rest is arithmetic over
the sorted codes of the communities (spreading.py).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from .. import spreading
from ..kinds import Size
from ..models import Decision, Demand, Span
from .demands import communities, demands

ENDED = ("stopped", "merged", "transferred", "exited")


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


def account(place: str, on: date, *, category: str = "") -> Account:
    """Of `place` on a day: states and sizes of that day, not today's."""
    known = communities()
    asked = demands(place).filter(valid_from__lte=on)
    if category:
        asked = asked.filter(category=category)
    spans, states = _spans(asked), _states(asked, on)
    columns = ("id", "category", "department_id", "place", "origin", "scope", "valid_to")
    rows = [
        _row(found, spans[found[0]], states.get(found[0]), known, place, on)
        for found in asked.order_by("number").values_list(*columns)
    ]
    part = spreading.piece(known, place)
    return Account(place, on, rows, known, part.stop - part.start)


def _spans(asked):
    found = defaultdict(list)
    columns = ("demand_id", "valid_from", "valid_to", "times", "minutes", "staff")
    rows = Span.objects.filter(demand__in=asked).order_by("demand_id", "pk")
    for pk, start, end, *size in rows.values_list(*columns):
        found[pk].append((start, end, Size(*size).yearly))
    return found


def _states(asked, on):
    """What the last decision up to the day made of each demand."""
    rows = Decision.objects.filter(demand__in=asked, decided_on__lte=on).order_by("pk")
    return {pk: after["state"] for pk, after in rows.values_list("demand_id", "after")}


def _row(found, spans, state, known, place, on):
    pk, category, department, issuer, origin, scope, valid_to = found
    state = state or Demand.State.IN_FORCE
    if state == Demand.State.IN_FORCE and valid_to and valid_to < on:
        state = Demand.State.EXITED
    now = [each for start, end, each in spans if start <= on and (end is None or on < end)]
    return Row(
        pk, category, department, issuer, origin, state, tuple(scope), spans[0][2],
        now[-1] if state == Demand.State.IN_FORCE else 0,
        spreading.within(known, scope, place),
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
