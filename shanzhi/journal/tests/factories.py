"""Entries, and followers that need no commit."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from shanzhi.kernel.acting import Actor

from .. import followers, kinds, queries
from ..commands import record

CHINA = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 2, 12, tzinfo=CHINA)
TIANAN = "320411002018"
CLERK = Actor(account_id=7, post_id=70, role="community_worker", place=TIANAN, name="Li")


@transaction.atomic
def make_entry(
    verb="cases.received", *, about="cases.Case:1", by=CLERK, at=NOON, place=TIANAN, **d
):
    return record(verb, about=about, by=by, at=at, place=place, **d)


def catch_up(name: str, *, at: datetime = NOON) -> int:
    """Let a follower read what this test's own open transaction wrote; how many entries."""
    followers.begin(kinds.FOLLOWERS[name])
    start = followers.claim(name)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {queries.COLUMNS} from journal_entry where {queries.AFTER} {queries.IN_ORDER}",
            start,
        )
        rows = [queries.to_row(values) for values in cursor.fetchall()]
    if rows:
        kinds.FOLLOWERS[name].handle(rows)
        followers.move(name, rows[-1], at=at)
    return len(rows)


def wait_until_settled(patience=20):
    """Other databases of the server have transactions too; ours are read when theirs are over."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                f"select not exists (select from journal_entry where not {queries.SETTLED})"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("a transaction of another database stayed open")
