"""Households: founded with a head, joined, split, ended. A member's relation is from-to."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import rules, steps
from ..codelists import HEAD
from ..models import Dwelling, Household, Membership, Person, Source


@transaction.atomic
def found_household(
    *,
    head: Person,
    dwelling: Dwelling | None,
    place: str = "",
    kind: str = Household.Kind.FAMILY,
    number: str = "",
    since: date,
    source: Source,
    by: Actor,
    at: datetime,
) -> Household:
    """With its head; whatever household the head was alone in, or a member of, is left."""
    head = steps.locked(head)
    place = dwelling.place if dwelling else place
    rules.check_place(place)
    household = Household(
        kind=kind, place=place, dwelling=dwelling, number=number.strip() or None,
        source=source, collected_on=localdate(at), valid_from=since, recorded_at=at,
    )  # fmt: skip
    _check_joining(household, head, since, by, at)
    household.save(force_insert=True)
    _join(household, head, HEAD, since)
    _record("registry.household_founded", household, by, at, head=head.pk)
    return household


@transaction.atomic
def set_household(
    *, person: Person, household: Household, relation: str, since: date, by: Actor, at: datetime
) -> Membership:
    """Into a household, out of the one before."""
    household = locked_household(household)
    person = steps.locked(person)
    rules.check_household(by, household)
    rules.check_relation(relation)
    _check_joining(household, person, since, by, at)
    membership = _join(household, person, relation, since)
    _record("registry.member_joined", household, by, at, person=person.pk, relation=relation)
    return membership


@transaction.atomic
def change_head(
    *,
    household: Household,
    head: Person,
    relations: Mapping[int, str],
    since: date,
    by: Actor,
    at: datetime,
) -> Household:
    """`relations` of the others to the new head, by person."""
    household = locked_household(household)
    members = _members(household)
    rules.check_household(by, household)
    rules.check_new_head(members, head, relations)
    rules.check_day(since, localdate(at), [member.since for member in members])

    now = {**relations, head.pk: HEAD}
    changed = [member for member in members if member.relation != now[member.person_id]]
    for member in changed:
        member.until = since
        member.save(update_fields=["until"])
    for member in changed:
        _enter(household, member.person_id, now[member.person_id], since)
    _record("registry.head_changed", household, by, at, head=head.pk)
    return household


@transaction.atomic
def split(
    *,
    household: Household,
    head: Person,
    relations: Mapping[int, str],
    dwelling: Dwelling | None = None,
    since: date,
    source: Source,
    by: Actor,
    at: datetime,
) -> Household:
    """`head` and those in `relations` leave and found a household of their own, at the same
    dwelling where no other is named.
    """
    household = locked_household(household)
    members = _members(household)
    leaving = {head.pk, *relations}
    rules.check_household(by, household)
    rules.check_split(members, leaving, head)
    rules.check_day(since, localdate(at), [each.since for each in members])
    for relation in relations.values():
        rules.check_relation(relation)

    new = found_household(
        head=head, dwelling=dwelling or household.dwelling, place=household.place,
        since=since, source=source, by=by, at=at,
    )  # fmt: skip
    for person in Person.objects.filter(pk__in=relations).order_by("pk"):
        if person.pk != head.pk:
            set_household(person=person, household=new, relation=relations[person.pk],
                          since=since, by=by, at=at)  # fmt: skip
    _record("registry.household_split", household, by, at, into=new.pk)
    return new


@transaction.atomic
def leave_household(*, person: Person, on: date, by: Actor, at: datetime) -> Household:
    """Out of a household without joining another; the last one ends it."""
    membership = Membership.objects.select_related("household").get(person=person, until=None)
    household = locked_household(membership.household)
    rules.check_household(by, household)
    rules.check_leaves(membership)
    rules.check_day(on, localdate(at), [membership.since])
    _leave(membership, on)
    _record("registry.member_left", household, by, at, person=person.pk)
    return household


@transaction.atomic
def end_household(*, household: Household, on: date, by: Actor, at: datetime) -> Household:
    """All memberships end; the persons stay where they are present."""
    household = locked_household(household)
    members = _members(household)
    rules.check_household(by, household)
    rules.check_day(on, localdate(at), [household.valid_from, *(each.since for each in members)])
    for member in members:
        member.until = on
        member.save(update_fields=["until"])
    household.ended_on = on
    household.save(update_fields=["ended_on"])
    _record("registry.household_ended", household, by, at)
    return household


def locked_household(household: Household) -> Household:
    return Household.objects.select_for_update().get(pk=household.pk)


def _members(household):
    return list(household.members.filter(until=None).order_by("person_id"))


def _check_joining(household, person, since, by, at):
    rules.check_may_write(by, household.place)
    present = Membership.objects.filter(person=person, until=None).first()
    rules.check_day(since, localdate(at), [present.since] if present else [])
    rules.check_joins(by, person, present, household)


def _join(household, person, relation, since):
    if present := Membership.objects.filter(person=person, until=None).first():
        _leave(present, since)
    return _enter(household, person.pk, relation, since)


def _enter(household, person_id, relation, since):
    return Membership.objects.create(
        household=household, person_id=person_id, relation=relation, since=since
    )


def _leave(membership, on):
    alone = not rules.households.others(membership).exists()
    membership.until = on
    membership.save(update_fields=["until"])
    if alone:
        Household.objects.filter(pk=membership.household_id).update(ended_on=on)


def _record(verb, household, by, at, **data):
    about = f"registry.Household:{household.pk}"
    journal.record(verb, about=about, by=by, at=at, place=household.place, **data)
