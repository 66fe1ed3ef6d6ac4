"""After somebody is forgotten nothing tells who they were, nor where they lived."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.db.models.functions import ExtractYear

from shanzhi.files import commands as files
from shanzhi.files.models import File
from shanzhi.files.tests.factories import jpeg, upload
from shanzhi.kernel.acting import SYSTEM
from shanzhi.kernel.fields import SealedText
from shanzhi.registry import commands, readlog, versions
from shanzhi.registry.commands import forgetting, retention
from shanzhi.registry.models import (
    BindingRequest,
    Conflict,
    ErasureRequest,
    Household,
    LinkJob,
    LinkPair,
    Person,
    Presence,
)

from . import factories, linking_factories, rights_factories
from .factories import DAY, LIVING, MONDAY, REGISTERED, TIANAN, TODAY

FIRST = {"person": 770_000_000_001, "dwelling": 880_000_000_001, "household": 990_000_000_001}
NAME, OTHER_NAME = "壬癸测", "甲乙验"
NUMBER = rights_factories.number(date(1950, 6, 17), "123")
LEFT = TODAY + 20 * DAY
LATER = MONDAY + 400 * DAY


@pytest.fixture
def city(db):
    factories.city()
    with connection.cursor() as cursor:
        for table, first in FIRST.items():  # ids that are found in any text
            sequence = f"pg_get_serial_sequence('registry_{table}', 'id')"
            cursor.execute(f"select setval({sequence}, {first})")


def compared(person, other):
    job = LinkJob.objects.create(place=TIANAN, state="done", made_at=MONDAY)
    LinkPair.objects.create(
        job=job, place=TIANAN, first=person.pk, second=other.pk, weight=5.0, start=-3.0,
        suggested=True, parts=[],
    )  # fmt: skip
    commands.say_not_same(one=person, two=other, by=SYSTEM, at=MONDAY)


def bound_by_papers(person):
    account = rights_factories.resident("13800000044", NAME)
    by = rights_factories.acting(account)
    asked = rights_factories.asked_by_papers(account, person)
    worker = factories.worker()
    commands.decide_binding(
        request=asked, person=person, accept=True, answer="居民身份证", by=worker, at=MONDAY
    )
    photo = files.store(upload=upload(jpeg()), by=by, at=MONDAY)
    change = commands.ask_correction(
        person=person, element="person.phone", value="13800000045", reason="换了号码",
        evidence=[photo.pk], by=by, at=MONDAY + DAY,
    )  # fmt: skip
    commands.decide_correction(
        request=change, accept=True, answer="已核实", by=SYSTEM, at=MONDAY + DAY
    )
    commands.ask_erasure(person=person, by=by, at=MONDAY + DAY)


@pytest.fixture
def gone(city):
    """Somebody of whom everything was entered that may be, and who has left the city since."""
    home = factories.dwelling("3179")
    person = factories.person(NAME, home=home, identity=NUMBER, registered_place=TIANAN)
    commands.found_household(
        head=person, dwelling=home, number="320499001", since=date(2020, 1, 1),
        source=factories.source(), by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    namesake = factories.person(OTHER_NAME, identity=NUMBER)
    commands.change(
        section="person", person=namesake, effective=None, source=factories.source(),
        values={"identity": rights_factories.number(date(1950, 6, 17), "125")},
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    compared(person, namesake)
    listed = linking_factories.listed(NAME)
    commands.merge(kept=person, other=listed, choices={}, by=SYSTEM, at=MONDAY)
    person.refresh_from_db()
    bound_by_papers(person)
    linking_factories.tag(person)
    readlog.note(
        by=factories.worker(), persons=[person.pk], elements=["person.phone"], purpose="走访",
        through=readlog.Through.PAGE, at=MONDAY,
    )  # fmt: skip
    factories.told_before()
    Person.objects.filter(pk=person.pk).update(batch=5)
    Presence.objects.filter(person=person).update(batch=5)
    commands.move_in(
        person=person, dwelling=factories.dwelling("3180"), since=TODAY, by=SYSTEM, at=MONDAY + DAY
    )
    commands.register(person=person, place="320199", on=LEFT, by=SYSTEM, at=LATER)
    commands.move_out(person=person, on=LEFT, by=SYSTEM, at=LATER)
    person.refresh_from_db()
    return person


def rows_naming(text):
    """By table: every row of the database that has these characters in it, as a dump would."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname::text from pg_class where relkind in ('r', 'p') and not relispartition"
            " and relnamespace = 'public'::regnamespace order by 1"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'select row_text from (select t::text row_text from "{table}" t) rows '
                           "where position(%s in row_text) > 0", [text])  # fmt: skip
            if rows := [row for (row,) in cursor.fetchall()]:
                found[table] = rows
    return found


def forget(person):
    forgetting.forget(person=person, reason="asked", by=SYSTEM, at=LATER)


# The journal and the log of reads are never changed: they tell in which community something was
# done about a number that nobody is any more, and the log goes after three years.
KEPT = {"journal_entry", "registry_readentry"}
EMPTY = {"registry_person", "registry_version", "registry_erasurerequest"}


def test_of_no_table_is_it_learnt_where_the_forgotten_lived(gone):
    before = rows_naming(str(gone.pk))
    assert {"registry_presence", "registry_conflict", "registry_linkpair", "registry_notsame",
            "registry_merge", "registry_tag", "registry_binding",
            "registry_formerstay"} <= set(before)  # fmt: skip

    forget(gone)

    after = rows_naming(str(gone.pk))
    assert set(after) <= KEPT | EMPTY
    told = [row for table in set(after) - KEPT for row in after[table] if TIANAN in row]
    assert told == []
    assert Person.objects.filter(batch=5).count() == 0
    household = Household.objects.get()
    assert (household.number, household.dwelling) == (None, None)


def sealed():
    """Every sealed value of the database, opened with the keys of the server."""
    for model in apps.get_models():
        names = [
            each.attname for each in model._meta.concrete_fields if isinstance(each, SealedText)
        ]
        for row in model._default_manager.all() if names else ():
            yield from (f"{model._meta.label} {getattr(row, name)}" for name in names)


def test_with_all_keys_nothing_sealed_names_them_and_their_papers_are_destroyed(gone):
    assert [each for each in sealed() if NUMBER in each and "BindingRequest" in each]
    assert File.objects.count() == 2

    forget(gone)

    left = [each for each in sealed() if NUMBER in each or NAME in each]
    assert [each for each in left if not each.startswith("people.Account ")] == []
    assert (File.objects.count(), BindingRequest.objects.count()) == (0, 0)
    spans = [each.values for each in versions.timeline(gone.pk, "person")]
    assert None in spans  # what was before is there, and cannot be opened
    assert NAME not in str(spans)


def stays(on):
    """How many lived and were registered where, by sex and year of birth, on a past day."""
    rows = Presence.objects.filter(since__lte=on).exclude(until__lte=on)
    rows = rows.values_list("community", "kind", "sex", ExtractYear("birth"))
    return sorted(rows.annotate(Count("pk")), key=str)


def test_figures_of_the_past_stay_and_so_does_what_is_asked_about_others(gone):
    days = [date(2021, 1, 1), TODAY - DAY, TODAY, LEFT - DAY, LEFT]
    other = Person.objects.get(name=OTHER_NAME)
    asked = {"section": "person", "day": TODAY, "known_at": LATER}
    before = [stays(day) for day in days], versions.as_of(other.pk, **asked)

    forget(gone)

    assert ([stays(day) for day in days], versions.as_of(other.pk, **asked)) == before
    nobodys = Presence.objects.filter(person=None)
    assert sorted(nobodys.values_list("kind", "since", "until", "place", "birth")) == [
        (REGISTERED, TODAY, LEFT, TIANAN, date(1950, 1, 1)),
        (LIVING, date(2020, 1, 1), TODAY, TIANAN, date(1950, 1, 1)),
        (LIVING, TODAY, LEFT, TIANAN, date(1950, 1, 1)),
    ]


def test_two_others_with_the_number_go_on_being_a_conflict(city):
    three = [factories.person(name, identity=NUMBER) for name in (NAME, OTHER_NAME, "丙丁试")]
    assert Conflict.objects.get().persons == [each.pk for each in three]
    Presence.objects.filter(person=three[0]).update(until=TODAY)

    forget(three[0])
    assert Conflict.objects.get().persons == [each.pk for each in three[1:]]
    Presence.objects.filter(person=three[1]).update(until=TODAY)
    forget(three[1])
    assert not Conflict.objects.exists()


def test_requests_to_be_bound_go_after_three_years_with_their_papers(city):
    person = factories.person(NAME)
    account = rights_factories.resident()
    old = rights_factories.asked_by_papers(account, person)
    waits = rights_factories.asked_by_papers(account, person)
    commands.show_code(account_id=account.pk, by=rights_factories.acting(account), at=MONDAY)
    BindingRequest.objects.filter(pk=old.pk).update(state="refused", decided_at=MONDAY)

    assert retention.delete_binding_requests(by=SYSTEM, at=MONDAY + timedelta(days=1000)) == 0
    assert retention.delete_binding_requests(by=SYSTEM, at=MONDAY + timedelta(days=1096)) == 2
    assert BindingRequest.objects.get() == waits
    assert File.objects.get().owner == f"registry.BindingRequest:{waits.pk}"


def test_nobodys_row_is_a_figure_and_nothing_more(gone):
    forget(gone)
    row = Presence.objects.filter(person=None).first()
    for change in ({"until": None}, {"name": NAME}, {"batch": 5}):
        with pytest.raises(IntegrityError, match="presence_of_nobody"), transaction.atomic():
            Presence.objects.filter(pk=row.pk).update(**change)
    assert ErasureRequest.objects.count() == 1
