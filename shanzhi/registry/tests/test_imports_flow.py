"""A file comes in, is checked, taken over, and undone."""

from datetime import date, timedelta

import pytest

from shanzhi.journal.models import Entry
from shanzhi.registry import commands, queries, versions, writing
from shanzhi.registry.models import (
    BankAccount,
    Batch,
    Chunk,
    Dwelling,
    Hidden,
    Household,
    Membership,
    Person,
    Presence,
    Version,
)

from . import factories, imports_factories
from .factories import GRID, MONDAY, TIANAN, TODAY
from .imports_factories import checked, families, plain, taken, undone

pytestmark = pytest.mark.django_db

LAST_YEAR = factories.at("2025-03-03 10:00")
TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def ground(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    factories.city()
    factories.estate()


def test_a_ledger_comes_in_with_persons_homes_households_and_relations():
    batch = taken(checked(plain(families(4))))

    assert (batch.state, batch.trouble) == ("opened", "")
    assert batch.counts["outcomes"] == {"new": 12}
    assert Person.objects.count() == 12
    head = Person.objects.get(name="李示乙")
    assert (head.sex, head.ethnic, head.education, head.work) == ("1", "01", "30", "10")
    assert head.phone == "13800000004"
    assert (head.registered_place, head.registered_address) == (TIANAN, "天安路1号")
    living = Presence.objects.get(person=head, kind=2)
    assert (living.place, living.name, living.since) == (GRID, "李示乙", date(2026, 3, 2))
    assert living.dwelling.door == {"unit": "2", "room": "201"}
    assert living.dwelling.written == "天安别墅1幢2单元201室"
    assert Presence.objects.get(person=head, kind=1).place == TIANAN
    membership = Membership.objects.get(person=head)
    assert membership.relation == "02"
    members = membership.household.members.order_by("id").values_list("relation", flat=True)
    assert list(members) == ["02", "10", "20"]
    assert membership.household.number == "0001"
    assert Household.objects.count() == Dwelling.objects.count() == 4


def test_nothing_is_seen_before_the_batch_is_opened():
    batch = checked(plain(families(2)))
    assert Person.objects.count() == 0
    from shanzhi.registry.commands import imports as steps
    from shanzhi.registry.commands import imports_apply

    steps.take_over(batch=batch, decision="fill", lenient=False, by=factories.worker(), at=MONDAY)
    imports_apply.hide(batch=batch)
    known = imports_apply.Writing.of(Batch.objects.get(pk=batch.pk))
    chunks = list(Chunk.objects.filter(batch=batch).values_list("pk", flat=True))
    for chunk, ready in writing.ahead(known.batch, known.tables, chunks):
        imports_apply.apply_chunk(writing=known, chunk=chunk, ready=ready)

    assert Person.objects.count() == 6
    assert queries.find(factories.worker(), "李示乙") == []
    assert queries.known(families(1)[0].number) == []
    batch = imports_factories.run(batch)
    assert batch.state == "opened"
    assert [each.name for each in queries.find(factories.worker(), "李示乙")] == ["李示乙"]
    assert queries.known(families(1)[0].number) == [TIANAN]


def test_one_line_of_the_journal_a_community_and_no_value_in_it():
    taken(checked(plain(families(3))))
    entry = Entry.objects.get(verb="registry.imported")
    assert (entry.place, entry.data) == (TIANAN, {"new": 9, "changed": 0})


def test_the_same_file_again_changes_nothing():
    taken(checked(plain(families(3))))
    again = checked(plain(families(3)))
    assert again.counts["outcomes"] == {"same": 9}
    assert Person.objects.count() == 9


def test_undone_everything_is_as_before():
    before = [model.objects.count() for model in (Person, Presence, Dwelling, Household)]
    batch = taken(checked(plain(families(3))))
    batch = undone(batch)

    assert batch.state == "undone"
    after = [model.objects.count() for model in (Person, Presence, Dwelling, Household)]
    assert after == before == [0, 0, 0, 0]
    assert (Membership.objects.count(), Hidden.objects.count()) == (0, 0)
    assert (batch.counts["kept"], batch.counts["removed"]) == (0, 9)
    assert Entry.objects.filter(verb="registry.import_undone", place=TIANAN).count() == 1


def test_who_was_changed_since_stays_when_the_import_is_undone():
    batch = taken(checked(plain(families(2))))
    person = Person.objects.get(name="李例乙")
    commands.change(
        section="person", person=person, values={"phone": "13800009999"}, effective=None,
        source=queries.source("community"), by=factories.worker(), at=TUESDAY,
    )  # fmt: skip
    batch = undone(batch, when=TUESDAY)

    assert batch.counts["kept"] == 1
    assert list(Person.objects.values_list("name", "batch")) == [("李例乙", None)]
    assert Household.objects.get().members.get().person_id == person.pk
    assert [each.id for each in queries.find(factories.worker(), "李例乙")] == [person.pk]
    assert Dwelling.objects.count() == 1


# --- known persons --------------------------------------------------------------------------------


@pytest.fixture
def known():
    """The first of the ledger, entered by hand last year with another phone and no schooling."""
    one = families(1)[0]
    person = factories.person(
        one.name, identity=one.number, phone="13800001111", registered_place=TIANAN,
        registered_address="天安路1号", document="111", ethnic="01", marital="20", when=LAST_YEAR,
    )  # fmt: skip
    return Person.objects.get(pk=person.pk)


def test_differences_of_a_known_person_are_shown_and_only_what_is_empty_is_filled(known):
    batch = checked(plain(families(1)))
    assert batch.counts["outcomes"] == {"differs": 1, "new": 2}
    [difference] = batch.differences.filter(section="person")
    assert set(difference.fields) == {"phone", "education", "political", "work", "employer"}
    assert set(difference.filling) == {"education", "political", "work", "employer"}

    batch = taken(batch)
    known.refresh_from_db()
    assert (known.phone, known.education, known.employer) == ("13800001111", "30", "示例厂")
    assert batch.counts["changed"] == {TIANAN: 1}


def test_the_file_is_taken_and_history_says_what_was_before(known):
    taken(checked(plain(families(1))), "take")
    known.refresh_from_db()
    assert known.phone == "13800000004"
    assert known.phone_hash == queries.persons.hash_of("phone", "13800000004")
    before = versions.as_of(known.pk, "person", day=date(2025, 5, 5), known_at=TUESDAY)
    assert (before["phone"], before["education"]) == ("13800001111", "")
    assert queries.find(factories.worker(), "13800000004")[0].id == known.pk


def test_the_same_versions_as_by_hand(known):
    """A change by hand and one by a file leave the same history."""
    twin = factories.person("张同样", when=LAST_YEAR)
    commands.change(
        section="person", person=twin, values={"education": "30"}, effective=date(2026, 3, 2),
        source=queries.source("community"), by=factories.worker(), at=MONDAY,
    )  # fmt: skip
    taken(checked(plain(families(1))))
    shape = ("valid_from", "valid_to", "known_from", "known_to", "source_id", "section")
    by_hand = Version.objects.filter(person_id=twin.pk).order_by("id").values_list(*shape)
    by_file = Version.objects.filter(person_id=known.pk).order_by("id").values_list(*shape)
    assert list(by_file) == list(by_hand)
    assert len(by_file) == 2


def test_kept_as_the_registry_says(known):
    taken(checked(plain(families(1))), "keep")
    known.refresh_from_db()
    assert (known.phone, known.education) == ("13800001111", "")
    assert Version.objects.count() == 0


def test_a_known_person_is_as_before_when_the_import_is_undone(known):
    batch = taken(checked(plain(families(1))), "take")
    batch = undone(batch, when=TUESDAY)
    known.refresh_from_db()
    assert (known.phone, known.education) == ("13800001111", "")
    assert set(batch.differences.values_list("state", flat=True)) == {"undone"}
    assert Person.objects.count() == 1


def test_changed_by_hand_after_the_check_is_not_overwritten(known):
    batch = checked(plain(families(1)))
    commands.change(
        section="person", person=known, values={"phone": "13800002222"}, effective=None,
        source=queries.source("community"), by=factories.worker(), at=TUESDAY,
    )  # fmt: skip
    batch = taken(batch, "take", when=TUESDAY)
    known.refresh_from_db()
    assert known.phone == "13800002222"
    assert batch.differences.get(section="person").state == "stale"


def test_a_new_member_joins_the_household_of_the_known_ones(known):
    household = commands.found_household(
        head=known, dwelling=factories.dwelling(), since=TODAY, source=queries.source("community"),
        by=factories.worker(), at=MONDAY,
    )  # fmt: skip
    taken(checked(plain(families(1))))
    members = household.members.order_by("id").values_list("person__name", "relation")
    assert list(members) == [("李示乙", "02"), ("李例乙", "10"), ("李样乙", "20")]
    assert Household.objects.count() == 1


def test_entered_by_hand_after_the_check_is_not_entered_twice():
    batch = checked(plain(families(1)))
    factories.person(families(1)[0].name, identity=families(1)[0].number)
    batch = taken(batch)
    assert Person.objects.count() == 3
    assert batch.problems.get(code="late").row == 1


def test_bank_accounts_come_along():
    lines = imports_factories.rows(families(1))
    lines[0][imports_factories.TITLES.index("银行账号")] = "6222020000000000018"
    lines[0][imports_factories.TITLES.index("开户银行")] = "示例银行"
    content = imports_factories.as_csv([imports_factories.TITLES, *lines])
    batch = checked(content)
    assert batch.counts["outcomes"] == {"new": 3}
    taken(batch)
    account = BankAccount.objects.get()
    assert (account.bank, account.number) == ("示例银行", "6222020000000000018")
    assert account.person.name == "李示乙"
