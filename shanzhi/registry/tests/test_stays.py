"""What was believed of stays, against a list of statements; what leaves no trace, and for whom."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands, fence, queries
from shanzhi.registry.commands import forgetting, retention
from shanzhi.registry.models import Death, FormerStay, Membership, Person, Presence
from shanzhi.registry.queries import retention as queries_of_retention
from tests.concurrency import in_own_connection

from . import factories, imports_factories, linking_factories
from .factories import DAY, FUDU, GRID, LIVING, MONDAY, TIANAN, TODAY

FIRST = date(2026, 3, 2)
LATER = MONDAY + 400 * DAY


def moment() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


# --- against a list -------------------------------------------------------------------------------

STEPS = ("begin", "end", "reopen", "correct", "move", "delete")
steps = some.lists(
    some.tuples(some.sampled_from(STEPS), some.integers(0, 1), some.integers(0, 2)), max_size=5
)


@dataclass
class Naive:
    """After each statement all stays as they stand, with the moment: nothing is ever changed."""

    believed: list[tuple[datetime, dict]] = field(default_factory=list)
    now: dict = field(default_factory=dict)

    def tell(self):
        self.believed.append((moment(), dict(self.now)))

    def as_of(self, day, known_at):
        known = [stays for told, stays in self.believed if told <= known_at]
        return sorted(
            (pk, place) for pk, (place, since, until) in (known[-1] if known else {}).items()
            if since <= day and (until is None or day < until)
        )  # fmt: skip


PLACES = (TIANAN, GRID)


def do(step, number, day, person, naive):
    """One statement about the oldest or the youngest stay, if it can be made."""
    held = sorted(naive.now)
    pk = held[-number] if held else None
    place, since, until = naive.now.get(pk, ("", FIRST, None))
    on = FIRST + day * DAY
    if step == "begin" and len(held) < 3:
        row = Presence.objects.create(person=person, kind=3, place=PLACES[number], since=on)
        naive.now[row.pk] = (row.place, on, None)
    elif pk is None:
        return
    elif step == "delete":
        Presence.objects.get(pk=pk).delete()
        del naive.now[pk]
    elif step != "begin":
        changed = {
            "end": (place, since, max(on, since)), "reopen": (place, since, None),
            "correct": (place, min(on, until or on), until), "move": (PLACES[number], since, until),
        }[step]  # fmt: skip
        values = dict(zip(("place", "since", "until"), changed, strict=True))
        Presence.objects.filter(pk=pk).update(**values)
        naive.now[pk] = changed


@pytest.mark.django_db(transaction=True)
@given(told=steps)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_of_is_what_a_list_of_statements_says_for_every_day_and_moment(told):
    person, row = made()
    naive = Naive(now={row.pk: (TIANAN, FIRST, None)})
    naive.tell()
    for step, number, day in told:
        do(step, number, day, person, naive)
        naive.tell()
    for known_at, _stays in naive.believed:
        for offset in range(-1, 4):
            day = FIRST + offset * DAY
            assert held(person, day, known_at) == naive.as_of(day, known_at), (day, known_at)
    for offset in range(-1, 4):
        day = FIRST + offset * DAY
        assert held(person, day, None) == naive.as_of(day, moment())


def held(person, day, known_at):
    presences, _members = queries.stays_as_of(person, day=day, known_at=known_at)
    return sorted((each.row, each.place) for each in presences)


def made():
    person = Person.objects.create(
        name="张示例", sex="1", source=factories.source(), collected_on=FIRST, valid_from=FIRST,
        recorded_at=MONDAY,
    )  # fmt: skip
    return person, Presence.objects.create(person=person, kind=3, place=TIANAN, since=FIRST)


def end(pk):
    Presence.objects.filter(pk=pk).update(until=TODAY + DAY)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_each_is_believed_for_its_time():
    """Also where the one that writes last had begun first."""
    _person, row = made()
    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        moment()
        other.submit(in_own_connection, end, pk=row.pk).result(timeout=5)
        Presence.objects.filter(pk=row.pk).update(until=None)
    first, second = FormerStay.objects.order_by("id")
    row.refresh_from_db()
    assert (first.until, second.until, row.until) == (None, TODAY + DAY, None)
    assert first.known_to == second.known_from < second.known_to == row.recorded_at


# --- what commands leave --------------------------------------------------------------------------

LONG_AGO = date(2020, 1, 1)
BEFORE, NOW = MONDAY + DAY, None
OLD, NEW = {"unit": "1", "room": "301"}, {"unit": "1", "room": "302"}


@pytest.fixture
def zhang(city):
    person = factories.person("张示例", home=factories.dwelling(), since=LONG_AGO)
    commands.found_household(
        head=person, dwelling=factories.dwelling(), since=LONG_AGO, source=factories.source(),
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    factories.told_before()
    return person


def move(person, since=TODAY):
    commands.move_in(
        person=person, dwelling=factories.dwelling("302"), since=since, by=SYSTEM, at=MONDAY
    )


def homes(person, day, known_at):
    presences, _members = queries.stays_as_of(person, day=day, known_at=known_at)
    return [each.dwelling and each.dwelling.door for each in presences if each.kind == LIVING]


def households(person, day, known_at):
    _presences, members = queries.stays_as_of(person, day=day, known_at=known_at)
    return [(each.household.pk, each.relation) for each in members]


def test_who_has_moved_lived_before_where_it_was_thought(zhang):
    move(zhang)
    assert homes(zhang, TODAY, BEFORE) == [OLD]  # the end was not known yet
    assert homes(zhang, TODAY, NOW) == [NEW]
    assert homes(zhang, TODAY - DAY, NOW) == homes(zhang, TODAY - DAY, BEFORE) == [OLD]
    assert homes(zhang, TODAY, MONDAY - DAY) == homes(zhang, LONG_AGO - DAY, NOW) == []


def test_a_death_taken_back_is_what_was_believed_meanwhile(zhang):
    before = households(zhang, TODAY, BEFORE)
    assert before[0][1] == "02"
    commands.die(person=zhang, on=TODAY, by=SYSTEM, at=MONDAY)
    factories.told_before(MONDAY + 2 * DAY)
    assert (homes(zhang, TODAY, NOW), households(zhang, TODAY, NOW)) == ([], [])
    commands.undo_death(death=Death.objects.get(), reason="误报", by=SYSTEM, at=MONDAY + 3 * DAY)

    assert (homes(zhang, TODAY, NOW), households(zhang, TODAY, NOW)) == ([OLD], before)
    meanwhile = MONDAY + 2 * DAY
    assert (homes(zhang, TODAY, meanwhile), households(zhang, TODAY, meanwhile)) == ([], [])


def test_what_means_nothing_leaves_nothing(zhang):
    commands.change(
        section="person", person=zhang, values={"name": "张新名"}, effective=None,
        source=factories.source(), by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    Presence.objects.update(batch=7, recorded_at=LATER)
    Membership.objects.update(batch=None, recorded_at=LATER)
    for row in Presence.objects.all():
        row.recorded_at = LATER
        row.save()
    assert not FormerStay.objects.exists()
    for model in (Presence, Membership):
        assert {each.recorded_at for each in model.objects.all()} == {MONDAY}


@pytest.fixture
def taken(zhang, settings, tmp_path):
    """An import of a household; its head was known before, at another home."""
    settings.FILES_ROOT = tmp_path
    listed = imports_factories.families(1)
    head = factories.person(
        listed[0].name, identity=listed[0].number, document="111",
        home=factories.dwelling("309"), since=LONG_AGO,
    )  # fmt: skip
    factories.told_before()
    batch = imports_factories.checked(imports_factories.plain(listed))
    return imports_factories.taken(batch, "take"), head


def test_an_import_taken_back_leaves_what_was_believed_of_those_who_were_known(taken):
    batch, known = taken
    new = Person.objects.filter(batch=batch.pk).first()
    for model in (Presence, Membership):
        assert {each.recorded_at for each in model.objects.filter(person=new)} == {batch.stamp}
    imports_factories.undone(batch)

    assert not Person.objects.filter(pk=new.pk).exists()
    assert set(FormerStay.objects.values_list("person_id", flat=True)) == {known.pk}
    assert homes(known, TODAY, NOW) == homes(known, TODAY, BEFORE) != []


def test_whose_stay_was_changed_since_is_not_the_imports_any_more(taken):
    batch, _known = taken
    one, *others = Person.objects.filter(batch=batch.pk).order_by("pk")
    Presence.objects.filter(person=one, kind=LIVING).update(since=LONG_AGO)
    imports_factories.undone(batch)
    left = Person.objects.filter(pk__in=[one.pk, *(each.pk for each in others)])
    assert [each.pk for each in left] == [one.pk]


def test_two_entries_are_believed_apart_before_they_were_one_and_again_after(zhang):
    other = linking_factories.listed("张示例")
    other_home = factories.dwelling("309")
    commands.move_in(person=other, dwelling=other_home, since=TODAY, by=SYSTEM, at=MONDAY)
    factories.told_before()
    made = commands.merge(kept=zhang, other=other, choices={}, by=SYSTEM, at=MONDAY + DAY)
    assert homes(other, TODAY, NOW) == []
    assert homes(other, TODAY, BEFORE) == [other_home.door]
    assert homes(zhang, TODAY, BEFORE) == [OLD]

    commands.undo_merge(merge=made, by=SYSTEM, at=MONDAY + 2 * DAY)
    assert homes(other, TODAY, NOW) == [other_home.door]
    assert homes(zhang, TODAY, NOW) == [OLD]


# --- privacy --------------------------------------------------------------------------------------


def test_of_the_forgotten_and_of_entries_that_became_them_nothing_is_left(zhang):
    other = linking_factories.listed("张示例")
    commands.move_in(
        person=other, dwelling=factories.dwelling("309"), since=TODAY, by=SYSTEM, at=MONDAY
    )
    factories.told_before()
    commands.merge(kept=zhang, other=other, choices={}, by=SYSTEM, at=MONDAY + DAY)
    commands.move_out(person=zhang, on=TODAY, by=SYSTEM, at=MONDAY + 2 * DAY)
    told = set(FormerStay.objects.values_list("person_id", flat=True))
    assert told == {zhang.pk, other.pk}

    factories.told_before()
    forgetting.forget(person=zhang, reason="asked", by=SYSTEM, at=LATER)
    assert not FormerStay.objects.exists()


def test_another_community_sees_neither_a_stay_nor_what_was_believed_of_it(zhang):
    neighbour = factories.worker(FUDU)
    move(zhang)
    Membership.objects.update(until=TODAY)
    assert FormerStay.objects.count() == 2
    for actor, seen in ((neighbour, 0), (factories.worker(), 2)):
        with fence.within(actor):
            assert FormerStay.objects.count() == seen
    with fence.within(factories.worker(FUDU), persons=[zhang.pk]):
        assert FormerStay.objects.count() == 2
    with fence.within(neighbour):
        assert queries.stays_as_of(zhang, day=TODAY, known_at=BEFORE) == ([], [])


def test_a_worker_writes_them_too(zhang):
    by = factories.worker()
    with fence.within(by):
        commands.move_out(person=zhang, on=TODAY, by=by, at=MONDAY)
        Membership.objects.filter(person=zhang).update(relation="01")  # not over the fence
        Presence.objects.filter(person=zhang).delete()
    assert homes(zhang, TODAY, BEFORE) == [OLD]
    assert [relation for _pk, relation in households(zhang, TODAY, BEFORE)] == ["02"]


def test_they_are_kept_as_long_as_the_persons_section(zhang):
    move(zhang)
    assert FormerStay.objects.count() == 1
    when = moment()
    assert retention.delete_versions(by=SYSTEM, at=when + 3600 * DAY) == 0
    assert queries_of_retention.versions_due((when + 3700 * DAY).date()) == 1
    assert retention.delete_versions(by=SYSTEM, at=when + 3700 * DAY) == 1


def test_the_page_tells_the_stays_of_another_day(desk, zhang):
    move(zhang)
    address = f"/desk/registry/persons/{zhang.pk}/"

    def shown(**asked):
        page = desk.get(address, {"day": "2026-03-02", **asked}).content.decode()
        return page.partition("Presences and household on that day")[2].partition("</ul>")[0]

    assert "302" in shown()
    assert "301" in shown(known="on")
    assert "Head of household" in shown(known="on")
