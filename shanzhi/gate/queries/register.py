"""The demands in force as this process keeps them for comparison and for loads.

What changed since is found by the rows' own versions (xmin and ctid): the answer is never older
than the question.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from threading import RLock

from django.db import connection

from shanzhi.burden import spreading
from shanzhi.burden.queries import communities
from shanzhi.kernel import places

from ..comparing import Register, Text

VERSION = "id::text || xmin::text || ctid::text"
TEXTS = """
SELECT d.id, title, purpose, scope, times, minutes, staff, coalesce(fields.names, '{}')
FROM burden_demand AS d LEFT JOIN (
    SELECT demand_id, array_agg(name ORDER BY position) AS names FROM burden_asked
    WHERE demand_id = ANY(%(keys)s) GROUP BY demand_id
) AS fields ON fields.demand_id = d.id
WHERE d.id = ANY(%(keys)s)
"""
IN_FORCE = "FROM burden_demand WHERE state = 'in_force'"


@dataclass
class Kept:
    """`minutes` is the running sum of what demands take a year, along the sorted communities."""

    register: Register = field(default_factory=Register)
    sizes: dict[int, tuple[list[str], int]] = field(default_factory=dict)
    stamp: tuple | None = None
    communities: Sequence[str] = ()
    minutes: Sequence[int] = (0,)

    def load(self, scope: Iterable[str]) -> float:
        """Minutes a year that demands in force take of an average community of the scope."""
        number = total = 0
        for code in spreading.reduced(scope):
            low, high = (bisect_left(self.communities, end) for end in places.span(code))
            number, total = number + high - low, total + self.minutes[high] - self.minutes[low]
        return total / number if number else 0.0


_lock, _kept = RLock(), Kept()


@contextmanager
def reading() -> Iterator[Kept]:
    """Of now; read anew where a demand came, went or changed. One thread at a time."""
    with _lock:
        stamp, known = _stamp(), communities()
        if stamp != _kept.stamp or known != _kept.communities:
            _refresh(_kept, known)
            _kept.stamp = stamp
        yield _kept


def _stamp() -> tuple:
    """One number over the versions of all rows: it differs where any of them does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), sum(hashtextextended({VERSION}, 0)) {IN_FORCE}")
        return cursor.fetchone()


def _refresh(kept, known):
    versions = _versions()
    kept.register.refresh(versions, lambda keys: _read(kept, keys))
    for pk in kept.sizes.keys() - versions.keys():
        del kept.sizes[pk]
    _numbers, each = spreading.loads(known, kept.sizes.values())
    kept.communities, kept.minutes = known, list(accumulate(each, initial=0))


def _versions() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {VERSION} {IN_FORCE}")
        return dict(cursor.fetchall())


def _read(kept, keys: Collection[int]) -> Iterator[Text]:
    with connection.cursor() as cursor:
        cursor.execute(TEXTS, {"keys": list(keys)})
        for pk, title, purpose, scope, times, minutes, staff, asked in cursor.fetchall():
            kept.sizes[pk] = scope, times * minutes * staff
            yield Text(pk, title, purpose, tuple(asked))
