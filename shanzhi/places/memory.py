"""Names of places in this process's memory: a page shows many, and they change a few times a year.

The names of the city served are read at once; others, such as ended or foreign ones, when asked
for. Every FRESH_SECONDS the edition is compared, so another process's change shows that late.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic

from django.conf import settings
from django.db import connection

from shanzhi.kernel import places

from .models import Edition, Succession

FRESH_SECONDS = 2.0
AT_ONCE = 20_000  # a city with its grids; of a province only what is asked for
AT_MOST = 100_000

CURRENT = """
SELECT code, short_name FROM places_division
WHERE valid_to IS NULL AND (code >= %s AND code < %s OR code = ANY(%s)) LIMIT %s
"""
LATEST = """
SELECT DISTINCT ON (code) code, short_name FROM places_division
WHERE code = ANY(%s) ORDER BY code, valid_from DESC
"""


@dataclass
class Kept:
    edition: int
    checked: float
    names: dict[str, str] = field(default_factory=dict)
    current: frozenset[str] = frozenset()  # the present divisions of the city
    succeeded: bool | None = None  # has any place ever been merged or moved? asked when needed


_kept: Kept | None = None


def forget() -> None:
    """The next question reads the table again."""
    global _kept
    _kept = None


def names(codes: Iterable[str]) -> dict[str, str]:
    """The present, or last, short names of those codes that there are or were."""
    known = _fresh().names
    wanted = {code: known.get(code) for code in codes if code}
    missing = [code for code, name in wanted.items() if name is None]
    if missing:
        found = _rows(LATEST, [missing])
        if len(known) + len(found) > AT_MOST:
            known.clear()
        known.update(found)
        wanted |= found
    return {code: name for code, name in wanted.items() if name is not None}


def is_current(code: str) -> bool:
    """True of the city's present divisions; of others, and of a very large city's, not known."""
    return code in _fresh().current


def anything_succeeded() -> bool:
    """Most cities have no merger for years; then nobody needs to look for predecessors."""
    kept = _fresh()
    if kept.succeeded is None:
        kept.succeeded = Succession.objects.exists()
    return kept.succeeded


def _fresh():
    global _kept
    kept, now = _kept, monotonic()
    if kept and now - kept.checked < FRESH_SECONDS:
        return kept
    edition = Edition.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    if kept is None or kept.edition != edition:
        current = _of_the_city()
        kept = Kept(edition, now, dict(current), frozenset(current))
    kept.checked = now
    _kept = kept
    return kept


def _of_the_city():
    city = settings.SHANZHI_CITY
    found = _rows(CURRENT, [*places.span(city), places.above(city), AT_ONCE + 1])
    return found if len(found) <= AT_ONCE else {}


def _rows(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return dict(cursor.fetchall())
