"""Which two half-days of a quarter a worker is asked about: one morning and one afternoon.

One of each, so that to keep which of the two an answer is about tells nothing of who gave it.
"""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256


def half_days(seed: int, worker: int, days: Sequence[date]) -> tuple[date, date]:
    """The day of the morning and that of the afternoon, never the same; `days` are working days.

    Every pair of different days is equally likely, so every half-day is too.
    """
    ordered = sorted(set(days))
    if len(ordered) < 2:
        raise ValueError("two half-days need two days")
    morning = ordered.pop(_drawn(seed, worker, "am") % len(ordered))
    return morning, ordered[_drawn(seed, worker, "pm") % len(ordered)]


def _drawn(seed, worker, half):
    return int.from_bytes(sha256(f"{seed}:{worker}:{half}".encode()).digest())
