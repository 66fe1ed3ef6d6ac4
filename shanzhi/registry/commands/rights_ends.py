"""How a binding ends: by those it concerns, with the phone, with a death, by coming of age."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.workdays import years_before

from .. import queries, rules
from ..models import Binding, Person, Relation
from .rights import close, person_place


def _record_binding(verb, binding, by, at, place, **data):
    record(
        verb, about=f"registry.Person:{binding.person_id}", by=by, at=at, place=place,
        account=binding.account_id, relation=binding.relation, **data,
    )  # fmt: skip


def _end_each(rows, reason, by, at, place=""):
    """End them all, each with its line; how many."""
    found = list(rows.select_for_update().order_by("pk"))
    for each in found:
        close(each, reason, at)
        where = place or settings.SHANZHI_CITY
        _record_binding("registry.binding_ended", each, by, at, where, reason=str(reason))
    return len(found)


@transaction.atomic
def end_binding(*, binding: Binding, reason: str, by: Actor, at: datetime) -> Binding:
    binding = Binding.objects.select_for_update().get(pk=binding.pk)
    person = Person.objects.filter(pk=binding.person_id).first()
    rules.check_end(binding, by, person, localdate(at))

    close(binding, reason, at)
    place = person_place(person) if person else settings.SHANZHI_CITY
    _record_binding("registry.binding_ended", binding, by, at, place, reason=str(reason))
    return binding


@transaction.atomic
def end_bindings_of(*, account_id: int, by: Actor, at: datetime) -> int:
    """The account's phone went to somebody else, or to another number: every proof ends, also for
    the case that a death which ended one is taken back.
    """
    rows = Binding.objects.filter(account_id=account_id)
    rows.filter(ended=Binding.End.DIED).update(ended=Binding.End.PHONE)
    return _end_each(rows.filter(ended_at=None), Binding.End.PHONE, by, at)


@transaction.atomic
def end_bindings_outlived(*, by: Actor, at: datetime) -> int:
    """Each night: guardians of those who are of age by now, whoever still is, or speaks for,
    somebody dead, however the registry came to know of the birthday or the death, and all whose
    date has come. The last no longer saw anything: with this they hear of it.
    """
    grown = Person.objects.filter(birth__lte=years_before(localdate(at), rules.MINOR))
    rows = Binding.objects.filter(ended_at=None).exclude(relation=Relation.RELATIVE)
    ended = _end_each(
        rows.filter(relation=Relation.GUARDIAN, person__in=grown), Binding.End.AGE, by, at
    )
    dead = Person.objects.filter(pk__in=rows.values("person"), state=Person.State.DEAD)
    ended += sum(end_with_death(each, "", by, at) for each in dead.order_by("pk"))
    over = Binding.objects.filter(ended_at=None, until__lte=localdate(at))
    return ended + _end_each(over, Binding.End.OVER, by, at)


@transaction.atomic
def tell_of_ends_to_come(*, by: Actor, at: datetime) -> int:
    """Each night: whoever's time ends within the days of the setting hears of it, once."""
    rows = queries.running_out(localdate(at), rules.rights.notice_days()).select_related("person")
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for each in found:
        each.warned_at = at
        each.save(update_fields=["warned_at"])
        grown = rules.rights.comes_of_age(each)
        _record_binding(
            "registry.binding_ends_soon", each, by, at, settings.SHANZHI_CITY,
            day=str(grown or each.last_day), grown=grown is not None,
        )  # fmt: skip
    return len(found)


def end_with_death(person: Person, place: str, by: Actor, at: datetime) -> int:
    """Nobody speaks for the dead as for the living, and their own account for nobody any more.
    Inside a command that has locked the person.
    """
    rows = _of(person, Binding.objects.filter(ended_at=None))
    return _end_each(rows, Binding.End.DIED, by, at, place)


def go_on_after_death(person: Person, died: datetime, place: str, by: Actor, at: datetime) -> int:
    """The death was entered wrongly at the moment `died`: what it ended goes on, but for what was
    bound otherwise since; relatives of the dead have nothing to read any more.
    """
    rows = Binding.objects.select_for_update()
    relatives = rows.filter(person=person, relation=Relation.RELATIVE, ended_at=None)
    _end_each(relatives, Binding.End.STAFF, by, at, place)
    found = _of(person, rows.filter(ended=Binding.End.DIED, ended_at=died)).order_by("pk")
    again = [each for each in list(found) if not _stands_in_the_way(each)]
    for each in again:
        each.ended_at, each.ended = None, ""
        each.save(update_fields=["ended_at", "ended"])
        _record_binding("registry.binding_resumed", each, by, at, place)
    return len(again)


def _of(person, rows):
    """Who is bound to the person, and whoever the person's own account speaks for."""
    own = rows.filter(person=person, relation=Relation.SELF).values_list("account_id", flat=True)
    return rows.filter(Q(person=person) | Q(account__in=list(own)))


def _stands_in_the_way(binding):
    same = Q(account=binding.account_id, person=binding.person_id)
    if binding.relation == Relation.SELF:
        one = Q(account=binding.account_id) | Q(person=binding.person_id)
        same |= Q(relation=Relation.SELF) & one
    return Binding.objects.filter(same, ended_at=None).exists()


__all__ = [
    "end_binding",
    "end_bindings_of",
    "end_bindings_outlived",
    "end_with_death",
    "go_on_after_death",
    "tell_of_ends_to_come",
]
