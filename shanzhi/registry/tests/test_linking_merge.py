"""Two entries become one person, and everything is as it was when that is taken back."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands, fence, merging, queries, versions
from shanzhi.registry.models import (
    BankAccount,
    Binding,
    Conflict,
    Consent,
    Household,
    Membership,
    Merge,
    Person,
    Presence,
    Tag,
)

from . import factories
from . import linking_factories as lists
from .factories import DAY, FUDU, MONDAY, TIANAN, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(city):
    return factories.person("王伟", phone="13800000001", education="20")


@pytest.fixture
def other(city):
    home = factories.dwelling("502", "9")
    return lists.listed("王玮", home=home, phone="13800000002", work="70", since=date(2024, 5, 1))


def merge(kept, other, by=SYSTEM, at=MONDAY + DAY, **choices):
    named = {name.replace("__", "."): side for name, side in choices.items()}
    return commands.merge(kept=kept, other=other, choices=named, by=by, at=at)


def test_what_only_one_entry_knows_is_taken_and_the_newer_value_holds(kept, other):
    made = merge(kept, other)
    kept.refresh_from_db()
    assert (kept.name, kept.education, kept.work) == ("王伟", "20", "70")
    assert kept.phone == "13800000001"  # collected on the same day, but known first
    assert "person.work" in made.taken
    assert "person.phone" not in made.taken


def test_a_value_verified_later_is_proposed_and_what_is_on_a_card_from_who_has_its_number(
    kept, other
):
    Person.objects.filter(pk=other.pk).update(verified_on=date(2026, 2, 1))
    merge(kept, other)
    kept.refresh_from_db()
    assert (kept.name, kept.phone, kept.verified_on) == ("王伟", "13800000002", date(2026, 2, 1))


def test_choices_hold_and_presences_repeat_the_name(kept, other):
    merge(kept, other, person__name="other", person__phone="kept", living="kept")
    kept.refresh_from_db()
    assert (kept.name, kept.phone) == ("王玮", "13800000001")
    living = Presence.objects.get(person=kept, kind=factories.LIVING, until=None)
    assert (living.name, living.dwelling_id) == ("王玮", None)
    assert kept.phone_hash == queries.persons.hash_of("phone", "13800000001")


def test_the_home_that_was_chosen_holds_and_the_other_ends_where_it_begins(kept, other):
    merge(kept, other, living="other")
    rows = Presence.objects.filter(person=kept, kind=factories.LIVING).order_by("since")
    assert [(row.since, row.until, row.dwelling_id is None) for row in rows] == [
        (date(2020, 1, 1), date(2024, 5, 1), True),
        (date(2024, 5, 1), None, False),
    ]


def test_the_entry_given_up_is_empty_and_found_by_nobody(kept, other, worker):
    number = other.phone
    merge(kept, other)
    other.refresh_from_db()
    assert (other.name, other.phone, other.work, other.birth) == ("", None, "", None)
    assert other.merged_into == kept
    assert queries.person(worker, other.pk) is None
    assert queries.find(worker, number) == []
    assert queries.linking.entries_of(kept.pk) == [kept.pk, other.pk]


def test_everything_that_hangs_on_a_person_goes_along(kept, other):
    lists.tag(other)
    lists.binding(other, people.resident(phone="13800000501"))
    lists.consent(other)
    lists.asked(other)
    lists.bank(other, "622200000001")
    merge(kept, other)
    for model in (Tag, Binding, Consent, BankAccount):
        assert model.objects.get().person_id == kept.pk, model
    assert BankAccount.objects.get().number == "622200000001"


def test_of_two_rows_that_may_exist_only_once_one_is_left_out(kept, other):
    lists.tag(kept)
    lists.tag(other)
    lists.bank(kept, "622200000001", "工商银行")
    lists.bank(other, "622200000002", "江南农商银行")
    merge(kept, other, bank__number="other", bank__bank="kept")
    assert Tag.objects.get().person == kept
    account = BankAccount.objects.get()
    assert (account.person, account.bank, account.number) == (kept, "工商银行", "622200000002")


def test_a_household_left_by_its_last_member_ends(kept, other):
    first = factories.household("王一", "李一")
    commands.set_household(
        person=kept, household=first, relation="20", since=date(2024, 1, 1), by=SYSTEM, at=MONDAY
    )
    second = commands.found_household(
        head=other, dwelling=None, place=TIANAN, since=date(2024, 6, 1), source=factories.source(),
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    merge(kept, other)
    assert Membership.objects.get(person=kept, until=None).household == first
    assert Household.objects.get(pk=second.pk).ended_on == date(2026, 3, 3)


def test_where_one_entry_knew_of_the_death_the_presences_of_the_other_end(kept, other):
    commands.die(person=other, on=date(2026, 2, 20), by=SYSTEM, at=MONDAY)
    merge(kept, other, person__state="other")
    kept.refresh_from_db()
    assert (kept.state, kept.died_on) == ("dead", date(2026, 2, 20))
    assert not Presence.objects.filter(person=kept, until=None).exists()


def test_the_journal_has_both_ids_and_names_of_fields_but_no_value(kept, other):
    made = merge(kept, other)
    entry = Entry.objects.get(verb="registry.merged")
    assert entry.about == f"registry.Person:{kept.pk}"
    assert entry.data["given_up"] == other.pk
    assert entry.data["merge"] == made.pk
    assert set(entry.data["fields"]) == set(made.taken)
    assert "13800000002" not in str(entry.data)


def test_a_conflict_of_two_holders_is_settled_and_open_again_when_undone(city):
    number = factories.identity()
    one = factories.person("王伟", identity=number)
    two = factories.person("王玮", identity=number)
    conflict = Conflict.objects.get(settled_at=None)
    made = merge(one, two)
    conflict.refresh_from_db()
    assert conflict.outcome == Conflict.Outcome.MERGED
    commands.undo_merge(merge=made, by=SYSTEM, at=MONDAY + 2 * DAY)
    conflict.refresh_from_db()
    assert (conflict.outcome, conflict.settled_at) == ("", None)


# --- undoing --------------------------------------------------------------------------------------


def furnish(kept, other):
    """Everything that can hang on both."""
    for each, card in ((kept, "622200000001"), (other, "622200000002")):
        lists.tag(each)
        lists.tag(each, "rehab")
        lists.bank(each, card)
        lists.consent(each)
        commands.change(
            section="person", person=each, values={"employer": f"单位{each.pk}"},
            effective=date(2025, 6, 1), source=factories.source(), by=SYSTEM, at=MONDAY,
        )  # fmt: skip
        commands.found_household(
            head=each, dwelling=None, place=TIANAN, since=date(2024, 6, 1),
            source=factories.source(), by=SYSTEM, at=MONDAY,
        )  # fmt: skip
    lists.asked(other)
    lists.binding(other, people.resident(phone="13800000501"))
    lists.binding(other, people.resident(phone="13800000502"), "proxy")


@pytest.mark.parametrize("side", ["kept", "other"])
def test_a_merge_taken_back_leaves_every_table_as_it_was(kept, other, side):
    furnish(kept, other)
    before = lists.everything()
    histories = [lists.history(each.pk) for each in (kept, other)]
    choices = {each.code: side for each in merging.sides(kept, other)}
    choices |= {"person.identity": "kept", "person.document": "kept", "person.birth": "kept"}
    made = commands.merge(kept=kept, other=other, choices=choices, by=SYSTEM, at=MONDAY + DAY)
    assert lists.everything() != before
    assert Person.objects.get(pk=other.pk).employer == ""
    commands.undo_merge(merge=made, by=SYSTEM, at=MONDAY + 2 * DAY)
    assert lists.everything() == before
    assert [lists.history(each.pk) for each in (kept, other)] == histories
    made.refresh_from_db()
    assert made.sealed is None
    assert Entry.objects.filter(verb="registry.merge_undone").count() == 1


@given(st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_chosen_can_be_taken_back(city, data):
    """Also of sides that lack something, and where a choice makes the merge impossible."""
    draw = data.draw
    with transaction.atomic():
        one = factories.person("王伟", education=draw(st.sampled_from(["", "20", "30"])))
        two = lists.listed("王玮", work=draw(st.sampled_from(["", "70"])), birth=one.birth)
        for each in (one, two):
            for furnish_it in (lists.tag, lists.consent, lists.asked):
                if draw(st.booleans()):
                    furnish_it(each)
            if draw(st.booleans()):
                lists.bank(each, draw(st.sampled_from(["622200000001", "622200000002"])))
            if draw(st.booleans()):
                commands.die(person=each, on=TODAY, by=SYSTEM, at=MONDAY)
        before = lists.everything()
        codes = [side.code for side in merging.sides(one, two)]
        chosen = draw(st.dictionaries(st.sampled_from(codes), st.sampled_from(["kept", "other"])))
        try:
            made = commands.merge(kept=one, other=two, choices=chosen, by=SYSTEM, at=MONDAY + DAY)
        except Refused:
            assert lists.everything() == before
        else:
            commands.undo_merge(merge=made, by=SYSTEM, at=MONDAY + 2 * DAY)
            assert lists.everything() == before
        transaction.set_rollback(True)


def test_who_is_forgotten_is_forgotten_with_the_entry_that_went_into_it(kept, other):
    furnish(kept, other)
    made = merge(kept, other)
    assert versions.open_key(other.pk) is None
    versions.destroy_key(kept.pk)
    with pytest.raises(Refused, match="was deleted since"):
        commands.undo_merge(merge=made, by=SYSTEM, at=MONDAY + DAY)


def undo_refused(made, sentence, by=SYSTEM):
    before = lists.everything()
    with pytest.raises(Refused, match=sentence):
        commands.undo_merge(merge=made, by=by, at=MONDAY + 2 * DAY)
    assert lists.everything() == before


def test_undoing_is_refused_with_what_was_changed_since(kept, other):
    made = merge(kept, other)
    commands.change(
        section="person", person=kept, values={"phone": "13800000009"}, effective=None,
        source=factories.source(), by=SYSTEM, at=MONDAY + DAY * 2,
    )  # fmt: skip
    undo_refused(made, "changed since the merge.*Phone")


def test_undoing_is_refused_where_the_person_has_moved_since(kept, other):
    made = merge(kept, other)
    commands.move_out(person=kept, on=TODAY, by=SYSTEM, at=MONDAY + DAY)
    undo_refused(made, "changed since the merge.*present")


def test_what_came_later_stays_with_the_person(kept, other):
    made = merge(kept, other)
    lists.tag(kept, "youth")
    commands.undo_merge(merge=made, by=SYSTEM, at=MONDAY + DAY)
    assert Tag.objects.get(kind="youth").person == kept


def test_merges_are_undone_in_the_opposite_order(kept, other):
    third = lists.listed("王伟", phone="13800000003")
    first = merge(kept, other)
    second = merge(kept, third, at=MONDAY + 2 * DAY)
    undo_refused(first, "A later merge")
    commands.undo_merge(merge=second, by=SYSTEM, at=MONDAY + 3 * DAY)
    commands.undo_merge(merge=first, by=SYSTEM, at=MONDAY + 3 * DAY)
    assert Person.objects.filter(merged_into=None).count() == 3
    undo_refused(first, "undone already")


def test_a_chain_is_undone_from_its_end(kept, other):
    third = lists.listed("王伟", phone="13800000003")
    first = merge(other, third)
    second = merge(kept, other, at=MONDAY + 2 * DAY)
    undo_refused(first, "A later merge")
    commands.undo_merge(merge=second, by=SYSTEM, at=MONDAY + 3 * DAY)
    commands.undo_merge(merge=first, by=SYSTEM, at=MONDAY + 3 * DAY)
    assert Person.objects.filter(merged_into=None).count() == 3


# --- what is refused ------------------------------------------------------------------------------


def refused(kept, other, sentence, by=SYSTEM, **choices):
    before = lists.everything()
    with pytest.raises(Refused, match=sentence):
        merge(kept, other, by, **choices)
    assert lists.everything() == before
    assert not Merge.objects.exists()


def test_two_different_numbers_are_two_persons(kept):
    refused(kept, factories.person("王伟"), "identity numbers differ")


def test_an_entry_is_not_merged_with_itself(kept):
    refused(kept, kept, "one entry, not two")


def test_a_choice_has_to_be_one_of_the_two(kept, other):
    refused(kept, other, "one of the two values", person__name="王五")
    refused(kept, other, "one of the two values", person__batch="other")


def test_what_a_number_tells_cannot_be_chosen_away(kept, other):
    Person.objects.filter(pk=other.pk).update(birth=date(1960, 1, 1))
    refused(kept, other, "date of birth differs", person__birth="other")


def test_another_community_cannot_merge(kept, other):
    stranger = factories.worker(FUDU)
    refused(kept, other, "not in the registry of your community", by=stranger)
    refused(kept, other, "not in the registry", by=factories.worker("320411", "district_clerk"))


def test_who_lives_elsewhere_has_to_be_transferred_first(kept, worker):
    elsewhere = factories.person(
        "王伟", place=FUDU, identity=None, registered_place=TIANAN, phone=None
    )
    refused(kept, elsewhere, "ask it for a transfer", by=worker)


def test_two_accounts_are_not_thrown_together(kept, other):
    lists.binding(kept, people.resident(phone="13800000501"))
    lists.binding(other, people.resident(phone="13800000502"))
    refused(kept, other, "bound to an account")


def test_two_corrections_of_one_field_are_decided_first(kept, other):
    lists.asked(kept)
    lists.asked(other)
    refused(kept, other, "waits for a correction")


def test_the_worker_of_the_community_merges_inside_the_fence(kept, other, worker):
    furnish(kept, other)
    before = lists.everything()
    with fence.within(worker):
        made = merge(queries.person(worker, kept.pk), queries.person(worker, other.pk), worker)
    assert Presence.objects.filter(person=other).count() == 0
    assert made.made_by == worker.account_id
    with fence.within(worker):
        commands.undo_merge(merge=Merge.objects.get(), by=worker, at=MONDAY + DAY)
    assert lists.everything() == before


def test_what_another_community_sees_goes_along_behind_the_fence(kept, other, worker):
    commands.move_in(
        person=other, dwelling=None, place=FUDU, since=TODAY, kind=factories.WORKING, by=SYSTEM,
        at=MONDAY,
    )  # fmt: skip
    with fence.within(worker):
        merge(kept, other, worker)
    assert queries.person(factories.worker(FUDU), kept.pk) == kept
    assert not Presence.objects.filter(person=other).exists()
