"""Applications sent on the phone: of whoever sent them, and of the community that has them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Account
from shanzhi.registry import fence
from shanzhi.registry import queries as registry
from shanzhi.registry.models import Person, Relation

from ..kinds import Held
from ..models import Application, Certificate, Entry, Refusal
from . import facts
from .register import WORKERS

State = Application.State
OPEN = frozenset({State.SENT, State.INCOMPLETE})
ASKING = frozenset({Relation.SELF, Relation.GUARDIAN})  # for whom an account may ask
COMMUNITY = 12  # digits of its code


@dataclass(frozen=True)
class Subject:
    """Somebody for whom an account may ask, and the community that knows them."""

    person: Person
    own: bool
    place: str


def subjects(account_id: int | None, on: date) -> list[Subject]:
    """Oneself first; asked inside the fence of the persons the account is bound to."""
    found = []
    for binding in registry.bindings(account_id, on=on):
        person = registry.person_of(binding.person_id)
        if binding.relation in ASKING and person:
            places = registry.places_of(person)
            place = places[0][:COMMUNITY] if places else ""
            found.append(Subject(person, binding.relation == Relation.SELF, place))
    return found


def home(account_id: int | None) -> str:
    """The community an account has chosen; "" where it has chosen none."""
    code = Account.objects.filter(pk=account_id).values_list("home", flat=True).first() or ""
    return code[:COMMUNITY] if len(code) >= COMMUNITY else ""


def looked_at(by: Actor, entry: Entry, person_id: int | None, on: date) -> tuple[str, Held | None]:
    """The community that answers, and what the registry holds of the person: as far as `by` is
    bound to them, and where the certificate states something of a person.
    """
    if not entry.of_person:
        return home(by.account_id), None
    with fence.within(by, place="", persons=registry.bound_ids(by.account_id, on=on)):
        for each in subjects(by.account_id, on):
            if each.person.pk == person_id:
                return each.place, facts.of_person(each.person, entry.fields)
    return "", None


def own(account_id: int, bound: Collection[int]) -> QuerySet[Application]:
    """What an account sent. Of a person it is no longer bound to nothing: numbers change hands."""
    rows = Application.objects.select_related("entry", "certificate", "certificate__unit")
    return rows.filter(Q(person=None) | Q(person__in=list(bound)), account=account_id)


def own_letters(account_id: int) -> QuerySet[Refusal]:
    return Refusal.objects.select_related("entry", "unit").filter(asker=account_id)


def of_place(actor: Actor) -> QuerySet[Application]:
    rows = Application.objects.select_related("entry", "certificate")
    return rows.filter(place=actor.place) if actor.role in WORKERS else rows.none()


def arrived(actor: Actor) -> list[Application]:
    """What waits for the community, the oldest first."""
    return list(of_place(actor).filter(state=State.SENT).order_by("pk")[:20])


def of(certificate: Certificate) -> Application | None:
    return Application.objects.filter(certificate=certificate).first()


def is_own(certificate: Certificate, by: Actor) -> bool:
    """Did this account ask for it on the phone?"""
    rows = Application.objects.filter(certificate=certificate, account=by.account_id)
    return by.account_id is not None and rows.exists()
