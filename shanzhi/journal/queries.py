"""Reading entries: about one thing, for the audit page, and in the order followers need."""

from collections.abc import Sequence
from datetime import datetime

import orjson
from django.db import connection
from django.utils.dateparse import parse_datetime

from shanzhi.kernel import paging, places

from .kinds import EntryRow
from .models import Era

COLUMNS = "id, at, verb, about, by, post, behalf, place, data, era, xid::text::bigint"
ERA = "(select coalesce(max(number), 1)::smallint from journal_era)"
AFTER = "(era, xid, id) > (%s::smallint, %s::text::xid8, %s::bigint)"
UP_TO = "(era, xid, id) <= (%s::smallint, %s::text::xid8, %s::bigint)"
# qualified: "xid" alone would be the number of that name in COLUMNS, which no index has
IN_ORDER = "order by journal_entry.era, journal_entry.xid, journal_entry.id"
# older than every transaction still running: nothing can appear before it any more
SETTLED = f"(era, xid) < ({ERA}, pg_snapshot_xmin(pg_current_snapshot()))"


def to_row(values: Sequence) -> EntryRow:
    return EntryRow(*values[:8], orjson.loads(values[8]), *values[9:11])


def _rows(sql, params) -> list[EntryRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [to_row(values) for values in cursor.fetchall()]


def about(label: str) -> list[EntryRow]:
    """Everything that happened to one thing, oldest first."""
    return _rows(f"select {COLUMNS} from journal_entry where about = %s order by at, id", [label])


def settled(*, after: tuple[int, int, int], limit: int) -> list[EntryRow]:
    """The next entries for a follower that has read up to `after`."""
    return _rows(
        f"select {COLUMNS} from journal_entry where {AFTER} and {SETTLED}"
        f" {IN_ORDER} limit %s",
        [*after, limit],
    )


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
    if key := paging.decode(cursor):
        clauses.append("(at, id) < (%s::timestamptz, %s::bigint)")
        params += [parse_datetime(key[0]), key[1]]
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


def era() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select {ERA}")
        return cursor.fetchone()[0]


def last_era() -> int:
    """The highest era of the entries and of the list of eras, should they disagree."""
    with connection.cursor() as cursor:
        cursor.execute(f"select greatest({ERA}, (select max(era) from journal_entry))")
        return cursor.fetchone()[0]


def moved() -> bool:
    """Was the database restored from another server since the present era began?"""
    present = Era.objects.order_by("-number").first()
    return present is None or present.cluster != cluster()
