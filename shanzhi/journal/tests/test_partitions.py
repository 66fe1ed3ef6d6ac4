from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import connection, transaction

from shanzhi.kernel.acting import SYSTEM

from .. import chain, commands, queries
from .concurrency import running, wait_until_someone_waits_for_me
from .factories import CHINA, NOON, catch_up, make_entry

pytestmark = pytest.mark.django_db


def partition_of(number):
    with connection.cursor() as cursor:
        cursor.execute("select tableoid::regclass::text from journal_entry where id = %s", [number])
        return cursor.fetchone()[0]


def test_four_months_are_made_and_then_none():
    made = commands.prepare_partitions(by=SYSTEM, at=NOON)

    assert made == ["2026_03", "2026_04", "2026_05", "2026_06"]
    assert queries.about("journal.Entry:2026_03")[0].data == {"months": made}
    assert commands.prepare_partitions(by=SYSTEM, at=NOON) == []


def test_the_year_turns():
    at = datetime(2031, 11, 30, 23, 59, tzinfo=CHINA)

    assert commands.prepare_partitions(by=SYSTEM, at=at) == [
        *("2031_11", "2031_12", "2032_01", "2032_02")
    ]


def test_months_are_those_of_china():
    commands.prepare_partitions(by=SYSTEM, at=NOON)
    midnight = datetime(2026, 4, 1, tzinfo=CHINA)

    assert partition_of(make_entry(at=midnight)) == "journal_entry_2026_04"
    last = midnight - timedelta(microseconds=1)
    assert partition_of(make_entry(at=last)) == "journal_entry_2026_03"


def test_entries_that_came_before_their_month_was_made_move_into_it_unchanged():
    early, far = make_entry(step=1), make_entry(at=NOON + timedelta(days=400))
    catch_up("chain")
    before = queries.about("cases.Case:1")
    assert partition_of(early) == "journal_entry_default"

    commands.prepare_partitions(by=SYSTEM, at=NOON)

    assert partition_of(early) == "journal_entry_2026_03"
    assert partition_of(far) == "journal_entry_default"
    assert queries.about("cases.Case:1") == before
    assert chain.verify() == []


def test_a_new_partition_is_append_only_too():
    commands.prepare_partitions(by=SYSTEM, at=NOON)
    make_entry()
    for statement in ("truncate", "delete from"):
        with (
            pytest.raises(Exception, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"{statement} journal_entry_2026_03")

    assert len(queries.about("cases.Case:1")) == 1


def test_who_writes_while_a_month_is_made_loses_nothing(database):
    """The maker waits for the writer that was first; no entry is left behind in the default."""
    at = datetime(2041, 3, 2, tzinfo=CHINA)
    with ExitStack() as maker, transaction.atomic():
        number = make_entry(at=at)
        make = partial(commands.prepare_partitions, by=SYSTEM, at=at)
        maker.enter_context(running(make))
        wait_until_someone_waits_for_me()

    assert partition_of(number) == "journal_entry_2041_03"
    with connection.cursor() as cursor:
        cursor.execute("set shanzhi.journal_keeping = on")
        for month in ("03", "04", "05", "06"):
            cursor.execute(f"drop table journal_entry_2041_{month}")
        cursor.execute("reset shanzhi.journal_keeping")
