"""The demands in force as this process keeps them for comparison and for loads.

What changed since is found by the rows' own versions (xmin and ctid): the answer is never older
than the question.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from threading import RLock

from django.db import connection
from django.db.models import Prefetch

from shanzhi.burden import spreading
from shanzhi.burden.models import Asked, Demand
from shanzhi.burden.queries import communities
from shanzhi.kernel import places

from ..comparing import Register, Text

_lock = RLock()
_register = Register()
_sizes: dict[int, tuple[list[str], int]] = {}  # of each demand: scope, minutes a year
_sums: tuple[list[str], list[int]] = ([], [0])  # communities, running sum of their minutes


@contextmanager
def reading() -> Iterator[Register]:
    """Of now; read anew where a demand came, went or changed. One thread at a time."""
    with _lock:
        _refresh()
        yield _register


def minutes(scope: Sequence[str]) -> float:
    """Minutes a year that demands in force take of an average community of the scope."""
    with _lock:
        _refresh()
        known, running = _sums
    number = total = 0
    for code in spreading.reduced(scope):
        low, high = (bisect_left(known, end) for end in places.span(code))
        number, total = number + high - low, total + running[high] - running[low]
    return total / number if number else 0.0


def _refresh():
    global _sums
    versions = _versions()
    changed = _register.refresh(versions, _read)
    known = communities()
    if changed or known != _sums[0]:
        for pk in _sizes.keys() - versions.keys():
            del _sizes[pk]
        _numbers, each = spreading.loads(known, _sizes.values())
        _sums = known, list(accumulate(each, initial=0))


def _versions() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, xmin::text || ctid::text FROM burden_demand WHERE state = 'in_force'"
        )
        return dict(cursor.fetchall())


def _read(keys: Collection[int]) -> Iterable[Text]:
    asked = Prefetch("fields", Asked.objects.order_by("position"))
    columns = ("title", "purpose", "scope", "times", "minutes", "staff")
    rows = Demand.objects.filter(pk__in=keys).only(*columns).prefetch_related(asked)
    for row in rows.iterator(chunk_size=2000):
        _sizes[row.pk] = row.scope, row.times * row.minutes * row.staff
        yield Text(row.pk, row.title, row.purpose, tuple(each.name for each in row.fields.all()))
