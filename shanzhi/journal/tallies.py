"""Numbers on pages: folded from the journal per place, day, measure and key.

A figure is what has been folded plus the entries since, read in one statement, so that it is right
at any moment however far the follower is. Days are local days; `since` and `until` are both in.
"""

import logging
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate, make_aware

from shanzhi.kernel import places
from shanzhi.kernel.acting import SYSTEM

from . import queries
from .commands import record
from .kinds import MEASURES, EntryRow, verbs_of
from .models import Measured

log = logging.getLogger(__name__)

UNFOLDED = 20_000  # entries a page counts itself; beyond, its figure waits for the follower
Group = Callable[[str, date, str], Hashable]  # of place, day, key

TALLY, ROLLUP = "journal_tally", "journal_rollup"
ROLLED = tuple(length for length in places.LENGTHS if length < places.LEVELS["community"])
FOLD = """
    insert into {table} (measure, place, day, key, count)
    select * from unnest(%s::text[], %s::text[], %s::date[], %s::text[], %s::bigint[])
    on conflict (measure, place, day, key) do update set count = {count}
"""
ADD, MEND = "{table}.count + excluded.count", "excluded.count"
CURSOR = "select xid, entry from journal_cursor where follower = 'tallies'"
# three kinds of rows from one snapshot: how far is folded, the tallies, and the entries since. The
# entries begin at a cursor read before, a constant by which the planner sees that they are few;
# those folded in between are dropped.
FIGURES = f"""
    select null as part, null::bigint as count, entry as id, null::timestamptz,
           null, null, null::bigint, null::bigint, null, null, null::jsonb, xid
    from journal_cursor where follower = 'tallies'
    union all
    select {{group}}, sum(count)::bigint,
           null, null, null, null, null, null, null, null, null, null
    from {{table}}
    where measure = %(measure)s and {{where}}
      and day >= %(since)s and day <= %(until)s {{keyed}}
    group by 1
    union all
    (select null, null, {queries.COLUMNS} from journal_entry
     where (xid, id) > (%(xid)s::bigint, %(entry)s::bigint)
       and verb = any(%(verbs)s) and place >= %(first)s and place < %(beyond)s
       and at >= %(start)s and at < %(end)s
     limit {UNFOLDED})
"""
OF_DAY = f"""
    select {queries.COLUMNS} from journal_entry
    where at >= %s and at < %s and verb = any(%s) and {queries.UP_TO}
"""
RANGE = "place >= %(first)s and place < %(beyond)s"
STORED = "select measure, place, day, key, count from {table} where day = %s"


def fold(rows: list[EntryRow]) -> None:
    """The follower: add a batch to the tallies, and to the sums of the places above."""
    counts = _count(rows)
    _write(TALLY, ADD, counts)
    _write(ROLLUP, ADD, _rolled(counts))


def _count(rows) -> Counter:
    counts = Counter()
    for row in rows:
        for measure in MEASURES.get(row.verb, ()):
            key = (measure.measure, row.place, localdate(row.at), measure.key(row)[:60])
            counts[key] += measure.amount(row)
    return counts


def _rolled(counts: Counter) -> Counter:
    found = Counter()
    for (measure, place, day, key), count in counts.items():
        for length in ROLLED:
            if length <= len(place):
                found[measure, place[:length], day, key] += count
    return found


def _write(table, count, counts):
    if counts:
        sql = FOLD.format(table=table, count=count.format(table=table))
        # sorted: two that write the same tallies never wait for each other in a ring
        columns = zip(*((*key, count) for key, count in sorted(counts.items())), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in columns])


def total(measure: str, place: str, *, since: date, until: date, key: str | None = None) -> int:
    """How often in a place and all below it, on the days from `since` to `until`."""
    source = _whole(place)
    figures = _figures(measure, place, since, until, key, source, lambda place, day, key: True)
    return figures.get(True, 0)


def by_place(
    measure: str, place: str, *, since: date, until: date, key: str | None = None
) -> dict[str, int]:
    """By the divisions one level below `place`; what it has of its own is under its own code."""
    deep = next((length for length in places.LENGTHS if length > len(place)), len(place))
    source = Source(f"left(place, {deep})", TALLY, RANGE)
    if deep in ROLLED:  # of the children, their sums; of the place itself, its own
        source = Source(
            "place",
            f"(select * from {ROLLUP} where length(place) = {deep}"
            f" union all select * from {TALLY} where place = %(first)s) as counted",
            RANGE,
        )
    return _figures(measure, place, since, until, key, source, lambda place, day, key: place[:deep])


def by_day(
    measure: str, place: str, *, since: date, until: date, key: str | None = None
) -> dict[date, int]:
    """By day; days without any are left out."""
    source = _whole(place, "day")
    return _figures(measure, place, since, until, key, source, lambda place, day, key: day)


def by_key(measure: str, place: str, *, since: date, until: date) -> dict[str, int]:
    source = _whole(place, "key")
    return _figures(measure, place, since, until, None, source, lambda place, day, key: key)


class Source(NamedTuple):
    """What is read of which table: the expression it is grouped by, and the condition on places."""

    group: str
    table: str
    where: str


def _whole(place, group="true"):
    """A place with all below it: one row a day and key, or from the community down its tallies."""
    if len(place) in ROLLED:
        return Source(group, ROLLUP, "place = %(first)s")
    return Source(group, TALLY, RANGE)


def _figures(measure, place, since, until, key, source: Source, part: Group) -> dict:
    first, beyond = places.span(place)
    start, end = _bounds(since, until)
    of_tally = {"measure": measure, "key": key, "since": since, "until": until}
    of_entry = {"verbs": verbs_of(measure), "start": start, "end": end}
    params = {"first": first, "beyond": beyond, **of_tally, **of_entry}
    keyed = "" if key is None else "and key = %(key)s"
    with connection.cursor() as cursor:
        cursor.execute(CURSOR)
        params["xid"], params["entry"] = cursor.fetchone() or (0, 0)
        cursor.execute(FIGURES.format(keyed=keyed, **source._asdict()), params)
        found = cursor.fetchall()
    figures = Counter({values[0]: values[1] for values in found if values[2] is None})
    for (of, at_place, day, of_key), count in _count(_unfolded(found)).items():
        if of == measure and key in (None, of_key):
            figures[part(at_place, day, of_key)] += count
    return dict(sorted(figures.items()))


def _unfolded(found) -> list[EntryRow]:
    read, rows = (0, 0), []
    for values in found:
        if values[2] is None:
            continue
        if values[3] is None:
            read = values[-1], values[2]
        else:
            rows.append(queries.to_row(values[2:]))
    return [row for row in rows if row.order > read]


def _bounds(since, until):
    start = make_aware(datetime.combine(since, time.min))
    return start, make_aware(datetime.combine(until + timedelta(days=1), time.min))


class Difference(NamedTuple):
    measure: str
    place: str
    day: date
    key: str
    stored: int
    counted: int


def rebuild(*, since: date, until: date, at: datetime) -> list[Difference]:
    """Count the entries of these days anew, mend the tallies, and tell what was wrong.

    Run nightly, and after a measure was changed; `count_new` sees one that was added. One short
    transaction for each day: the followers cannot read past a transaction that is still open.
    """
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [difference for day in days for difference in _rebuild_day(day, at)]


COUNTED = """
    insert into journal_measured (verb, measure, at) values (%s, %s, %s) on conflict do nothing
"""


def count_new(*, at: datetime) -> list[str]:
    """Measures that came with a newer version: the days before are counted, once. May be stopped
    anywhere: they are known as counted when all days are through.
    """
    known = set(Measured.objects.values_list("verb", "measure"))
    pairs = {(verb, each.measure) for verb, many in MEASURES.items() for each in many}
    if not (missing := sorted(pairs - known)):
        return []
    with connection.cursor() as cursor:
        cursor.execute("select min(at) from journal_entry")
        first = cursor.fetchone()[0]
    if first:
        rebuild(since=localdate(first), until=localdate(at), at=at)
    with connection.cursor() as cursor:
        cursor.executemany(COUNTED, [(verb, measure, at) for verb, measure in missing])
    return sorted({measure for _verb, measure in missing})


@transaction.atomic
def _rebuild_day(day, at):
    counted = _counted(day)
    wrong = {
        table: _differences(table, day, right)
        for table, right in ((TALLY, counted), (ROLLUP, _rolled(counted)))
    }
    if any(wrong.values()):
        _mend(wrong, day, at)
    return wrong[TALLY] or wrong[ROLLUP]


def _differences(table, day, counted):
    with connection.cursor() as cursor:
        cursor.execute(STORED.format(table=table), [day])
        stored = {tuple(key): count for *key, count in cursor.fetchall()}
    return [
        Difference(*key, stored.get(key, 0), counted[key])
        for key in sorted(stored.keys() | counted.keys())
        if stored.get(key, 0) != counted[key]
    ]


def _counted(day) -> Counter:
    """What the entries of a day amount to, as far as they have been folded; keeps folding out."""
    counts, verbs = Counter(), list(MEASURES)
    with connection.cursor() as cursor:
        cursor.execute(f"{CURSOR} for update")
        read = cursor.fetchone()
    if read is None:
        return counts
    with connection.chunked_cursor() as entries:
        entries.execute(OF_DAY, [*_bounds(day, day), verbs, *read])
        while values := entries.fetchmany(5000):
            counts.update(_count(map(queries.to_row, values)))
    return counts


def _mend(wrong, day, at):
    for table, differences in wrong.items():
        _write(table, MEND, {each[:4]: each.counted for each in differences})
        with connection.cursor() as cursor:
            cursor.execute(f"delete from {table} where day = %s and count = 0", [day])
    mended = sum(map(len, wrong.values()))
    log.warning("tallies of %s: %d mended", day, mended)
    about, place = f"journal.Tally:{day}", settings.SHANZHI_CITY
    record("journal.tallies_mended", about=about, by=SYSTEM, at=at, place=place, mended=mended)
