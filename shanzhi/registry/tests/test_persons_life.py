"""Moving, households, registration, death, and moves between communities; inside the fence."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands, fence, queries, rules, versions
from shanzhi.registry.addresses import Address, spelled
from shanzhi.registry.commands import retention
from shanzhi.registry.models import (
    Death,
    Dwelling,
    Household,
    Membership,
    Person,
    Presence,
    Transfer,
)
from shanzhi.work.models import Duty

from . import factories
from .factories import DAY, FUDU, GRID, LIVING, MONDAY, REGISTERED, TIANAN, TODAY, WORKING
from .test_persons import refuses

# --- dwellings ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "written", "kept"),
    [
        ("number", "２５６号", "256"), ("building", "十二幢", "12"), ("building", "12号楼", "12"),
        ("building", "１２栋", "12"), ("building", "甲幢", "甲"), ("unit", "01单元", "1"),
        ("unit", "一单元", "1"), ("room", "301室", "301"), ("room", " 0301 ", "0301"),
        ("room", "三〇一室", "301"), ("building", "一百零五幢", "105"), ("building", "a座", "A"),
        ("building", "二十幢", "20"), ("road", "竹林 北路", "竹林北路"),
    ],
)  # fmt: skip
def test_an_address_has_one_spelling(part, written, kept):
    address = Address(TIANAN, road="竹林北路", number="1")
    given = {"road": address.road, "number": "1", part: written}
    assert getattr(spelled(Address(TIANAN, **given)), part) == kept


ADDRESS_TEXT = some.text("０12３五十百零〇室号幢栋楼单元门甲Aa- #", max_size=8)


@given(parts=some.fixed_dictionaries(dict.fromkeys(("building", "unit", "room"), ADDRESS_TEXT)))
def test_a_spelled_address_is_spelled_the_same_again(parts):
    first = spelled(Address(TIANAN, road="竹林北路", number="1", **parts))
    assert spelled(first) == first


def test_one_door_is_one_dwelling(worker):
    first = factories.dwelling("301", "12")
    again = factories.dwelling(" 301室", "十二幢", road="竹林北路", number="256号")
    assert first == again
    assert (first.place, first.door) == (GRID, {"unit": "1", "room": "301"})
    assert factories.dwelling("302", "12") != first
    assert factories.dwelling("301", "12", place=FUDU) != first


def test_an_address_that_leads_nowhere_is_refused(worker):
    def find(**parts):
        commands.find_dwelling(
            address=Address(TIANAN, **parts), source=factories.source(), by=worker, at=MONDAY
        )

    refuses("Enter the estate", find, "road", building="12")
    refuses("Enter the building", find, "building", road="竹林北路")
    refuses("At most 20", find, "room", road="竹林北路", room="1" * 21)
    before = Dwelling.objects.count()
    with pytest.raises(Refused, match="Only the community itself"):
        commands.find_dwelling(
            address=Address(FUDU, road="竹林北路", number="1"), source=factories.source(),
            by=worker, at=MONDAY,
        )  # fmt: skip
    assert Dwelling.objects.count() == before


# --- moving ---------------------------------------------------------------------------------------


def stays(person):
    rows = Presence.objects.filter(person=person).order_by("id")
    return [(each.kind, each.place, each.since, each.until) for each in rows]


def test_moving_inside_the_community_keeps_where_it_was(worker):
    zhang = factories.person(since=date(2024, 1, 1))
    home = factories.dwelling()
    commands.move_in(person=zhang, dwelling=home, since=TODAY, by=worker, at=MONDAY)
    assert stays(zhang) == [
        (LIVING, TIANAN, date(2024, 1, 1), TODAY), (LIVING, GRID, TODAY, None),
    ]  # fmt: skip
    refuses("entered there already", commands.move_in, "place", person=zhang, dwelling=home,
            since=TODAY, by=worker, at=MONDAY)  # fmt: skip


def test_impossible_moves_are_refused(worker):
    zhang = factories.person(since=date(2024, 1, 1))
    home = factories.dwelling()
    refuses("lies in the future", commands.move_in, "since", person=zhang, dwelling=home,
            since=TODAY + DAY, by=worker, at=MONDAY)  # fmt: skip
    refuses("cannot begin before it", commands.move_in, "since", person=zhang, dwelling=home,
            since=date(2023, 1, 1), by=worker, at=MONDAY)  # fmt: skip
    other = factories.person(place=FUDU)
    refuses("lives in 富都社区", commands.move_in, person=other, dwelling=home, since=TODAY,
            by=worker, at=MONDAY)  # fmt: skip
    refuses("not entered there", commands.move_out, person=zhang, on=TODAY, kind=WORKING,
            by=worker, at=MONDAY)  # fmt: skip


def test_whom_nobody_sees_any_longer_has_moved_away_and_may_come_back(worker):
    zhang = factories.person(since=date(2024, 1, 1))
    with fence.within(worker):
        commands.move_out(person=zhang, on=TODAY, by=worker, at=MONDAY)
    zhang.refresh_from_db()
    assert (zhang.state, queries.person(worker, zhang.pk)) == ("gone", None)

    with fence.within(worker):
        transfer = commands.ask_transfer(
            identity=zhang.identity, name="张示例", dwelling=None, place=TIANAN, since=TODAY,
            by=worker, at=MONDAY + DAY,
        )  # fmt: skip
    zhang.refresh_from_db()
    assert (transfer.state, zhang.state) == ("done", "alive")
    assert stays(zhang)[-1] == (LIVING, TIANAN, TODAY, None)


def test_a_second_workplace_is_beside_the_first(worker):
    zhang = factories.person()
    for place in (TIANAN, GRID):
        commands.move_in(
            person=zhang, dwelling=None, place=place, kind=WORKING, since=TODAY, by=worker,
            at=MONDAY,
        )  # fmt: skip
    commands.move_out(person=zhang, on=TODAY, kind=WORKING, place=GRID, by=worker, at=MONDAY)
    assert [each.place for each in queries.presence.of(zhang.pk, WORKING)] == [TIANAN]


# --- registration and death -----------------------------------------------------------------------


def test_a_register_moved_inside_the_city_gives_the_other_community_a_stub(worker):
    zhang = factories.person(registered_place=TIANAN)
    with fence.within(worker):
        commands.register(person=zhang, place=FUDU, on=TODAY, by=worker, at=MONDAY)
    zhang.refresh_from_db()
    assert zhang.registered_place == FUDU
    neighbour = factories.worker(FUDU)
    assert rules.sight(neighbour, zhang) == "stub"
    assert rules.sight(worker, zhang) == "full"
    commands.register(person=zhang, place="310101", on=TODAY, by=worker, at=MONDAY + DAY)
    assert rules.sight(neighbour, zhang) == ""
    refuses("registered there already", commands.register, "place", person=zhang, place="310101",
            on=TODAY, by=worker, at=MONDAY)  # fmt: skip


def test_a_death_ends_presences_and_membership_in_every_community(worker):
    household = factories.household("张示例", "李示例")
    spouse = Membership.objects.get(household=household, relation="10").person
    commands.register(person=spouse, place=FUDU, on=TODAY, by=SYSTEM, at=MONDAY)
    with fence.within(worker):
        commands.die(person=spouse, on=TODAY, by=worker, at=MONDAY)
    spouse.refresh_from_db()
    assert (spouse.state, spouse.died_on) == ("dead", TODAY)
    assert not Presence.objects.filter(person=spouse, until=None).exists()
    assert Membership.objects.get(person=spouse).until == TODAY
    assert rules.sight(factories.worker(FUDU), spouse) == ""
    entry = Entry.objects.get(verb="registry.died")
    assert (entry.place, entry.data) == (TIANAN, {"on": "2026-03-02"})
    for command, more in ((commands.die, {}), (commands.register, {"place": TIANAN})):
        refuses("entered as dead", command, person=spouse, on=TODAY, by=worker, at=MONDAY, **more)


@pytest.fixture
def secretary(city):
    return factories.worker(role="community_secretary")


@pytest.fixture
def dead(worker):
    """A spouse, registered in another community, entered as dead by mistake."""
    household = factories.household("张示例", "李示例")
    spouse = Membership.objects.get(household=household, relation="10").person
    commands.register(person=spouse, place=FUDU, on=TODAY - 9 * DAY, by=SYSTEM, at=MONDAY)
    before = places_of(spouse)
    with fence.within(worker):
        commands.die(person=spouse, on=TODAY - DAY, by=worker, at=MONDAY)
    return spouse, before


def places_of(person):
    rows = Presence.objects.filter(person=person).order_by("pk").values_list("pk", "until")
    return list(rows), list(Membership.objects.filter(person=person).values_list("pk", "until"))


def undo(by, reason="派出所核实，本人健在", **more):
    death = Death.objects.get(**more)
    with fence.within(by, persons=[death.person_id]):
        return commands.undo_death(death=death, reason=reason, by=by, at=MONDAY)


def test_a_wrong_death_is_taken_back_to_the_row_in_every_community(dead, secretary):
    spouse, before = dead
    undo(secretary)
    spouse.refresh_from_db()
    assert (spouse.state, spouse.died_on) == ("alive", None)
    assert places_of(spouse) == before
    assert rules.sight(factories.worker(FUDU), spouse) == "stub"
    entry = Entry.objects.get(verb="registry.death_undone")
    assert (entry.place, entry.data) == (TIANAN, {"household": True})
    believed = versions.as_of(spouse.pk, "person", day=TODAY, known_at=MONDAY)
    assert believed["state"] == "alive"
    with fence.within(secretary):
        commands.die(person=spouse, on=TODAY, by=secretary, at=MONDAY)  # and may die one day
    assert Death.objects.count() == 2


def test_what_has_ended_before_the_death_stays_ended(worker, secretary):
    zhang = factories.person(home=factories.dwelling())
    commands.move_in(person=zhang, dwelling=factories.dwelling("302"), since=TODAY - DAY,
                     by=SYSTEM, at=MONDAY)  # fmt: skip
    before = places_of(zhang)
    commands.die(person=zhang, on=TODAY - DAY, by=worker, at=MONDAY)
    undo(secretary)
    assert places_of(zhang) == before


def test_nobody_comes_back_into_a_household_with_another_head(worker, secretary):
    household = factories.household("张示例", "李示例")
    head, spouse = [each.person for each in household.members.order_by("id")]
    commands.die(person=head, on=TODAY - DAY, by=worker, at=MONDAY)
    commands.change_head(household=household, head=spouse, relations={}, since=TODAY, by=worker,
                         at=MONDAY)  # fmt: skip
    undo(secretary)
    assert Membership.objects.filter(household=household, until=None).get().person == spouse
    assert Presence.objects.filter(person=head, until=None).count() == 1
    assert Entry.objects.get(verb="registry.death_undone").data == {"household": False}


def test_a_death_is_not_taken_back_by_anybody_anyhow_or_twice(dead, worker, secretary):
    death = Death.objects.get()
    told = {"death": death, "at": MONDAY}
    refuses("secretary of the community", commands.undo_death, reason="x", by=worker, **told)
    other = factories.worker(FUDU, "community_secretary")
    refuses("secretary of the community", commands.undo_death, reason="x", by=other, **told)
    refuses("Say how it came out", commands.undo_death, "reason", reason=" ", by=secretary, **told)
    undo(secretary)
    refuses("taken back already", commands.undo_death, reason="x", by=secretary, **told)


def test_who_was_forgotten_stays_so(dead, secretary):
    spouse, _before = dead
    retention.forget(person=spouse, reason="asked", by=SYSTEM, at=MONDAY)
    assert Death.objects.count() == 0


def test_impossible_deaths_are_refused(worker):
    zhang = factories.person()
    refuses("lies in the future", commands.die, "on", person=zhang, on=TODAY + DAY, by=worker,
            at=MONDAY)  # fmt: skip
    refuses("before the birth", commands.die, "on", person=zhang, on=date(1940, 1, 1), by=worker,
            at=MONDAY)  # fmt: skip
    refuses("Only the community where", commands.die, person=factories.person(place=FUDU),
            on=TODAY, by=worker, at=MONDAY)  # fmt: skip


# --- households -----------------------------------------------------------------------------------


def relations(household):
    rows = Membership.objects.filter(household=household, until=None).order_by("relation")
    return [(each.person.name, each.relation) for each in rows]


def test_another_head_leaves_the_old_relations_in_history(worker):
    household = factories.household("张示例", "李示例", "张小例")
    head, spouse, child = (each.person for each in queries.residents.members(household).now)
    commands.change_head(
        household=household, head=spouse, relations={head.pk: "10", child.pk: "20"}, since=TODAY,
        by=worker, at=MONDAY,
    )  # fmt: skip
    assert relations(household) == [("李示例", "02"), ("张示例", "10"), ("张小例", "20")]
    assert Membership.objects.filter(household=household).count() == 5


def test_a_head_needs_relations_of_all_the_others(worker):
    household = factories.household("张示例", "李示例", "张小例")
    head, spouse, _child = (each.person for each in queries.residents.members(household).now)
    refuses("Choose the relation", commands.change_head, "relation", household=household,
            head=spouse, relations={head.pk: "10"}, since=TODAY, by=worker, at=MONDAY)  # fmt: skip
    refuses("must be a member", commands.change_head, "head", household=household,
            head=factories.person(), relations={}, since=TODAY, by=worker, at=MONDAY)  # fmt: skip
    refuses("is the head already", commands.change_head, "head", household=household, head=head,
            relations={}, since=TODAY, by=worker, at=MONDAY)  # fmt: skip


def test_joining_another_household_leaves_the_first_and_the_last_one_ends_it(worker):
    alone, family = factories.household("张示例"), factories.household("李示例", "王示例")
    zhang = Membership.objects.get(household=alone).person
    commands.set_household(
        person=zhang, household=family, relation="80", since=TODAY, by=worker, at=MONDAY
    )
    alone.refresh_from_db()
    assert alone.ended_on == TODAY
    assert ("张示例", "80") in relations(family)
    head = queries.residents.members(family).head
    other = factories.household("赵示例")
    refuses("choose a new head first", commands.set_household, person=head, household=other,
            relation="80", since=TODAY, by=worker, at=MONDAY)  # fmt: skip
    refuses("belongs to this household already", commands.set_household, person=zhang,
            household=family, relation="80", since=TODAY, by=worker, at=MONDAY)  # fmt: skip
    refuses("was ended", commands.set_household, person=zhang, household=alone, relation="80",
            since=TODAY, by=worker, at=MONDAY)  # fmt: skip
    refuses("Choose the relation", commands.set_household, "relation", person=zhang,
            household=other, relation="02", since=TODAY, by=worker, at=MONDAY)  # fmt: skip


def test_some_split_off_and_the_rest_stays(worker):
    household = factories.household("张示例", "李示例", "张小例", "张幼例")
    head, spouse, child, young = (each.person for each in queries.residents.members(household).now)
    new = commands.split(
        household=household, head=child, relations={young.pk: "70"}, since=TODAY,
        source=factories.source(), by=worker, at=MONDAY,
    )  # fmt: skip
    assert relations(household) == [("张示例", "02"), ("李示例", "10")]
    assert relations(new) == [(child.name, "02"), (young.name, "70")]
    assert new.dwelling == household.dwelling
    refuses("somebody must stay", commands.split, household=household, head=head,
            relations={spouse.pk: "10"}, since=TODAY, source=factories.source(), by=worker,
            at=MONDAY)  # fmt: skip


def test_a_household_of_another_community_is_not_mine_to_change(worker):
    household = factories.household(place=FUDU)
    refuses("Only the community itself", commands.end_household, household=household, on=TODAY,
            by=worker, at=MONDAY)  # fmt: skip
    mine = factories.household("王示例")
    commands.end_household(household=mine, on=TODAY, by=worker, at=MONDAY)
    assert relations(mine) == []
    assert Presence.objects.filter(person__name="王示例", until=None).exists()


def test_the_database_keeps_one_head_one_household_and_one_home(city):
    from django.db import IntegrityError, transaction

    household = factories.household("张示例", "李示例")
    spouse = Membership.objects.get(household=household, relation="10")
    for columns in ({"relation": "02"}, {"until": spouse.since - DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=spouse.pk).update(**columns)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(household=household, person=spouse.person, since=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(
            person=spouse.person, kind=LIVING, place=FUDU, name="李示例", since=TODAY
        )


# --- from one community to another ----------------------------------------------------------------


@pytest.fixture
def asked(worker):
    """天安社区 asks 富都社区 for somebody who is head of a household there."""
    household = factories.household("张示例", "李示例", place=FUDU)
    head = queries.residents.members(household).head
    with fence.within(worker):
        home = factories.dwelling(place=TIANAN)
        return commands.ask_transfer(
            identity=head.identity, name="张示例", dwelling=home, since=TODAY, by=worker, at=MONDAY
        )


def test_a_transfer_waits_at_the_old_community_for_five_working_days(asked):
    duty = Duty.objects.get(about=f"registry.Transfer:{asked.pk}")
    assert (duty.kind, duty.place, duty.closed_at) == ("registry.transfer", FUDU, None)
    assert asked.due_at == duty.due_at == factories.at("2026-03-09 17:30")
    assert not Presence.objects.filter(person=asked.person_id, place=GRID).exists()


def test_the_old_community_confirms_and_the_person_moves_with_history(asked):
    neighbour = factories.worker(FUDU)
    with fence.within(neighbour):
        commands.confirm_transfer(transfer=asked, by=neighbour, at=MONDAY + DAY)
    person = Person.objects.get(pk=asked.person_id)
    assert stays(person) == [
        (LIVING, FUDU, date(2020, 1, 1), TODAY), (LIVING, GRID, TODAY, None),
    ]  # fmt: skip
    assert Membership.objects.get(person=person).until == TODAY
    assert Duty.objects.get(about=f"registry.Transfer:{asked.pk}").closed_at == MONDAY + DAY
    assert Entry.objects.get(verb="registry.transferred").data == {
        "person": person.pk, "silent": False,
    }  # fmt: skip
    refuses("done already", commands.confirm_transfer, transfer=asked, by=neighbour, at=MONDAY)


def test_a_silent_community_is_taken_to_agree_after_the_limit(asked):
    due = factories.at("2026-03-09 17:30")
    assert commands.transfer_silent(by=SYSTEM, at=due - timedelta(minutes=1)) == 0
    assert commands.transfer_silent(by=SYSTEM, at=due) == 1
    assert commands.transfer_silent(by=SYSTEM, at=due) == 0
    asked.refresh_from_db()
    assert (asked.state, asked.ended_by) == ("done", None)
    assert Presence.objects.get(person=asked.person_id, until=None).place == GRID


def test_the_limit_can_be_set(worker, settings):
    settings.SHANZHI_TRANSFER_DAYS = 1
    zhang = factories.person(place=FUDU)
    transfer = ask(worker, zhang)
    assert transfer.due_at == factories.at("2026-03-03 17:30")


def ask(by, person, name="张示例", place=TIANAN, **more):
    with fence.within(by):
        return commands.ask_transfer(
            identity=more.pop("identity", person.identity), name=name, dwelling=None, place=place,
            since=TODAY, by=by, at=MONDAY, **more,
        )  # fmt: skip


def test_an_objection_needs_a_reason_and_a_withdrawal_the_asking_community(asked, worker):
    neighbour = factories.worker(FUDU)
    refuses("Say in a sentence", commands.object_transfer, "objection", transfer=asked,
            objection=" ", by=neighbour, at=MONDAY)  # fmt: skip
    for command, by in (
        (commands.confirm_transfer, worker),
        (commands.withdraw_transfer, neighbour),
    ):
        refuses("other community", command, transfer=asked, by=by, at=MONDAY)
    commands.object_transfer(transfer=asked, objection="仍住本社区", by=neighbour, at=MONDAY)
    asked.refresh_from_db()
    assert (asked.state, asked.objection) == ("objected", "仍住本社区")


def test_a_transfer_that_cannot_be_is_refused(asked, worker):
    person = asked.person
    for sentence, field, more in (
        ("Another community has asked", None, {}),
        ("Nobody of this number and name", "identity", {"name": "李示例"}),
        ("Nobody of this number and name", "identity", {"identity": factories.identity()}),
        ("Only the community itself", None, {"place": FUDU}),
    ):
        refuses(sentence, ask, field, by=worker, person=person, **more)
    mine = factories.person()
    refuses("lives in your community already", ask, "identity", by=worker, person=mine)
    factories.person(identity=mine.identity)
    refuses("Several entries hold this number", ask, "identity", by=worker, person=mine)


def test_the_new_community_learns_nothing_before_the_transfer(asked, worker):
    with fence.within(worker):
        assert not Person.objects.filter(pk=asked.person_id).exists()
        assert queries.conflicts.transfer(worker, asked.pk) == asked
    stranger = factories.worker("320411003001")
    with fence.within(stranger):
        assert not Transfer.objects.exists()
    assert REGISTERED == 1
    assert Household.objects.count() == 1
