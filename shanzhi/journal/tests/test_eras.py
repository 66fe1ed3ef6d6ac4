import pytest
from django.db import connection, transaction

from shanzhi.kernel.acting import SYSTEM

from .. import chain, commands, followers, kinds, queries
from ..models import Cursor, Era
from .factories import NOON, make_entry, wait_until_settled

HIGH = 10**15  # a transaction number of the old server, far above those of this one


@pytest.fixture
def restored(database):
    """As after a restore: entries and cursors of a server that had counted to HIGH."""
    Era.objects.all().delete()
    Era.objects.create(number=1, cluster=4711, began_at=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into journal_entry (at, verb, about, place, xid)"
            " select %s, 'cases.received', 'cases.Case:' || n, '3204', %s + n"
            " from generate_series(1, 3) as n returning id",
            [NOON, HIGH],
        )
        numbers = [number for (number,) in cursor.fetchall()]
    Cursor.objects.create(follower="reader", xid=HIGH + 2, entry=numbers[1])
    yield numbers
    with connection.cursor() as cursor:
        cursor.execute(
            "alter table journal_entry"
            " alter column xid set default pg_current_xact_id()::text::bigint"
        )


def test_after_a_restore_followers_go_on_where_they_were(restored):
    seen = []
    kinds.register_follower(kinds.Follower("reader", seen.extend))

    assert queries.moved()
    assert commands.after_restore(by=SYSTEM, at=NOON) == 2
    number = make_entry(about="cases.Case:4")
    wait_until_settled()
    followers.run_all(NOON)

    assert not queries.moved()
    assert [row.about for row in seen] == [
        "cases.Case:3",  # was not read yet on the old server
        "journal.Era:2",
        "cases.Case:4",
    ]
    assert seen[-1].id == number
    assert HIGH < seen[1].xid < seen[2].xid
    assert chain.verify() == []
    assert followers.run_all(NOON) == {"tallies": 0, "chain": 0, "reader": 0}


def test_where_nothing_moved_the_era_goes_on(restored):
    commands.after_restore(by=SYSTEM, at=NOON)

    assert commands.after_restore(by=SYSTEM, at=NOON) == 2
    assert list(Era.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert [row.verb for row in queries.about("journal.Era:2")] == ["journal.era_began"]


def test_an_era_that_failed_to_begin_leaves_the_old_one(restored):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        commands.after_restore(by=SYSTEM, at=NOON)
        raise ZeroDivisionError

    make_entry(about="cases.Case:4")
    assert queries.about("cases.Case:4")[0].xid < HIGH
    assert queries.moved()


@pytest.mark.django_db
def test_a_server_that_has_counted_further_needs_no_shift():
    assert queries.needed_shift() == 0
