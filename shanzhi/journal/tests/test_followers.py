import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from .. import followers, kinds, queries
from ..models import Cursor, Tally
from .concurrency import in_own_connection, running
from .factories import NOON, catch_up, make_entry, wait_until_settled


@pytest.fixture
def seen():
    """What the follower "reader" has read, in order."""
    rows = []
    kinds.register_follower(kinds.Follower("reader", rows.extend, batch=3))
    return rows


def read_on(name="reader"):
    wait_until_settled()
    return followers.advance(name, NOON)


@pytest.mark.django_db
def test_a_follower_reads_in_order_and_each_entry_once(seen):
    numbers = [make_entry(about=f"cases.Case:{n}") for n in range(5)]

    assert catch_up("reader") == 5
    assert [row.id for row in seen] == numbers
    assert catch_up("reader") == 0


def test_a_batch_is_as_large_as_the_follower_wants(database, seen):
    for _ in range(5):
        make_entry()

    assert [read_on(), read_on(), read_on()] == [3, 2, 0]
    assert Cursor.objects.get().moved_at == NOON


def test_an_entry_committed_late_is_neither_passed_over_nor_read_twice(database, seen):
    """Identity order is not commit order: the first entry is committed after the second."""
    written, may_commit, numbers = threading.Event(), threading.Event(), {}

    def slow():
        with transaction.atomic():
            numbers["early"] = make_entry(about="cases.Case:1")
            written.set()
            assert may_commit.wait(20)

    with running(slow):
        assert written.wait(5)
        numbers["late"] = make_entry(about="cases.Case:2")
        assert numbers["early"] < numbers["late"]
        assert [row.id for row in queries.about("cases.Case:2")] == [numbers["late"]]

        assert followers.advance("reader", NOON) == 0  # the late one is there, and must wait
        may_commit.set()

    assert read_on() == 2
    assert [row.id for row in seen] == [numbers["early"], numbers["late"]]
    assert read_on() == 0


def test_a_transaction_that_is_rolled_back_leaves_a_gap_and_no_harm(database, seen):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_entry()
        raise ZeroDivisionError
    number = make_entry()

    assert read_on() == 1
    assert [row.id for row in seen] == [number]


def test_two_workers_read_each_entry_exactly_once(database):
    kinds.register_measure(kinds.Measure("cases.received", "cases.received"))
    for n in range(60):
        make_entry(about=f"cases.Case:{n}")
    wait_until_settled()
    follower = kinds.FOLLOWERS.pop("tallies")
    small = kinds.Follower("tallies", follower.handle, batch=4)
    kinds.register_follower(small)

    def work():
        while followers.lag(NOON)[-1].entries:
            followers.advance("tallies", NOON)

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(in_own_connection, work) for _ in range(2)]:
            done.result(timeout=30)

    assert Tally.objects.get().count == 60


def test_while_one_worker_reads_the_other_goes_on_to_the_next_follower(database):
    inside, may_end = threading.Event(), threading.Event()

    def wait(rows):
        inside.set()
        assert may_end.wait(20)

    kinds.register_follower(kinds.Follower("slow", wait))
    make_entry()
    wait_until_settled()
    with running(lambda: followers.advance("slow", NOON)):
        assert inside.wait(5)
        assert followers.advance("slow", NOON) == 0
        may_end.set()

    assert [lag.entries for lag in followers.lag(NOON) if lag.name == "slow"] == [0]


def test_a_fault_takes_back_both_the_effect_and_the_cursor(database):
    def fail(rows):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into journal_tally values ('tried', '3204', '2026-03-02', '', %s)",
                [len(rows)],
            )
        raise LookupError("13800001234 is not known")

    kinds.register_follower(kinds.Follower("faulty", fail))
    make_entry()
    wait_until_settled()

    with pytest.raises(LookupError):
        followers.advance("faulty", NOON)

    assert not Tally.objects.exists()
    assert Cursor.objects.get(follower="faulty").entry == 0


def test_one_follower_that_fails_stops_no_other_and_pauses_longer_each_time(database, seen, caplog):
    def fail(rows):
        raise LookupError("13800001234 is not known")

    del kinds.FOLLOWERS["reader"]
    kinds.register_follower(kinds.Follower("faulty", fail))
    kinds.register_follower(kinds.Follower("reader", seen.extend))
    make_entry()
    wait_until_settled()

    assert followers.run_all(NOON) == {"tallies": 1, "chain": 1, "faulty": 0, "reader": 1}
    assert followers.run_all(NOON) == {"tallies": 0, "chain": 0, "reader": 0}
    followers.run_all(NOON + timedelta(seconds=3))

    cursor = Cursor.objects.get(follower="faulty")
    assert (cursor.entry, cursor.failures) == (0, 2)
    assert cursor.retry_at == NOON + timedelta(seconds=3 + 2)
    assert cursor.error.startswith("LookupError in test_followers.py:")
    assert "1380000" not in caplog.text
    [lag] = [lag for lag in followers.lag(NOON + timedelta(minutes=1)) if lag.name == "faulty"]
    assert lag == ("faulty", 1, 60, cursor.error)


def test_after_a_fault_is_mended_nothing_is_lost_and_the_error_is_forgotten(database, seen):
    faulty = kinds.FOLLOWERS.pop("reader")
    kinds.register_follower(kinds.Follower("reader", lambda rows: 1 / 0))
    make_entry()
    wait_until_settled()
    followers.run_all(NOON)
    kinds.FOLLOWERS["reader"] = faulty

    assert followers.run_all(NOON + timedelta(minutes=6))["reader"] == 1
    assert len(seen) == 1
    assert Cursor.objects.get(follower="reader").error == ""


def test_pauses_end_at_five_minutes(database):
    kinds.register_follower(kinds.Follower("faulty", lambda rows: 1 / 0))
    make_entry()
    wait_until_settled()
    Cursor.objects.create(follower="faulty", failures=1000)

    followers.run_all(NOON)

    assert Cursor.objects.get(follower="faulty").retry_at == NOON + timedelta(minutes=5)


def test_a_follower_may_begin_with_what_comes_next(database):
    seen = []
    make_entry()
    wait_until_settled()
    kinds.register_follower(kinds.Follower("webhooks", seen.extend, from_now=True))

    assert read_on("webhooks") == 0
    number = make_entry()
    assert read_on("webhooks") == 1
    assert [row.id for row in seen] == [number]


def test_a_name_is_taken_once(seen):
    with pytest.raises(ValueError, match="registered already"):
        kinds.register_follower(kinds.Follower("reader", print))


@pytest.mark.django_db
def test_a_batch_is_read_from_the_index_even_of_one_large_transaction():
    """The planner's figures say that nothing is left; sorting all of it would take long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into journal_entry (at, verb, about, place)"
            " select %s, 'cases.received', 'cases.Case:' || n, '3204'"
            " from generate_series(1, 3000) as n",
            [NOON],
        )
        cursor.execute("analyze journal_entry")
        with queries.by_index(cursor):
            cursor.execute(
                f"explain select {queries.COLUMNS} from journal_entry"
                f" where {queries.AFTER} and {queries.SETTLED} {queries.IN_ORDER} limit 1000",
                [0, 0],
            )
            plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Merge Append" in plan
    assert "Sort Key: journal_entry.xid, journal_entry.id" in plan  # what it merges by
    assert "->  Sort" not in plan
