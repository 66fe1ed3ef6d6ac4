"""What every desk shows of the burden, kept by this process until something changes.

Once in CHECK_EVERY seconds the newest keys of the tables it comes from are asked for; other areas
add theirs to WATCHED.
"""

import time
from collections.abc import Callable, Hashable
from typing import Any

from django.db import connection

CHECK_EVERY = 5
MOST = 4000
WATCHED = ["burden_demand", "burden_decision", "burden_baseline", "burden_campaign",
           "burden_scopechange", "places_succession"]  # fmt: skip

_kept: dict[Hashable, tuple[tuple, Any]] = {}
_stamp: tuple[float, tuple] | None = None


def remembered(key: Hashable, make: Callable[[], Any]) -> Any:
    """What `make` answers; asked anew where a row came since."""
    stamp = _newest()
    known = _kept.get(key)
    if known is None or known[0] != stamp:
        if len(_kept) >= MOST:
            _kept.clear()
        known = _kept[key] = stamp, make()
    return known[1]


def _newest() -> tuple:
    global _stamp
    now, known = time.monotonic(), _stamp
    if known is None or now - known[0] > CHECK_EVERY:
        parts = ", ".join(f"(SELECT max(id) FROM {table})" for table in WATCHED)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {parts}, (SELECT max(frozen_at) FROM burden_campaign), "
                           "(SELECT string_agg(place, ' ') FROM burden_campaign)")  # fmt: skip
            known = _stamp = now, cursor.fetchone()
    return known[1]


def forget() -> None:
    """Between tests, and where a process has written itself."""
    global _stamp
    _stamp = None
    _kept.clear()
