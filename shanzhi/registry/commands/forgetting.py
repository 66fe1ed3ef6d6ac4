"""Forgetting a person: nothing tells any more who this was, nor where they lived."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from shanzhi.files import commands as files
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from .. import kinds, versions
from ..models import (
    Binding,
    BindingRequest,
    ChangeRequest,
    Conflict,
    Death,
    Difference,
    FormerStay,
    Household,
    LinkPair,
    Membership,
    Merge,
    NotSame,
    Person,
    Presence,
    Tag,
    Transfer,
)
from ..queries import retention as queries
from ..rules import retention as rules

# What hangs on a person and goes with them; that they asked or agreed once stays, without values.
GO = (Membership, ChangeRequest, Transfer, Tag, Binding, Death)
GO_BY_ID = (Difference, FormerStay)


@transaction.atomic
def forget(*, person: Person, reason: str, by: Actor, at: datetime) -> None:
    """Empty the row, destroy the key and cut what leads from it to a place. That somebody of this
    sex and year lived in that community then stays, for figures, and is nobody's any more;
    `reason` is "retention" or "asked".
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    rules.check_forget(person)

    place = queries.last_place(person)
    versions.destroy_key(person.pk)
    _destroy_papers(person, by, at)
    _cut_from_others(person)
    homes = list(Membership.objects.filter(person=person).values_list("household", flat=True))
    for section in queries.of_persons():
        section.model.objects.filter(person=person).delete()
    for model in GO:
        model.objects.filter(person=person).delete()
    for model in GO_BY_ID:
        model.objects.filter(person_id=person.pk).delete()
    _empty_households(homes)
    _cut_presences(person)
    _empty(person)

    record("registry.forgotten", about=label(person), by=by, at=at, place=place, reason=reason)


def _destroy_papers(person, by, at):
    """What was sent as proof: with a correction, and by accounts that were bound to the person."""
    accounts = Binding.objects.filter(person=person).values("account")
    asked = BindingRequest.objects.filter(account__in=accounts, way=BindingRequest.Way.STAFF)
    sent = [each for each in asked if each.said.get("number") in (None, person.identity)]
    changes = ChangeRequest.objects.filter(person=person)
    for each in (*sent, *changes):
        files.purge(owner=label(each), by=by, at=at, place=settings.SHANZHI_CITY)
    BindingRequest.objects.filter(pk__in=[each.pk for each in sent]).delete()


def _cut_from_others(person):
    """What names several: two holders of a number (with its hash), and entries compared."""
    for conflict in Conflict.objects.select_for_update().filter(persons__contains=[person.pk]):
        conflict.persons = [each for each in conflict.persons if each != person.pk]
        if conflict.settled_at or len(conflict.persons) < 2:
            conflict.delete()
        else:
            conflict.save(update_fields=["persons"])
    LinkPair.objects.filter(Q(first=person.pk) | Q(second=person.pk)).delete()
    NotSame.objects.filter(Q(low=person.pk) | Q(high=person.pk)).delete()
    Merge.objects.filter(Q(kept=person) | Q(given_up=person)).delete()
    FormerStay.objects.filter(person_id__in=_given_up([person.pk])).delete()
    Person.objects.filter(merged_into=person).update(batch=None)


def _given_up(ids):
    """The entries that became these, and those that became them."""
    found = list(Person.objects.filter(merged_into__in=ids).values_list("pk", flat=True))
    return [*found, *_given_up(found)] if found else []


def _empty_households(ids):
    """A household in which nobody is remembered has neither a number nor a door."""
    left = Household.objects.filter(pk__in=ids).exclude(members__isnull=False)
    left.update(number=None, dwelling=None)


def _cut_presences(person):
    for presence in Presence.objects.filter(person=person):
        presence.person, presence.name, presence.dwelling, presence.batch = None, "", None, None
        presence.place = presence.place[:12]
        presence.birth = presence.birth and date(presence.birth.year, 1, 1)
        presence.save(update_fields=["person", "name", "dwelling", "batch", "place", "birth"])


def _empty(person):
    section = kinds.SECTIONS["person"]
    for name, column in versions.columns(section).items():
        setattr(person, column.attname, None if column.null else column.get_default())
        if section.by_field[name].hashed:
            setattr(person, f"{name}_hash", None)
    person.name, person.state, person.disputed = "", Person.State.GONE, []
    person.collected_on = person.verified_on = person.batch = None
    person.save()
