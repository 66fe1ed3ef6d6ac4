"""My data after a merge, and lists that ask the database as often for many rows as for few."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanzhi.kernel import Refused
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands, readlog
from shanzhi.registry.models import ChangeRequest, Merge

from . import factories
from . import linking_factories as lists
from . import rights_factories as make
from .factories import MONDAY, TIANAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(city):
    return factories.person("王伟", phone="13800000001", identity=factories.identity(),
                            other_phone="13800000077")  # fmt: skip


@pytest.fixture
def other(kept):
    return lists.listed("王玮", phone="13800000001", birth=kept.birth, sex="1")


@pytest.fixture
def account(kept):
    account = make.resident()
    make.bound(account, kept)
    return account


def read(person, number=1):
    for n in range(number):
        readlog.note(
            by=factories.worker(), persons=[person.pk], elements=["person.phone"],
            purpose="上门走访", through=readlog.Through.PAGE, at=MONDAY + timedelta(minutes=n),
        )  # fmt: skip


def merged(kept, other):
    return commands.merge(kept=kept, other=other, choices={}, by=factories.worker(), at=MONDAY)


def test_who_read_an_entry_that_was_merged_in_is_told_as_well(english, kept, other, account):
    read(other)
    client = people.enter(english, account)
    assert "上门走访" not in client.get("/me/data/readers/").text
    merged(kept, other)
    assert client.get("/me/data/readers/").text.count("上门走访") == 1


def dump():
    with connection.cursor() as cursor:
        cursor.execute("select registry_merge::text from registry_merge")
        return "".join(row for (row,) in cursor.fetchall())


def test_what_is_deleted_is_not_kept_for_the_undoing_of_a_merge(kept, other, account):
    merge = merged(kept, other)
    sealed = bytes(Merge.objects.get().sealed).hex()
    assert sealed in dump()
    commands.ask_erasure(person=kept, by=make.acting(account), at=MONDAY)
    assert sealed not in dump()
    assert Merge.objects.get().sealed is None
    with pytest.raises(Refused, match="cannot be undone"):
        commands.undo_merge(merge=merge, by=factories.worker(), at=MONDAY)
    assert Merge.objects.get().undone_at is None


def queries_of(client, address):
    client.get(address)  # names and units are kept in process
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_my_readers_ask_as_often_for_many_lines_as_for_one(english, kept, account):
    client = people.enter(english, account)
    read(kept)
    few = queries_of(client, "/me/data/readers/")
    read(kept, 15)
    assert queries_of(client, "/me/data/readers/") == few


def test_my_data_ask_as_often_for_many_housemates_and_disputes_as_for_none(english, kept, account):
    client = people.enter(english, account)
    few = queries_of(client, "/me/data/")
    kept.disputed = ["phone", "education"]
    kept.save(update_fields=["disputed"])
    lists.bank(kept, "6222000000000000004")
    assert queries_of(client, "/me/data/") == few


def asked(person):
    return ChangeRequest.objects.create(
        person=person, element="person.work", wanted="木工", reason="写错", place=TIANAN,
        asked_at=MONDAY,
    )  # fmt: skip


def test_the_desk_s_corrections_ask_as_often_for_many_as_for_one(desk, kept):
    asked(kept)
    few = queries_of(desk, "/desk/registry/corrections/")
    for given in "甲乙丙丁戊己庚辛":
        asked(lists.listed(f"李{given}", birth=date(1950, 1, 1)))
    assert desk.get("/desk/registry/corrections/").text.count("李*") >= 8
    assert queries_of(desk, "/desk/registry/corrections/") == few
