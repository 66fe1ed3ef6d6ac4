"""How cases go, month by month: drawn as arrays, in the order of their submission."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

MONTHS = 36  # of history
CHINA = ZoneInfo("Asia/Shanghai")
DAY = 86_400
NEVER = np.int64(2**60)
STEPS = ("submitted", "accepted", "started", "transferred", "decided", "replied", "rated", "closed")


@dataclass
class Lives:
    """The cases submitted in one month. Times are seconds since 1970, NEVER where it did not come.

    Only what happened before now is in them.
    """

    first: int  # number of the first of them, from 0
    place: np.ndarray
    variant: np.ndarray
    account: np.ndarray  # the resident it is for
    by_phone: np.ndarray  # sent by the resident, else taken down by a worker
    transferred: np.ndarray
    score: np.ndarray
    times: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.place)

    def reached(self, step: str) -> np.ndarray:
        return self.times[step] < NEVER


@dataclass(frozen=True)
class Month:
    first: datetime
    beyond: datetime

    @property
    def seconds(self) -> tuple[int, int]:
        return int(self.first.timestamp()), int(self.beyond.timestamp())


def months(now: datetime) -> list[Month]:
    """The month of `now` and those before, the oldest first; each begins at midnight in China."""
    local = now.astimezone(CHINA)
    last = local.year * 12 + local.month - 1
    starts = [
        datetime(month // 12, month % 12 + 1, 1, tzinfo=CHINA)
        for month in range(last - MONTHS + 1, last + 2)
    ]
    return [Month(*pair) for pair in pairwise(starts)]


def draw(rng, cases: int, now: datetime, *, shares, people, pool) -> Iterator[tuple[Month, Lives]]:
    known = months(now)
    start, end = int(known[0].first.timestamp()), int(now.timestamp())
    submitted = np.sort(rng.integers(start, end, cases))
    for month in known:
        low, high = np.searchsorted(submitted, month.seconds)
        yield month, _live(rng, int(low), submitted[low:high], end, shares, people, pool)


def _live(rng, first, submitted, end, shares, people, pool):
    n = len(submitted)
    place = rng.choice(len(shares), n, p=shares)
    variant = rng.integers(0, len(pool.variants), n)
    account = people.first[place] + (rng.random(n) * people.count[place]).astype(np.int64)
    decided = np.array([item.kind == "application" for item in pool.items])[pool.of_item[variant]]
    transferred = rng.random(n) < 0.15
    times = _times(rng, submitted, decided, transferred, end)
    by_phone, score = rng.random(n) < 0.7, 5 - (rng.random(n) ** 4 * 5).astype(np.int64)
    return Lives(first, place, variant, account, by_phone, transferred, score, times)


def _times(rng, submitted, decided, transferred, end) -> dict[str, np.ndarray]:
    n = len(submitted)
    accepted = submitted + (rng.random(n) * 1.5 * DAY).astype(np.int64) + 300
    started = accepted + (rng.random(n) * DAY / 2).astype(np.int64) + 60
    handling = (rng.lognormal(1.1, 0.9, n) * DAY).astype(np.int64)  # three days, a few take a month
    replied = started + np.minimum(handling, 90 * DAY) + 600
    closed = replied + 15 * DAY
    times = {
        "submitted": submitted,
        "accepted": accepted,
        "started": started,
        "transferred": np.where(transferred, started + handling // 3, NEVER),
        "decided": np.where(decided, replied - 120, NEVER),
        "replied": replied,
        "rated": np.where(rng.random(n) < 0.6, replied + 5 * 3600, NEVER),
        "closed": closed,
    }
    return {step: np.where(at <= end, at, NEVER) for step, at in times.items()}


def founded(now: datetime) -> datetime:
    return months(now)[0].first - timedelta(days=1)


def stamps(at: np.ndarray) -> list[str]:
    """As COPY reads them; NULL where it did not come."""
    text = np.datetime_as_string(np.where(at < NEVER, at, 0).astype("M8[s]"), timezone="UTC")
    return np.where(at < NEVER, text, "\\N").tolist()
