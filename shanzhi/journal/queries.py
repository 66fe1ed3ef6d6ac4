"""Reading entries: about one thing, for the audit page, and in the order followers need."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime

import orjson
from django.db import connection

from shanzhi.kernel import paging, places

from .kinds import EntryRow
from .models import Era

COLUMNS = "id, at, verb, about, by, post, behalf, place, data, xid"
AFTER = "(xid, id) > (%s::bigint, %s::bigint)"
UP_TO = "(xid, id) <= (%s::bigint, %s::bigint)"
IN_ORDER = "order by xid, id"
SHIFT = "coalesce((select shift from journal_era order by number desc limit 1), 0)"
OLDEST_RUNNING = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
# older than every transaction still running: nothing can appear before it any more
SETTLED = f"xid < {SHIFT} + {OLDEST_RUNNING}"


def to_row(values: Sequence) -> EntryRow:
    return EntryRow(*values[:8], orjson.loads(values[8]), values[9])


@contextmanager
def by_index(cursor):
    """Read in order from the index, inside a transaction, never by sorting.

    The planner takes a sort for cheaper where it expects few rows, and of entries written by one
    large transaction it always does: each batch would then read and sort all that are left.
    """
    cursor.execute("set local enable_sort = off")
    yield
    cursor.execute("set local enable_sort = on")


def _rows(sql, params) -> list[EntryRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [to_row(values) for values in cursor.fetchall()]


def about(
    label: str, *, since: datetime | None = None, until: datetime | None = None
) -> list[EntryRow]:
    """Everything that happened to one thing, oldest first; `since` ≤ at ≤ `until`.

    Give both where they are known: only the months between are looked at.
    """
    where, params = "about = %s", [label]
    if since:
        where, params = f"{where} and at >= %s", [*params, since]
    if until:
        where, params = f"{where} and at <= %s", [*params, until]
    return _rows(f"select {COLUMNS} from journal_entry where {where} order by at, id", params)


def settled(*, after: tuple[int, int], limit: int) -> list[EntryRow]:
    """The next entries for a follower that has read up to `after`. In its transaction."""
    with connection.cursor() as cursor, by_index(cursor):
        cursor.execute(
            f"select {COLUMNS} from journal_entry where {AFTER} and {SETTLED} {IN_ORDER} limit %s",
            [*after, limit],
        )
        return [to_row(values) for values in cursor.fetchall()]


def entries(
    place: str,
    *,
    verbs: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str = "",
    size: int = 50,
) -> paging.Page:
    """Entries in a place and below, newest first; `since` ≤ at < `until`."""
    where = [("verb = any(%s)", list(verbs))] if verbs else []
    return _page(place, where, since=since, until=until, cursor=cursor, size=size)


def search(
    place: str,
    *,
    verb_prefix: str = "",
    by: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str = "",
    size: int = 50,
) -> paging.Page:
    """For the audit page: what was done in a place, by whom. Give `since` for a rare verb."""
    where = []
    if verb_prefix:
        where.append(("starts_with(verb, %s)", verb_prefix))
    if by is not None:
        where.append(('"by" = %s', by))
    return _page(place, where, since=since, until=until, cursor=cursor, size=size)


def _page(place, where, *, since, until, cursor, size):
    if place:
        first, beyond = places.span(place)
        where += [("place >= %s", first), ("place < %s", beyond)]
    where += [("at >= %s", since)] if since else []
    where += [("at < %s", until)] if until else []
    clauses, params = [clause for clause, _ in where], [value for _, value in where]
    if key := paging.decode(cursor, datetime, int):
        clauses.append("(at, id) < (%s::timestamptz, %s::bigint)")
        params += key
    rows = _rows(
        f"select {COLUMNS} from journal_entry where {' and '.join(clauses) or 'true'}"
        " order by at desc, id desc limit %s",
        [*params, size + 1],
    )
    return paging.page(rows, size=size, key=lambda row: (row.at.isoformat(), row.id))


def cluster() -> int:
    """The identifier that a database server gives itself when it is made."""
    with connection.cursor() as cursor:
        cursor.execute("select system_identifier from pg_control_system()")
        return cursor.fetchone()[0]


def needed_shift() -> int:
    """What must be added to this server's transaction numbers to follow all that are there."""
    with connection.cursor() as cursor:
        cursor.execute(f"select coalesce(max(xid), 0) + 1 - {OLDEST_RUNNING} from journal_entry")
        return max(0, cursor.fetchone()[0])


def moved() -> bool:
    """Was the database restored from another server since the present era began?"""
    present = Era.objects.order_by("number").last()
    return present is None or present.cluster != cluster()
