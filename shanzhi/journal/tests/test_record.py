import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from shanzhi.kernel.acting import SYSTEM

from .. import commands, labels, queries
from ..models import Cursor, Entry
from .factories import CLERK, NOON, TIANAN, make_entry


@pytest.mark.django_db
def test_an_entry_says_who_did_what_to_which_when_and_where():
    number = make_entry("cases.accepted", about="cases.Case:17", behalf="people.Account:9", days=5)

    row = queries.about("cases.Case:17")[0]
    assert row[:9] == (
        *(number, NOON, "cases.accepted", "cases.Case:17"),
        *(7, 70, "people.Account:9", TIANAN, {"days": 5}),
    )
    assert row.xid > 0


@pytest.mark.django_db
def test_the_system_has_neither_account_nor_post():
    make_entry("work.marked", about="work.Duty:3", by=SYSTEM)

    assert queries.about("work.Duty:3")[0][4:6] == (None, None)


@pytest.mark.django_db
def test_data_takes_dates_and_numbers_as_json_can():
    code = uuid.UUID("2b9a6f1e-9c1c-4a53-8f1e-139123456789")
    make_entry(due=NOON.date(), file=code, of=["a", {"b": None}])

    assert queries.about("cases.Case:1")[0].data == {
        "due": "2026-03-02",
        "file": "2b9a6f1e-9c1c-4a53-8f1e-139123456789",
        "of": ["a", {"b": None}],
    }


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction():
    with pytest.raises(RuntimeError, match="inside the command"):
        commands.record("cases.closed", about="cases.Case:1", by=CLERK, at=NOON, place=TIANAN)

    assert queries.about("cases.Case:1") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        {"phone": "13800001234"},
        {"note": "call 13800001234 please"},
        {"note": "电话13800001234。"},
        {"fields": [{"number": "32049919900307123X"}]},
        {"fields": {"320499199003071234": "name"}},
    ],
)
def test_personal_values_are_refused(data):
    with pytest.raises(ValueError, match="never phones"):
        make_entry(**data)

    assert queries.about("cases.Case:1") == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        {"number": "CZ20260302000001"},
        {"grid": "320411002018003"},
        {"code": "12320400468601234X"},  # a public body's credit code: no birthday in it
        {"amount": 13800001234},
        {"digest": "a13800001234b"},
        {"phone": "138****1234"},
    ],
)
def test_what_only_looks_alike_passes(data):
    make_entry(**data)

    assert queries.about("cases.Case:1")[0].data == data


@pytest.mark.django_db
def test_a_hot_command_writes_its_entry_in_the_same_statement():
    text, params = commands.sql_insert(
        "journal.tried",
        about="'journal.Cursor:' || follower",
        source="made",
        by=CLERK,
        at=NOON,
        place=TIANAN,
        data={"size": 2},
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "with made as (insert into journal_cursor (follower, xid, entry, failures, error)"
            " values (%s, 0, 0, 0, ''), (%s, 0, 0, 0, '') returning follower),"
            f" entry as ({text}) select count(*) from entry",
            ["first", "second", *params],
        )
        assert cursor.fetchone()[0] == 2

    assert queries.about("journal.Cursor:second")[0].data == {"size": 2}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "update journal_entry set verb = 'x'",
        "delete from journal_entry",
        "truncate journal_entry",
        "truncate journal_entry_default",
        "update journal_entry_default set verb = 'x'",
    ],
)
def test_what_is_written_stays(statement):
    make_entry()

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert [row.verb for row in queries.about("cases.Case:1")] == ["cases.received"]


@pytest.mark.django_db
def test_a_label_names_the_row_and_gives_its_key_back():
    assert labels.label(Entry(pk=17)) == "journal.Entry:17"
    assert labels.pk("journal.Entry:17") == 17
    assert labels.label(Cursor(follower="chain")) == "journal.Cursor:chain"
    assert labels.pk("journal.Cursor:chain") == "chain"


@pytest.mark.django_db
def test_a_name_in_the_data_never_becomes_sql():
    make_entry(source="made; drop table journal_entry", about_what="x")

    assert queries.about("cases.Case:1")[0].data["source"] == "made; drop table journal_entry"
