"""A small registry, built as the large one is, says what the product itself would have written."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db import connection

from bench.generate import registering
from shanzhi.kernel import crypto, identifiers
from shanzhi.places.models import Estate
from shanzhi.registry import addresses, population
from shanzhi.registry.models import (
    BankAccount,
    Dwelling,
    Household,
    Membership,
    Person,
    Presence,
)
from shanzhi.registry.queries import population as figures

PERSONS = 6000
NOW = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db):
    before = shape()
    registering.build(count=PERSONS, seed=7, now=NOW, tell=lambda *told: None)
    assert shape() == before  # every index, key and trigger is there again


def shape():
    found = []
    with connection.cursor() as cursor:
        for text in (
            "select tablename, indexname from pg_indexes where tablename like 'registry%' and"
            " tablename not like 'registry_read%' order by 1, 2",
            "select conrelid::regclass::text, conname from pg_constraint"
            " where conrelid::regclass::text like 'registry%' order by 1, 2",
            "select tgrelid::regclass::text, tgname, tgenabled from pg_trigger"
            " where not tgisinternal and tgrelid::regclass::text like 'registry%' order by 1, 2",
        ):
            cursor.execute(text)
            found.append(cursor.fetchall())
    return found


def test_the_registry_is_whole(city):
    persons = list(Person.objects.order_by("id"))
    assert len(persons) == PERSONS == Membership.objects.count()
    households = Household.objects.count()
    assert households == Dwelling.objects.count()
    assert 2.5 < PERSONS / households < 2.9
    assert Membership.objects.filter(relation="02").count() == households
    kinds = Counter(Presence.objects.values_list("kind", flat=True))
    assert kinds[2] == PERSONS
    assert 0.92 * PERSONS < kinds[1] < 0.96 * PERSONS
    _every_person(persons)
    _every_home()
    _the_pyramids(persons)
    _next_ones_go_on(persons[0])


def _every_person(persons):
    numbers = [person.identity for person in persons]
    assert len(set(numbers)) == PERSONS
    for person in persons[:500]:
        assert identifiers.identity(person.identity, today=date(2026, 5, 20)) == person.identity
        assert person.identity[:6] == "320499"
        assert identifiers.birth(person.identity) == person.birth
        assert identifiers.sex(person.identity) == person.sex
        assert bytes(person.identity_hash) == crypto.keyed_hash(person.identity, kind="identity")
        if person.phone:
            assert identifiers.phone(person.phone)[:3] == "154"
            assert bytes(person.phone_hash) == crypto.keyed_hash(person.phone, kind="phone")
        assert person.registered_address.startswith("常州市")
    phones = [person.phone for person in persons if person.phone]
    assert len(set(phones)) == len(phones) > 0.8 * PERSONS
    account = BankAccount.objects.order_by("id").first()
    assert bytes(account.number_hash) == crypto.keyed_hash(account.number, kind="bank")


def _every_home():
    for home in Dwelling.objects.order_by("id")[:200]:
        estate = Estate.objects.get(pk=home.estate_id)
        assert estate.place == home.place[:12]
        address = addresses.Address(home.place, estate, building=home.building, **home.door)
        assert bytes(home.door_hash) == addresses.door_hash(addresses.spelled(address))


def _the_pyramids(persons):
    assert population.faults() == 0
    found = figures.pyramid("3204", NOW.date())
    assert found.total == PERSONS
    assert all(band.male and band.female for band in found.bands[:18])
    aged = sum(band.male + band.female for band in found.bands[13:])
    assert 0.14 < aged / PERSONS < 0.25


def _next_ones_go_on(person):
    new = Person.objects.create(
        name="新人", source_id=person.source_id, valid_from=date(2026, 1, 1), recorded_at=NOW
    )
    assert new.pk > PERSONS
