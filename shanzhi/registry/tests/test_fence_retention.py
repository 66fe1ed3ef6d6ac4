"""Forgetting: nothing of a person's values is left, and every count stays what it was."""

import os
import subprocess
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import connection

from operate import backup, keeping
from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused, crypto
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import population, versions
from shanzhi.registry.commands import forgetting
from shanzhi.registry.commands import retention as commands
from shanzhi.registry.models import (
    BankAccount,
    Binding,
    ChangeRequest,
    Dwelling,
    Household,
    Membership,
    Person,
    PersonKey,
    Presence,
    Source,
    Version,
)
from shanzhi.registry.queries import population as figures

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DAY = date(2010, 1, 1)
TIANAN = "320411002018"
IDENTITY, PHONE, ACCOUNT, ROOM = "320499195001011234", "15499990001", "622200009990001", "31799"
NAME, FORMER, STREET = "壬癸测", "旧名测", "不存在路7799号"


@pytest.fixture
def source():
    return Source.objects.get_or_create(
        code="community", defaults={"kind": "community", "name": "社区采集"}
    )[0]


@pytest.fixture
def settle(source):
    """Somebody with a value in every sealed column, present until a day."""
    facts = {"source": source, "valid_from": DAY, "recorded_at": NOON}

    def make(until=None, died_on=None, name=NAME, identity=IDENTITY) -> Person:
        def hashed(kind, text):
            return crypto.keyed_hash(text, kind=kind)

        person = Person.objects.create(
            name=name, former_name=FORMER, sex="1", birth=date(1950, 6, 17), identity=identity,
            identity_hash=hashed("identity", identity), phone=PHONE,
            phone_hash=hashed("phone", PHONE), registered_address=STREET, employer="不存在公司",
            died_on=died_on, state="dead" if died_on else "alive", **facts,
        )  # fmt: skip
        home = Dwelling.objects.create(
            place=TIANAN, door={"room": ROOM}, door_hash=os.urandom(32), written=STREET, **facts
        )
        Presence.objects.create(
            person=person, kind=2, place=TIANAN, dwelling=home, name=name, birth=person.birth,
            sex="1", since=DAY, until=until,
        )  # fmt: skip
        household = Household.objects.create(place=TIANAN, dwelling=home, **facts)
        Membership.objects.create(
            household=household, person=person, relation="02", since=DAY, until=until
        )
        BankAccount.objects.create(
            person=person, number=ACCOUNT, number_hash=hashed("bank", ACCOUNT), **facts
        )
        key = versions.make_key(person.pk)
        Version.objects.create(
            person_id=person.pk, section="person", valid_from=DAY, known_from=NOON,
            sealed=versions.seal({"name": name, "phone": PHONE}, key, person.pk, "person"),
        )  # fmt: skip
        return person

    return make


def everything():
    return {
        model._meta.label: list(model.objects.order_by("pk").values())
        for model in (Person, Presence, BankAccount, PersonKey, Version, Membership, Entry)
    }


@pytest.mark.django_db
def test_forgetting_empties_the_row_and_destroys_the_key(settle):
    person = settle(until=date(2015, 1, 1))
    commands.forget(person=person, reason="asked", by=SYSTEM, at=NOON)

    person.refresh_from_db()
    assert (person.name, person.former_name, person.employer, person.state) == ("", "", "", "gone")
    assert (person.identity, person.identity_hash, person.phone, person.birth) == (None,) * 4
    assert not BankAccount.objects.exists()
    assert not Membership.objects.exists()
    assert not PersonKey.objects.exists()
    found = versions.timeline(person.pk, "person")
    assert None in [span.values for span in found]  # the version is there and says nothing
    presence = Presence.objects.get()
    assert (presence.name, presence.birth, presence.dwelling) == ("", date(1950, 1, 1), None)
    entry = Entry.objects.get(verb="registry.forgotten")
    assert (entry.place, entry.data) == (TIANAN, {"reason": "asked"})


@pytest.mark.django_db
def test_whoever_is_present_is_not_forgotten(settle):
    person = settle()
    before = everything()
    with pytest.raises(Refused, match="still present"):
        commands.forget(person=person, reason="asked", by=SYSTEM, at=NOON)
    assert everything() == before


@pytest.mark.django_db
def test_figures_of_those_who_stay_do_not_change(settle):
    settle(until=date(2015, 1, 1))
    settle(name="留下", identity="320499195001015678")
    before = figures.pyramid("3204", NOON.date())
    commands.forget_due(by=SYSTEM, at=NOON)
    assert figures.pyramid("3204", NOON.date()) == before
    assert before.total == 1
    assert population.faults() == 0


@pytest.mark.django_db
def test_what_is_due_is_shown_and_let_go_in_batches_that_may_be_repeated(settle, capsys):
    long_gone = settle(until=date(2015, 1, 1), identity="320499195001010001")
    long_dead = settle(until=date(2014, 1, 1), died_on=date(2014, 1, 1))
    some_years = settle(until=date(2020, 1, 1), identity="320499195001010002")
    stays = settle(identity="320499195001010003")

    assert keeping.show(at=NOON) == {
        "section.bank": 3, "versions": 0, "persons": 2, "requests": 0, "staged": 0, "reads": 0,
        "binding-requests": 0,
        "certificates": 0, "certificate-applications": 0, "refusals": 0,
    }  # fmt: skip
    assert everything()["registry.Person"][0]["name"] == NAME
    done = keeping.apply(clock=lambda: NOON)
    assert done == {"section.bank": 3, "persons": 2}
    assert list(BankAccount.objects.values_list("person", flat=True)) == [stays.pk]
    assert set(Person.objects.filter(name="").values_list("pk", flat=True)) == {
        long_gone.pk, long_dead.pk,
    }  # fmt: skip
    assert set(PersonKey.objects.values_list("pk", flat=True)) == {some_years.pk, stays.pk}
    verbs = list(Entry.objects.order_by("id").values_list("verb", "data"))
    assert verbs == [
        ("registry.retained", {"count": 3}),
        ("registry.forgotten", {"reason": "retention"}),
        ("registry.forgotten", {"reason": "retention"}),
    ]
    assert keeping.apply(clock=lambda: NOON) == {}
    assert "Persons who left" in capsys.readouterr().out


@pytest.mark.django_db
def test_decided_requests_and_old_history_go_and_younger_ones_stay(settle):
    person = settle()
    request = {"person": person, "element": "person.phone", "reason": "x", "place": TIANAN,
               "asked_at": NOON, "wanted": PHONE}  # fmt: skip
    for year in (2022, 2024):
        ChangeRequest.objects.create(
            state="accepted", decided_at=datetime(year, 1, 1, tzinfo=UTC), **request
        )
    waits = ChangeRequest.objects.create(**request)
    for year in (2015, 2020):
        Version.objects.create(
            person_id=person.pk, section="person", sealed=b"", valid_from=DAY,
            valid_to=date(year, 1, 1), known_from=NOON,
        )  # fmt: skip
    assert keeping.apply(clock=lambda: NOON) == {"versions": 1, "requests": 1}
    assert ChangeRequest.objects.count() == 2
    assert ChangeRequest.objects.filter(pk=waits.pk).exists()
    assert Version.objects.count() == 2


@pytest.mark.django_db
def test_months_of_the_read_log_go_after_three_years():
    with connection.cursor() as cursor:
        for month in ("2022-12-01", "2023-02-01", "2023-03-01"):
            cursor.execute("select registry_read_partition(%s::date)", [month])
    assert keeping.apply(clock=lambda: NOON) == {"reads": 2}
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname::text from pg_class"
            " where relkind = 'r' and relname ~ 'readentry_202[23]'"
        )
        assert cursor.fetchall() == [("registry_readentry_2023_03",)]


# What becomes of a table that names a person is decided when it is made.
GOES = {*forgetting.GO, *forgetting.GO_BY_ID}
STAYS = {"Presence", "Version", "PersonKey", "ErasureRequest", "Consent"}


def test_of_every_table_that_names_a_person_it_is_decided_what_forgetting_does():
    sections = {each.model for each in commands.queries.of_persons()}
    undecided = {
        model.__name__
        for model in apps.get_app_config("registry").get_models()
        if any(field.column == "person_id" for field in model._meta.concrete_fields)
        and model not in GOES | sections
    } - STAYS
    assert undecided == set()


def dump() -> str:
    """All that a stolen back-up would show."""
    done = subprocess.run(
        [backup.program("pg_dump"), "--no-password", "--inserts", "--schema=public"],
        env=backup.connection_environment(), capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode()


SEALED = (IDENTITY, PHONE, ACCOUNT, ROOM, STREET)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_dump_shows_no_number_no_account_and_no_door_and_of_the_forgotten_nothing(settle):
    person = settle(until=date(2015, 1, 1))
    Binding.objects.create(
        person=person, account_id=_account(), level=2, phone_hash=b"h" * 32, proved_at=NOON,
        since=DAY, until=date(2030, 1, 1),
    )  # fmt: skip
    hashes = [crypto.keyed_hash(IDENTITY, kind="identity"), crypto.keyed_hash(PHONE, kind="phone")]
    wrapped = bytes(PersonKey.objects.get().wrapped)
    shown = dump()
    assert not [value for value in SEALED if value in shown]
    assert all(each.hex() in shown for each in (*hashes, wrapped))
    assert NAME in shown  # names are searched by their beginning: docs/registry.md

    commands.forget(person=person, reason="asked", by=SYSTEM, at=NOON)
    shown = dump()
    gone = [*SEALED, NAME, FORMER, "1950-06-17", *(each.hex() for each in (*hashes, wrapped))]
    left = [value for value in gone if value in shown]
    assert left == []


def _account():
    from shanzhi.people.models import Account

    return Account.objects.create(username="w", opened_at=NOON).pk
