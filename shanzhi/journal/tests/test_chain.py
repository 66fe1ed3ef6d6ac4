from datetime import date, timedelta

import pytest
from django.db import connection

from .. import chain, queries
from ..models import Seal
from .factories import NOON, catch_up, make_entry

DAY = date(2026, 3, 2)


@pytest.fixture
def numbers(db, monkeypatch):
    """Six sealed entries in three links: two on one day, one on the next."""
    monkeypatch.setattr(chain, "FULL", 2)
    numbers = []
    for day in (0, 0, 1):
        for _ in range(2):
            numbers.append(make_entry(at=NOON + timedelta(days=day), step=len(numbers)))
        catch_up("chain")
    return numbers


def behind_the_trigger(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(sql, params)
        assert cursor.rowcount == 1
        cursor.execute("set local session_replication_role = origin")


def link(number):
    return Seal.objects.order_by("id")[number].id


def test_what_was_not_touched_verifies(numbers):
    assert list(Seal.objects.order_by("id").values_list("day", "first", "last", "entries")) == [
        (DAY, numbers[0], numbers[1], 2),
        (DAY, numbers[2], numbers[3], 2),
        (DAY + timedelta(days=1), numbers[4], numbers[5], 2),
    ]
    assert chain.verify() == []
    assert chain.verify(since=DAY + timedelta(days=1)) == []
    assert chain.verify(until=DAY) == []


@pytest.mark.parametrize(
    "change",
    [
        "verb = 'cases.refused'",
        "at = at + interval '1 microsecond'",
        "about = 'cases.Case:2'",
        '"by" = 8',
        "post = null",
        "behalf = 'people.Account:1'",
        "place = '320411002019'",
        "data = data || '{\"step\": 9}'",
    ],
)
def test_an_edited_entry_is_named_whatever_was_edited(numbers, change):
    behind_the_trigger(f"update journal_entry set {change} where id = %s", numbers[2])

    assert chain.verify() == [f"2026-03-02, link {link(1)}: edited after sealing: {numbers[2]}."]


def test_a_removed_entry_is_found_and_the_one_before_it_named(numbers):
    behind_the_trigger("delete from journal_entry where id = %s", numbers[3])
    behind_the_trigger("delete from journal_entry where id = %s", numbers[4])

    assert chain.verify() == [
        f"2026-03-02, link {link(1)}: removed were 1 that followed: {numbers[2]}.",
        f"2026-03-03, link {link(2)}: removed were 1 that followed: {numbers[3]}.",
    ]


def test_an_entry_inserted_behind_the_seal_is_named(numbers):
    behind_the_trigger(
        "insert into journal_entry (id, at, verb, about, place, xid) overriding system value"
        " values (900000001, %s, 'cases.closed', 'cases.Case:1', '3204', 5)",
        NOON,
    )

    assert chain.verify() == [f"2026-03-02, link {link(0)}: inserted after sealing: 900000001."]


def test_a_changed_transaction_number_shows(numbers):
    behind_the_trigger("update journal_entry set xid = 5 where id = %s", numbers[5])

    assert chain.verify() == [
        f"2026-03-02, link {link(0)}: inserted after sealing: {numbers[5]}.",
        f"2026-03-03, link {link(2)}: removed were 1 that followed: {numbers[4]}.",
    ]


def test_a_changed_seal_shows(numbers):
    Seal.objects.filter(id=link(1)).update(digest=bytes(32))

    assert chain.verify() == [
        f"2026-03-02, link {link(1)}: this seal or the one before it was changed.",
        f"2026-03-03, link {link(2)}: this seal or the one before it was changed.",
    ]


def test_a_link_grows_until_it_is_full_or_the_day_is_over(db):
    for day in (0, 0, 1):
        make_entry(at=NOON + timedelta(days=day))
        catch_up("chain")

    assert list(Seal.objects.order_by("id").values_list("day", "entries")) == [
        (DAY, 2),
        (DAY + timedelta(days=1), 1),
    ]
    assert chain.verify() == []


def test_the_head_is_what_an_auditor_keeps(numbers):
    last = Seal.objects.order_by("id").last()

    assert chain.head() == (DAY + timedelta(days=1), last.id, bytes(last.digest).hex())


def test_an_empty_journal_verifies(db):
    assert chain.verify() == []
    assert chain.head() == (None, 0, "00" * 32)


def test_what_nobody_sealed_before_a_cursor_is_sealed_piece_by_piece(db, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 2)
    for step in range(5):
        make_entry(at=NOON, step=step)
    with connection.cursor() as cursor:
        cursor.execute(f"select {queries.COLUMNS} from journal_entry {queries.IN_ORDER}")
        rows = [queries.to_row(values) for values in cursor.fetchall()]

    chain.seal(rows[-1:])

    assert list(Seal.objects.order_by("id").values_list("entries", flat=True)) == [5]
    assert chain.verify() == []
    chain.seal(rows)  # the cursor was set back
    assert Seal.objects.get().entries == 5
