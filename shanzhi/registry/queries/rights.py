"""Who is bound to whom, and what is asked about a person's data."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.timezone import localdate

from shanzhi.kernel import crypto
from shanzhi.kernel import places as codes
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.workdays import years_before
from shanzhi.people import queries as people

from .. import kinds
from ..models import (
    Binding,
    BindingRequest,
    ChangeRequest,
    ErasureRequest,
    Person,
    Presence,
    Relation,
)

MINOR = 18  # years


def held(on: date) -> Q:
    """Not ended, not over, and the account still has the phone it was proved with."""
    return Q(
        ended_at=None,
        since__lte=on,
        until__gt=on,
        account__is_active=True,
        account__phone_hash=F("phone_hash"),
    )


def bindings(account_id: int | None, *, on: date | None = None) -> list[Binding]:
    """Every valid binding of an account, its own person first."""
    if account_id is None:
        return []
    rows = Binding.objects.filter(held(on or localdate()), account_id=account_id)
    return sorted(rows.order_by("id"), key=lambda each: each.relation != Relation.SELF)


def bound_ids(account_id: int | None, *, on: date | None = None) -> list[int]:
    """The persons an account may speak for; asks no table that is fenced."""
    return [each.person_id for each in bindings(account_id, on=on)]


def bound_person(account_id: int | None, *, on: date | None = None) -> Person | None:
    """The person the account itself is, by a valid binding; never one it only speaks for."""
    for each in bindings(account_id, on=on):
        if each.relation == Relation.SELF:
            return person_of(each.person_id)
    return None


def person_of(pk: int) -> Person | None:
    """The person, or the one it was merged into."""
    person = Person.objects.filter(pk=pk).first()
    while person is not None and person.merged_into_id is not None:
        person = Person.objects.filter(pk=person.merged_into_id).first()
    return person


def binding_for(
    account_id: int | None, person_id: int, *, on: date | None = None
) -> Binding | None:
    """The binding by which an account speaks for this person."""
    for each in bindings(account_id, on=on):
        if each.person_id == person_id:
            return each
    return None


def speaks_for_self(account_id: int | None, person_id: int, *, on: date | None = None) -> bool:
    """The account is this person, and not a guardian or proxy."""
    found = binding_for(account_id, person_id, on=on)
    return found is not None and found.relation == Relation.SELF


def bound_accounts(person_ids: Collection[int], *, on: date | None = None) -> dict[int, list[int]]:
    """Whom to tell about a person: the accounts bound to it, by person."""
    rows = Binding.objects.filter(held(on or localdate()), person_id__in=list(person_ids))
    found: dict[int, list[int]] = {}
    for person_id, account_id in rows.order_by("id").values_list("person_id", "account_id"):
        found.setdefault(person_id, []).append(account_id)
    return found


def all_bindings(person_id: int) -> list[Binding]:
    """Valid and past ones, the newest first: for the desk."""
    rows = Binding.objects.filter(person_id=person_id).select_related("account")
    return list(rows.order_by("-id"))


def past_bindings(account_id: int, *, on: date, days: int = 90) -> list[Binding]:
    """Those of the account that ended lately, the last first: what somebody wonders about who no
    longer sees what they saw. Not those that another one replaced.
    """
    since = on - timedelta(days=days)
    rows = Binding.objects.filter(account_id=account_id).exclude(ended=Binding.End.AGAIN)
    over = Q(ended_at=None, until__lte=on, until__gt=since) | Q(ended_at__date__gt=since)
    return list(rows.filter(over).order_by("-id")[:10])


def running_out(on: date, days: int) -> QuerySet[Binding]:
    """Bindings that end within so many days, by their date or as the child comes of age, and of
    which nobody was told yet. Not those made for no longer: they were told when it was bound.
    """
    near = on + timedelta(days=days)
    grown = Q(relation=Relation.GUARDIAN, person__birth__lte=years_before(near, MINOR))
    dead = Q(person__state=Person.State.DEAD) & ~Q(relation=Relation.RELATIVE)
    rows = Binding.objects.filter(held(on), Q(until__lte=near) | grown, warned_at=None)
    return rows.filter(until__gt=F("since") + timedelta(days=days)).exclude(dead)


def speakers(person_id: int, account_id: int, *, on: date | None = None) -> list[Binding]:
    """Valid bindings of others' accounts to this person, with the accounts."""
    rows = Binding.objects.filter(held(on or localdate()), person_id=person_id)
    return list(rows.exclude(account_id=account_id).select_related("account").order_by("id"))


def binding_requests(account_id: int) -> list[BindingRequest]:
    rows = BindingRequest.objects.filter(account_id=account_id, way=BindingRequest.Way.STAFF)
    return list(rows.order_by("-asked_at", "pk")[:20])


# --- changes --------------------------------------------------------------------------------------


def change_requests(person_id: int) -> list[ChangeRequest]:
    return list(ChangeRequest.objects.filter(person_id=person_id).order_by("-id")[:50])


def open_change(person_id: int, element: str) -> ChangeRequest | None:
    return ChangeRequest.objects.filter(
        person_id=person_id, element=element, state=ChangeRequest.State.WAITING
    ).first()


def asked_as(change: ChangeRequest) -> Binding | None:
    """By which binding the account asked; none where staff did, or the system."""
    rows = Binding.objects.filter(account=change.asked_by, person=change.person_id)
    then = rows.filter(proved_at__lte=change.asked_at).exclude(ended_at__lte=change.asked_at)
    return then.select_related("account").order_by("-pk").first()


def changes_of_unit(actor: Actor, *, waiting: bool) -> QuerySet[ChangeRequest]:
    """What the actor's desk decides, or has decided; never another desk's."""
    rows = ChangeRequest.objects.filter(place=unit_place(actor.place), department=actor.department)
    state = ChangeRequest.State.WAITING
    return (rows.filter(state=state) if waiting else rows.exclude(state=state)).order_by("-id")


def change_of_unit(actor: Actor, pk: int) -> ChangeRequest | None:
    place, department = unit_place(actor.place), actor.department
    rows = ChangeRequest.objects.filter(pk=pk, place=place, department=department)
    return rows.select_related("person").first()


def is_of_unit(request: ChangeRequest, actor: Actor) -> bool:
    same = unit_place(actor.place) == request.place
    return same and actor.department == request.department


def unit_place(place: str) -> str:
    """A community and its grids have one desk."""
    return place[:12]


def erasures(person_id: int) -> list[ErasureRequest]:
    return list(ErasureRequest.objects.filter(person_id=person_id).order_by("-id")[:20])


def children(person_ids: Collection[int], on: date) -> set[int]:
    """Those under fourteen, whose data are sensitive as a whole (article 31)."""
    rows = Person.objects.filter(pk__in=list(person_ids), birth__gt=years_before(on, 14))
    return set(rows.values_list("pk", flat=True))


def years_after(birth: date, years: int) -> date:
    """The day on which someone turns that old; after a 29 February that is 1 March."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def places_of(person: Person) -> list[str]:
    """The divisions in which the person is present now, where they live first."""
    rows = Presence.objects.filter(person=person, until=None).values_list("kind", "place")
    order = {Presence.Kind.LIVING: 0, Presence.Kind.REGISTERED: 1}
    return [place for kind, place in sorted(rows, key=lambda row: (order.get(row[0], 2), row[1]))]


def owner_unit(entry: kinds.Entry, person: Person, on: date) -> tuple[str, str]:
    """The unit that answers for an element of this person: the owner's lowest desk that somebody
    holds, from the sub-district up; the community itself where the element is its own.
    """
    places = places_of(person)
    home = places[0][:12] if places else settings.SHANZHI_CITY
    if entry.owner in ("", "community"):
        return home, ""
    for length in (9, 6, 4):
        if len(home) >= length and people.holders(home[:length], entry.owner, CLERKS, on):
            return home[:length], entry.owner
    return home[:6], entry.owner


CLERKS = ("department_clerk",)


# --- proofs ---------------------------------------------------------------------------------------


def request_of_code(digest: bytes) -> BindingRequest | None:
    return BindingRequest.objects.filter(
        digest=digest, way=BindingRequest.Way.COUNTER, state=BindingRequest.State.WAITING
    ).first()


def request_of_state(state: str) -> BindingRequest | None:
    try:
        pk = UUID(state)
    except ValueError:
        return None
    return BindingRequest.objects.filter(pk=pk, way=BindingRequest.Way.ADAPTER).first()


def holders_of(number: str) -> list[int]:
    """Ids of the persons with this identity number in the whole city; nothing else about them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_holders(%s)", [crypto.keyed_hash(number, kind="identity")])
        return [row[0] for row in cursor.fetchall()]


class Housemate(NamedTuple):
    relation: str
    name: str


def housemates(person_id: int) -> list[Housemate]:
    """With whom a person shares the household, themselves left out: for the person alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relation, name FROM registry_housemates(%s)", [person_id])
        return [Housemate(*row) for row in cursor.fetchall()]


def to_check(actor: Actor) -> QuerySet[BindingRequest]:
    """Requests with papers that the actor's community checks, those that wait first."""
    low, high = codes.span(actor.place)
    rows = BindingRequest.objects.filter(
        way=BindingRequest.Way.STAFF, place__gte=low, place__lt=high
    )
    waiting = Q(state=BindingRequest.State.WAITING)
    return rows.order_by(Case(When(waiting, then=0), default=1), "-asked_at", "pk")
