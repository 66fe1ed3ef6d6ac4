"""Writing the journal, and keeping its table in order."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from . import queries
from .inserting import INSERT, sql_insert
from .models import Era

__all__ = ["INSERT", "after_restore", "prepare_partitions", "record", "sql_insert"]

AHEAD = 3  # months for which partitions are made before they begin


def record(
    verb: str, *, about: str, by: Actor, at: datetime, place: str, behalf: str = "", **data: Any
) -> int:
    """One line: who did what to which, where, when. Part of the command that it records."""
    if not connection.in_atomic_block:
        raise RuntimeError(f"{verb}: the journal is written inside the command it records")
    text, params = sql_insert(
        verb, about=about, by=by, at=at, place=place, behalf=behalf, data=data
    )
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return cursor.fetchone()[0]


@transaction.atomic
def prepare_partitions(*, by: Actor, at: datetime) -> list[str]:
    """Make the partitions of this month and the next three; the names of those made.

    Run daily. Waits a second for the table at most: whoever reads the whole journal at that moment
    makes it fail, and the next run does it.
    """
    made = []
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', '1s', true)")
        for month in _months(localdate(at)):
            cursor.execute("select journal_partition(%s::date)", [month])
            if cursor.fetchone()[0]:
                made.append(f"{month:%Y_%m}")
        cursor.execute("select set_config('lock_timeout', '0', true)")
    if made:
        about, place = f"journal.Entry:{made[0]}", settings.SHANZHI_CITY
        record("journal.partitions_made", about=about, by=by, at=at, place=place, months=made)
    return made


def _months(today) -> list[date]:
    first = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + AHEAD + 1)]


@transaction.atomic
def after_restore(*, by: Actor, at: datetime) -> int:
    """Begin a new era if this database came from another server; the era's number.

    A new server counts transactions from the start, so entries written there would sort before
    those restored, and followers would never see them: they get numbers that go on. To be called
    after every restore, before anything else writes; where nothing moved it changes nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("lock table journal_entry in access exclusive mode")
        last = Era.objects.order_by("number").last() or Era(number=0)
        if not queries.moved():
            return last.number
        number, shift = last.number + 1, queries.needed_shift()
        Era.objects.create(number=number, shift=shift, cluster=queries.cluster(), began_at=at)
        # a constant in the default: no look-up for each entry, and no writer still has the old one
        default = f"{shift:d} + pg_current_xact_id()::text::bigint"
        cursor.execute(f"alter table journal_entry alter column xid set default {default}")
    about, place = f"journal.Era:{number}", settings.SHANZHI_CITY
    record("journal.era_began", about=about, by=by, at=at, place=place)
    return number
