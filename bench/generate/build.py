"""One transaction from an empty city to a full one."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import psycopg
from django.db import connection, transaction

from shanzhi.cases.models import Case
from shanzhi.journal import commands as journal
from shanzhi.journal.chain import GENESIS
from shanzhi.journal.kinds import FOLLOWERS
from shanzhi.kernel.acting import SYSTEM
from shanzhi.work.calendar import calendar

from . import cases, entries, ground, lives, people, pools, tables
from .waiting import Waiting

Tell = Callable[..., None]
# as if the city had lived on another server: entries since then go on after its numbers
ELSEWHERE = "update journal_era set cluster = 0"
CURSOR = """
insert into journal_cursor (follower, xid, entry, failures, error)
select name, xid, id, 0, ''
from unnest(%s::text[]) as name, (select max(xid), max(id) from journal_entry) as last (xid, id)
on conflict (follower) do update set xid = excluded.xid, entry = excluded.entry
"""
# what came before counts as sealed: the chain goes on from here, as the other followers do
SEALED = """
insert into journal_seal (day, first, xid, last, entries, digest, leaves)
select %s, min(id), max(xid), max(id), 0, %s, '' from journal_entry
"""


ROLLUP = """
insert into journal_rollup (measure, place, day, key, count)
select measure, left(place, length), day, key, sum(count)
from journal_tally, unnest(array[2, 4, 6, 9]) as length
where length(place) >= length group by 1, 2, 3, 4
"""


def build(*, count: int, seed: int, now: datetime, tell: Tell) -> None:
    """Fill a migrated, empty database with `count` cases of the last three years."""
    rng = np.random.default_rng(seed)
    began = lives.founded(now)
    with transaction.atomic():
        tell("divisions, calendar, items")
        laid = ground.lay(rng, began)
    pool = pools.make(rng, began.date())
    tell("residents")
    city = cases.City(
        laid, people.invent(laid, count), pool, calendar(now), people.sealed_phones(Case),
        cases.texts(rng), now.date(),
    )  # fmt: skip
    with own_connection() as own, own.transaction(), tables.bare(own, tell):
        people.write(own, laid, city.people, began)
        _live(own, rng, city, count, now, tell)
        own.execute(CURSOR, [list(FOLLOWERS)])
        own.execute(SEALED, [now.date(), GENESIS])
        own.execute(ELSEWHERE)
    journal.after_restore(by=SYSTEM, at=now)
    tell("statistics")
    with own_connection() as own:
        own.autocommit = True
        own.execute("vacuum (analyze)")


def own_connection() -> psycopg.Connection:
    """Beside Django's: COPY in one long transaction, without a page's time limits."""
    params = connection.get_connection_params() | {"options": "-c statement_timeout=0"}
    known = ("host", "port", "dbname", "user", "password", "options")
    return psycopg.connect(**{key: params[key] for key in known if params.get(key)})


def _live(own, rng, city, count, now, tell) -> None:
    last = own.execute("select coalesce(max(id), 0) from journal_entry").fetchone()[0]
    written, waiting = entries.Journal(city, last), Waiting(city)
    shares, drawn = city.ground.shares, 0
    for month, living in lives.draw(
        rng, count, now, shares=shares, people=city.people, pool=city.pool
    ):
        tell(f"cases of {month.first:%Y-%m}", drawn, count)
        drawn += len(living)
        _write_month(own, rng, city, living)
        written.add(living)
        waiting.add(living)
        _write_entries(own, written, month)
    for table, columns, lines in waiting.lines():
        tables.copy(own, table, columns, lines)
    tables.copy(own, "journal_tally", entries.TALLY, written.tallies())
    own.execute(ROLLUP)
    own.execute("select setval('cases_number', %s)", [count + 1])


def _write_month(own, rng, city, living) -> None:
    tables.copy(own, "cases_case", cases.CASE, cases.case_lines(city, rng, living))
    involvements = cases.involvement_lines(city, living)
    tables.copy(own, "cases_involvement", cases.INVOLVEMENT, involvements)
    tables.copy(own, "cases_reply", cases.REPLY, cases.reply_lines(city, living))
    tables.copy(own, "cases_rating", cases.RATING, cases.rating_lines(city, living))


def _write_entries(own, written, month) -> None:
    """A month's partition; made here it is empty, so that its rows need no later look."""
    made = own.execute("select journal_partition(%s::date)", [month.first.date()]).fetchone()[0]
    partition = f"{tables.JOURNAL}_{month.first:%Y_%m}"
    lines = written.until(month.seconds[1])
    tables.copy(own, partition, entries.COLUMNS, lines, freeze=made)
