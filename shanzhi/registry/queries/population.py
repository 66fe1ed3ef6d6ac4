"""Population pyramids: who is present in a place, in five-year bands by sex."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from shanzhi.kernel.places import span
from shanzhi.kernel.workdays import years_before

OLDEST = 100  # years; the last band has no end
STEP = 5
FEWEST = 3  # smaller cells could be somebody: shown to their own community only


@dataclass(frozen=True)
class Band:
    """Of those from `low` to below `high` years of age; `high` is None for the oldest."""

    low: int
    high: int | None
    male: int
    female: int
    other: int  # sex not told


@dataclass(frozen=True)
class Pyramid:
    bands: tuple[Band, ...]  # the youngest first
    unknown: int  # without a date of birth
    total: int


def pyramid(place: str, on: date, kind: int = 2) -> Pyramid:
    """Those who live in a place now (kind 2; 1 is registered there), by their age on a day. Exact
    at any moment. Inside the fence, a place outside the range is empty.
    """
    low, high = span(place)
    with connection.cursor() as cursor:
        cursor.execute(
            "select band, sex, count from registry_pyramid(%s, %s, %s, %s)",
            [low, high, kind, _bounds(on)],
        )
        counts = {(band, sex): count for band, sex, count in cursor.fetchall()}
    bands = tuple(_band(number, counts) for number in range(OLDEST // STEP + 1))
    unknown = sum(count for (band, _sex), count in counts.items() if band == 0)
    total = unknown + sum(band.male + band.female + band.other for band in bands)
    return Pyramid(bands, unknown, total)


def _bounds(on: date) -> list[date]:
    """First birthdays of each band, the oldest first, and the day after which nobody is counted."""
    day = timedelta(days=1)
    ages = range(OLDEST, -1, -STEP)
    return [date(1, 1, 2), *(years_before(on, age) + day for age in ages)]


def _band(number, counts):
    slot = OLDEST // STEP + 1 - number  # the database counts from the oldest
    of = {sex: counts.get((slot, sex), 0) for sex in "0129"}
    high = None if number == OLDEST // STEP else (number + 1) * STEP
    return Band(number * STEP, high, of["1"], of["2"], of["0"] + of["9"])
