"""The filter is forgotten here on purpose."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.registry import fence
from shanzhi.registry.models import (
    BankAccount,
    Dwelling,
    Household,
    Membership,
    Person,
    PersonKey,
    Presence,
    Source,
    Version,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = date(2020, 1, 1)
TIANAN, FUDU, PANLONG = "320411002018", "320411002019", "320411003001"
GRID = TIANAN + "001"
HELD = (Person, Presence, Membership, Household, Dwelling, BankAccount, Version, PersonKey)


def post(place: str) -> Actor:
    return Actor(account_id=1, post_id=1, role="community_worker", place=place)


RESIDENT = Actor(account_id=7)


@pytest.fixture
def facts():
    source, _new = Source.objects.get_or_create(
        code="community", defaults={"kind": "community", "name": "社区采集"}
    )
    return {"source": source, "valid_from": DAY, "recorded_at": NOON}


@pytest.fixture
def settle(facts):
    """Someone with a row in every table, living in a place."""

    def make(name: str, place: str) -> Person:
        person = Person.objects.create(name=name, **facts)
        home = Dwelling.objects.create(place=place, **facts)
        Presence.objects.create(
            person=person, kind=2, place=place, dwelling=home, name=name, since=DAY
        )
        household = Household.objects.create(place=place, dwelling=home, **facts)
        Membership.objects.create(household=household, person=person, relation="02", since=DAY)
        BankAccount.objects.create(person=person, **facts)
        PersonKey.objects.create(person_id=person.pk, wrapped=b"")
        Version.objects.create(
            person_id=person.pk, section="person", sealed=b"", valid_from=DAY, known_from=NOON
        )
        return person

    return make


@pytest.fixture
def wang(settle):
    return settle("王一", GRID)


@pytest.fixture
def li(settle):
    return settle("李二", PANLONG)


def counts() -> list[int]:
    return [model.objects.count() for model in HELD]


def test_everybody_sees_the_persons_of_their_own_range_and_no_others(wang, li):
    for place, seen in (
        (TIANAN, [wang]), (GRID, [wang]), (PANLONG, [li]), ("320411002", [wang]),
        ("3204", [wang, li]), (FUDU, []), ("320402", []),
    ):  # fmt: skip
        with fence.within(post(place)):
            assert list(Person.objects.order_by("id")) == seen, place
            assert counts() == [len(seen)] * len(HELD), place
    assert counts() == [2] * len(HELD)


def test_without_a_range_nothing_is_seen(wang, li):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"set local role {fence.ROLE}")
        assert counts() == [0] * len(HELD)
        cursor.execute("set local role none")
    for nobody in (SYSTEM, RESIDENT, Actor(account_id=None, name="anonymous")):
        with fence.within(nobody):
            assert counts() == [0] * len(HELD)


def test_a_resident_sees_the_persons_they_are_bound_to(wang, li, monkeypatch):
    monkeypatch.setattr(fence, "_persons_of", {7: [wang.pk]}.get)
    with fence.within(RESIDENT):
        assert list(Person.objects.all()) == [wang]
        assert counts() == [1] * len(HELD)
    with fence.within(post(PANLONG)):
        assert list(Person.objects.all()) == [li]


def test_a_grant_names_its_own_place_and_persons(wang, li):
    with fence.within(post("3204"), place=PANLONG):
        assert list(Person.objects.all()) == [li]
    with fence.within(post(TIANAN), persons=[li.pk]):
        assert Person.objects.count() == 2
    with fence.within(post("3204"), place=""):
        assert Person.objects.count() == 0


def test_a_fence_inside_another_gives_back_the_outer_one(wang, li):
    with fence.within(post(TIANAN)):
        with fence.within(post(PANLONG)):
            assert list(Person.objects.all()) == [li]
        assert list(Person.objects.all()) == [wang]
        with pytest.raises(KeyError), fence.within(post(PANLONG)):
            raise KeyError
        assert list(Person.objects.all()) == [wang]
    assert Person.objects.count() == 2


def test_someone_elsewhere_is_neither_changed_nor_deleted(wang, li):
    with fence.within(post(TIANAN)):
        assert Person.objects.filter(pk=li.pk).update(name="变") == 0
        assert Presence.objects.filter(person_id=li.pk).update(until=DAY) == 0
        assert Version.objects.filter(person_id=li.pk).delete() == (0, {})
    li.refresh_from_db()
    assert li.name == "李二"
    assert counts() == [2] * len(HELD)


def test_who_moved_out_is_no_longer_seen(wang):
    Presence.objects.filter(person=wang).update(until=date(2021, 1, 1))
    with fence.within(post(TIANAN)):
        assert Person.objects.count() == 0
        assert Version.objects.count() == 0
        assert Presence.objects.count() == 1  # that they were here stays known


def test_what_a_request_writes_it_can_read_back(facts, settle):
    with fence.within(post(TIANAN)):
        zhao = settle("赵三", GRID)
        several = Person.objects.bulk_create([Person(name=n, **facts) for n in "钱孙"])
        assert Person.objects.count() == 3
        assert [Person.objects.get(pk=each.pk).name for each in several] == ["钱", "孙"]
    with fence.within(post(TIANAN)):
        assert list(Person.objects.all()) == [zhao]


def test_a_request_goes_on_with_who_has_just_moved_away(wang):
    with fence.within(post(TIANAN)):
        here = Presence.objects.get(person=wang)
        here.until = date(2021, 1, 1)
        here.save(update_fields=["until"])
        moved = Presence.objects.create(
            person=wang, kind=2, place=PANLONG, name=wang.name, since=date(2021, 1, 1)
        )
        assert moved.community == PANLONG
        wang.education = "20"
        wang.save(update_fields=["education"])
    with fence.within(post(TIANAN)):
        assert Person.objects.count() == 0
    with fence.within(post(PANLONG)):
        assert Person.objects.get().education == "20"


# Who is bound to whom is read before the fence can know for whom it stands. It holds no values.
OPEN = {"registry_binding"}

UNFENCED = """
    select distinct c.relname::text
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relname like 'registry\\_%' and c.relkind in ('r', 'p') and not c.relispartition
      and (a.attname = 'person_id' or c.relname = 'registry_person') and not c.relrowsecurity
"""


def test_every_table_that_names_a_person_is_fenced():
    with connection.cursor() as cursor:
        cursor.execute(UNFENCED)
        assert {name for (name,) in cursor.fetchall()} <= OPEN
