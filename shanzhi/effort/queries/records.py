"""The week as the platform's own records tell it: demands in force, calls, tasks done.

Sums of communities alone, over a stretch of days; of communities whose workers nobody has counted
neither the minutes nor the hours are taken.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import prod

from django.db.models import Q

from shanzhi.burden import spreading
from shanzhi.burden.models import Span
from shanzhi.gate.models import Call, Evaluation, Opinion
from shanzhi.journal import tallies
from shanzhi.kernel import places
from shanzhi.work.calendar import calendar

from ..intervals import quantile
from ..kinds import CORE, HOURS, LEAST, OF_CALL, OF_CATEGORY, TASKS, Rate, Share
from ..merging import Block
from ..models import Group

YEAR = 365
ASSUMED = (0.5, 2.0)  # of what departments declare, as long as too few communities have said
TAILS = (0.1, 0.9)


@dataclass(frozen=True)
class Said:
    """What communities say a demand takes, as a multiple of what its department declares."""

    low: float
    middle: float
    high: float
    statements: int
    communities: int

    @property
    def measured(self) -> bool:
        return self.communities >= LEAST


@dataclass(frozen=True)
class Stretch:
    since: date
    until: date

    @property
    def days(self) -> list[date]:
        many = (self.until - self.since).days + 1
        return [self.since + timedelta(days=number) for number in range(many)]


@dataclass(frozen=True)
class Estimate:
    """Of some communities in a stretch: minutes of each group beside those worked."""

    unit: Block
    stretch: Stretch
    workers: int
    communities: int
    worked: float  # minutes
    minutes: Mapping[str, tuple[float, float, float]]  # likely, least, most
    departments: Mapping[str, float]  # minutes that each asks for

    def share(self, groups: Collection[str]) -> Share:
        sums = (sum(self.minutes[each][side] for each in groups) for side in range(3))
        return Share(*(each / self.worked if self.worked else 0.0 for each in sums))

    @property
    def core(self) -> Share:
        return self.share(CORE)

    @property
    def total(self) -> Share:
        return self.share(Group.values)


class Records:
    """What is known of the city between two days, read once; the rest is arithmetic."""

    def __init__(self, since: date, until: date, rates: Sequence[Rate]):
        columns = ("demand_id", "demand__category", "demand__department_id", "demand__scope",
                   "demand__valid_to", "valid_from", "valid_to", "times", "minutes",
                   "staff")  # fmt: skip
        after = until + timedelta(days=1)
        spans = Span.objects.filter(Q(valid_to=None) | Q(valid_to__gt=since), valid_from__lt=after)
        self.spans = list(spans.order_by("pk").values_list(*columns))
        calls = Call.objects.filter(on__gte=since, on__lte=until, cancelled_at=None)
        self.calls = list(calls.order_by("pk").values_list(
            "demand_id", "kind", "department_id", "scope", "on", "minutes", "heads"))  # fmt: skip
        self.rates, self.said = rates, said()

    def estimate(
        self, unit: Block, stretch: Stretch, workers: Mapping[str, int], done: Mapping[str, int]
    ) -> Estimate:
        """`workers` by community, of the whole city; `done` tasks by kind, of the unit."""
        codes = sorted(code for code, number in workers.items()
                       if number and any(places.holds(each, code) for each in unit))  # fmt: skip
        worked = sum(map(calendar().is_workday, stretch.days)) * HOURS * 60
        people = sum(workers[code] for code in codes)
        minutes, departments = self._demanded(codes, stretch)
        for rate in self.rates:
            _add(minutes, rate.task.group, done.get(rate.task.code, 0),
                 (rate.minutes, rate.least, rate.most))  # fmt: skip
        return Estimate(unit, stretch, people, len(codes), worked * people, minutes, departments)

    def _demanded(self, codes, stretch):
        """A call that belongs to a demand is time of that demand: it is moved, not added."""
        minutes = dict.fromkeys(Group.values, (0.0, 0.0, 0.0))
        departments: Counter[str] = Counter()
        called: Counter[int] = Counter()
        for demand, kind, department, scope, on, each, heads in self.calls:
            if stretch.since <= on <= stretch.until:
                there = each * heads * _asked(codes, scope)
                called[demand] += there
                departments[department] += there
                _add(minutes, OF_CALL[kind], there, (1, 1, 1))
        for (demand, group, department), size in self._sizes(codes, stretch).items():
            sides = (1, min(1, self.said.low), max(1, self.said.high))
            left = [max(0.0, size * side - called[demand]) for side in sides]
            departments[department] += left[0]
            _add(minutes, group, 1, left)
        return minutes, departments

    def _sizes(self, codes, stretch):
        """Minutes in these communities of each demand, with its group and department."""
        sizes: defaultdict[tuple[int, Group, str], float] = defaultdict(float)
        for demand, category, department, scope, last, start, end, *size in self.spans:
            days = _days(start, end, last, stretch)
            if days and (there := _asked(codes, scope)):
                sizes[demand, OF_CATEGORY[category], department] += prod(size) * there * days / YEAR
        return sizes


def _add(minutes, group, many, sides):
    known = minutes[group]
    minutes[group] = tuple(old + many * new for old, new in zip(known, sides, strict=True))


def _asked(codes, scope):
    return spreading.within(codes, scope, "")


def _days(start, end, last, stretch):
    """How many days a span counts in the stretch; `end` is the first after, `last` is in."""
    ends = [stretch.until + timedelta(days=1)]
    ends += [end] if end else []
    ends += [last + timedelta(days=1)] if last else []
    return max(0, (min(ends) - max(start, stretch.since)).days)


def said() -> Said:
    """From hearings and evaluations: what each community said, beside what was declared."""
    heard = Opinion.objects.filter(minutes__gt=0, application__minutes__gt=0)
    judged = Evaluation.objects.filter(minutes__gt=0, review__demand__minutes__gt=0)
    rows = [
        *heard.values_list("community", "minutes", "application__minutes"),
        *judged.exclude(community="").values_list(
            "community", "minutes", "review__demand__minutes"
        ),
    ]
    communities = len({community for community, _minutes, _declared in rows})
    ratios = [minutes / declared for _community, minutes, declared in rows]
    if communities < LEAST:
        return Said(ASSUMED[0], 1.0, ASSUMED[1], len(rows), communities)
    low, middle, high = (quantile(ratios, at) for at in (TAILS[0], 0.5, TAILS[1]))
    return Said(low, middle, high, len(rows), communities)


def done_below(place: str, stretch: Stretch) -> dict[str, dict[str, int]]:
    """The same of each division right below a place."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for task in TASKS.values():
        rows = tallies.by_place(task.measure, place, since=stretch.since, until=stretch.until)
        for code, number in rows.items():
            found[code][task.code] = number
    return found


def done_daily(unit: Block, stretch: Stretch) -> dict[str, Counter[date]]:
    """By kind and day: what several quarters are cut from."""
    found = {}
    for task in TASKS.values():
        found[task.code] = Counter()
        for code in unit:
            found[task.code].update(
                tallies.by_day(task.measure, code, since=stretch.since, until=stretch.until)
            )
    return found


def cut(daily: Mapping[str, Mapping[date, int]], stretch: Stretch) -> dict[str, int]:
    return {
        kind: sum(number for day, number in days.items() if stretch.since <= day <= stretch.until)
        for kind, days in daily.items()
    }


def together(unit: Iterable[str], below: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """Tasks of several divisions."""
    found: Counter[str] = Counter()
    for code in unit:
        found.update(below.get(code, {}))
    return found
