"""The whole answer for a place: by group, by quarter, and for the divisions below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from shanzhi.burden.queries import campaigns

from .. import merging
from ..kinds import Quarter
from ..merging import Block
from . import diary, records, standards, workers
from .diary import Diary, Found
from .records import Estimate, Records, Said, Stretch

QUARTERS = 6  # on the page


@dataclass(frozen=True)
class OfQuarter:
    """Either may be missing: nobody may be counted, too few may have answered."""

    quarter: Quarter
    records: Estimate | None
    diary: Found | None


@dataclass(frozen=True)
class Below:
    unit: Block
    records: Estimate
    diary: Found | None


@dataclass(frozen=True)
class Result:
    now: OfQuarter
    series: Sequence[OfQuarter]
    below: Sequence[Below]
    said: Said
    began_on: date | None  # from when the register of demands is known
    awaited: bool  # the diary of the quarter is not shown yet


def result(place: str, quarter: Quarter, today: date) -> Result:
    """Of the block in which `place` may be shown; some quarters up to `quarter`."""
    began_on = min((each.began_on for each in campaigns(place)), default=None)
    quarters = [each for each in _back(quarter) if _stretch(each, began_on, today)]
    stretches = {each: _stretch(each, began_on, today) for each in quarters}
    counted = dict(zip(quarters, workers.counts([each.until for each in stretches.values()]),
                       strict=True))  # fmt: skip
    answered = diary.respondents([each for each in _back(quarter) if diary.published(each, today)])
    read = _Reading(place, stretches, counted, answered, today)
    series = [read.of(each) for each in _back(quarter)]
    return Result(
        series[-1], [each for each in series if each.records or each.diary],
        read.below(quarter), read.records.said, began_on, not diary.published(quarter, today),
    )  # fmt: skip


def _back(quarter):
    found = [quarter]
    while len(found) < QUARTERS:
        found.insert(0, found[0].before)
    return found


def _stretch(quarter, began_on, today):
    """Days of the quarter that are over and known; None where there are none."""
    since = max(quarter.first, began_on) if began_on else quarter.first
    until = min(quarter.last, today)
    return Stretch(since, until) if since <= until else None


class _Reading:
    def __init__(self, place, stretches: Mapping[Quarter, Stretch], counted, answered, today):
        self.place, self.stretches = place, stretches
        self.counted, self.answered = counted, answered
        ends = [day for each in stretches.values() for day in (each.since, each.until)]
        whole = Stretch(min(ends, default=today), max(ends, default=today))
        self.records = Records(whole.since, whole.until, standards.rates(whole.until))
        self.units = {each: _shown(place, known) for each, known in counted.items()}
        self.found = {each: _shown(place, known) for each, known in answered.items()}
        self.diary = Diary({(place,), *self.found.values()}, answered)
        self.daily = {unit: records.done_daily(unit, whole)
                      for unit in set(self.units.values()) if unit}  # fmt: skip

    def of(self, quarter) -> OfQuarter:
        unit, found = self.units.get(quarter), self.found.get(quarter)
        return OfQuarter(
            quarter,
            self._estimate(unit, quarter) if unit else None,
            self.diary.found(found, quarter) if found else None,
        )

    def _estimate(self, unit, quarter):
        stretch = self.stretches[quarter]
        done = records.cut(self.daily[unit], stretch)
        return self.records.estimate(unit, stretch, self.counted[quarter], done)

    def below(self, quarter) -> list[Below]:
        """Where the place is shown by itself: its divisions, in blocks."""
        known, people = self.counted.get(quarter, {}), self.answered.get(quarter, {})
        if self.units.get(quarter) != (self.place,) or len(self.place) >= workers.COMMUNITY:
            return []
        stretch = self.stretches[quarter]
        done = records.done_below(self.place, stretch)
        alone = self.found.get(quarter) == (self.place,)
        return [
            Below(
                unit,
                self.records.estimate(unit, stretch, known, records.together(unit, done)),
                self.diary.found(unit, quarter)
                if alone and merging.whole(unit, self.place, people) else None,
            )
            for unit in merging.blocks(self.place, known)
        ]  # fmt: skip


def _shown(place, people):
    return merging.shown(place, people, settings.SHANZHI_CITY)
