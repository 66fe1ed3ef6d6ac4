"""Reading on: each follower from its own cursor, each entry once.

The order is (xid, id), and an entry is read only when its transaction is older than every one
still running. Identity numbers alone are given out before the commit: a follower that went by
them would pass over an entry that was committed late.
"""

import logging
import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.db import connection, transaction

from . import queries
from .kinds import FOLLOWERS, EntryRow, Follower

log = logging.getLogger(__name__)

BATCHES = 50  # of one follower before the next one has its turn
LONGEST_PAUSE = timedelta(minutes=5)
COUNTED = 100_000  # entries behind are counted so far and no further

CLAIM = """
    select xid, entry from journal_cursor where follower = %s for update skip locked
"""
BEGIN = """
    insert into journal_cursor (follower, xid, entry, failures, error)
    values (%s, %s, %s, 0, '') on conflict do nothing
"""
PRESENT = f"select {queries.SHIFT} + {queries.OLDEST_RUNNING} - 1"
MOVE = """
    update journal_cursor
    set xid = %s, entry = %s, moved_at = %s,
        failures = 0, failed_at = null, retry_at = null, error = ''
    where follower = %s
"""
FAIL = """
    update journal_cursor
    set failures = failures + 1, failed_at = %(at)s, error = %(error)s,
        retry_at = %(at)s + least(interval '1 second' * 2 ^ least(failures, 20), %(longest)s)
    where follower = %(name)s
"""
PAUSED = "select follower from journal_cursor where retry_at > %s"
BEHIND = f"""
    select count(*), min(at) from (
        select at from journal_entry where {queries.AFTER} {queries.IN_ORDER} limit {COUNTED}
    ) as unread
"""


def advance(name: str, at: datetime) -> int:
    """Read one batch; how many entries it had. 0 also where another worker reads just now."""
    follower = FOLLOWERS[name]
    done = _advance(follower, at)
    if done is None and begin(follower):
        done = _advance(follower, at)
    return done or 0


@transaction.atomic(durable=True)
def _advance(follower, at) -> int | None:
    start = claim(follower.name)
    if start is None:
        return None
    rows = queries.settled(after=start, limit=follower.batch)
    if rows:
        follower.handle(rows)
        move(follower.name, rows[-1], at=at)
    return len(rows)


def claim(name: str) -> tuple[int, int] | None:
    """Where to read on, with the cursor locked; None if there is none, or another has it."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [name])
        return cursor.fetchone()


def begin(follower: Follower) -> bool:
    """Make the cursor of a new follower; false if it is there. Not in the transaction that reads:
    another worker would wait for it.
    """
    with connection.cursor() as cursor:
        start = (0, 0)
        if follower.from_now:
            cursor.execute(PRESENT)
            start = (*cursor.fetchone(), 2**63 - 1)
        cursor.execute(BEGIN, [follower.name, *start])
        return cursor.rowcount == 1


def move(name: str, row: EntryRow, *, at: datetime) -> None:
    """Everything up to `row` has had its effect, in this same transaction."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [*row.order, at, name])


def run_all(at: datetime) -> dict[str, int]:
    """Read until every follower is dry, or has had its turn. One that fails stops no other."""
    with connection.cursor() as cursor:
        cursor.execute(PAUSED, [at])
        paused = {name for (name,) in cursor.fetchall()}
    return {name: _run(follower, at) for name, follower in FOLLOWERS.items() if name not in paused}


def _run(follower, at):
    done = 0
    try:
        for _batch in range(BATCHES):
            read = advance(follower.name, at)
            done += read
            if read < follower.batch:
                break
    except Exception as fault:
        _fail(follower.name, fault, at)
    return done


def _fail(name, fault, at):
    """Remember that it failed and where. Never the message: it may quote what was in a row."""
    error = f"{type(fault).__name__} {_where(fault)}"
    log.error("follower %s failed: %s", name, error)
    with transaction.atomic(), connection.cursor() as cursor:
        params = {"name": name, "at": at, "error": error[:200], "longest": LONGEST_PAUSE}
        cursor.execute(FAIL, params)


def _where(fault):
    steps = traceback.extract_tb(fault.__traceback__)
    ours = [step for step in steps if "shanzhi" in Path(step.filename).parts] or steps
    return f"in {Path(ours[-1].filename).name}:{ours[-1].lineno}"


class Lag(NamedTuple):
    """How far a follower is behind. `error` is "" unless it fails at the entry it stands before."""

    name: str
    entries: int
    seconds: int
    error: str


def lag(at: datetime) -> list[Lag]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select follower, xid, entry, error from journal_cursor")
        cursors = {name: (key, error) for name, *key, error in cursor.fetchall()}
        return [_lag(cursor, name, *cursors.get(name, ((0, 0), "")), at) for name in FOLLOWERS]


def _lag(cursor, name, key, error, at):
    with queries.by_index(cursor):
        cursor.execute(BEHIND, key)
        entries, oldest = cursor.fetchone()
    seconds = max(0, int((at - oldest).total_seconds())) if oldest else 0
    return Lag(name, entries, seconds, error)
