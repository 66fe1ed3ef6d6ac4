"""The seal register and the refusals, as the community that keeps them sees them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from shanzhi.kernel import crypto, paging
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.kernel.workdays import years_before
from shanzhi.registry.models import Person

from ..models import Application, Certificate, Refusal, RequestingUnit

WORKERS = frozenset({"community_secretary", "community_worker"})
OFFERED = 100  # units of which one is picked
OFTEN = 3
KEPT_YEARS = 3


@dataclass(frozen=True)
class Wanted:
    """What a register is narrowed to."""

    text: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None


def certificates(actor: Actor) -> QuerySet[Certificate]:
    return _of_place(Certificate.objects.select_related("entry", "unit"), actor)


def refusals(actor: Actor) -> QuerySet[Refusal]:
    return _of_place(Refusal.objects.select_related("entry", "unit"), actor)


def _of_place(rows, actor):
    if actor == SYSTEM:
        return rows
    return rows.filter(place=actor.place) if actor.role in WORKERS else rows.none()


def narrowed(rows: QuerySet[Any], wanted: Wanted) -> QuerySet[Any]:
    """Words are looked for in number, certificate, unit and purpose: names are sealed."""
    for word in wanted.text.split()[:4]:
        found = Q(number__icontains=word) | Q(entry__name__icontains=word)
        found |= Q(unit__name__icontains=word) | Q(purpose__icontains=word)
        rows = rows.filter(found | Q(asked__icontains=word) if rows.model is Refusal else found)
    if wanted.state and rows.model is Certificate:
        rows = rows.filter(state=wanted.state)
    if wanted.since:
        rows = rows.filter(on__gte=wanted.since)
    return rows.filter(on__lte=wanted.until) if wanted.until else rows


def page(rows: QuerySet[Any], cursor: str = "", size: int = 30) -> paging.Page:
    """The newest first."""
    if after := paging.decode(cursor, int):
        rows = rows.filter(pk__lt=after[0])
    found = list(rows.order_by("-pk")[: size + 1])
    return paging.page(found, size=size, key=lambda row: (row.pk,))


def waiting(actor: Actor) -> list[Certificate]:
    rows = certificates(actor).filter(state=Certificate.State.REQUESTED)
    return list(rows.order_by("pk")[:20])


def units(text: str = "", *, often: bool = False) -> list[str]:
    """Names that were used before and hold `text`, the most frequent first. `often` leaves out
    what was typed once or twice: it may be no unit at all.
    """
    rows = RequestingUnit.objects.filter(same_as=None).order_by("-asked", "name")
    if text:
        rows = rows.filter(name__contains=text)
    if often:
        rows = rows.filter(asked__gte=OFTEN)
    return list(rows.values_list("name", flat=True)[:OFFERED])


def hash_of(token: str) -> bytes:
    return crypto.keyed_hash(token, kind="certificate")


@dataclass(frozen=True)
class Shown:
    """All that the public page of a certificate knows."""

    number: str
    place: str
    on: date
    until: date
    revoked: bool
    name: str


def shown(token: str) -> Shown | None:
    """What the code on the paper leads to; nothing is opened for it."""
    rows = Certificate.objects.filter(token_hash=hash_of(token[:100]))
    row = rows.values_list(
        "number", "place", "sealed_on", "valid_until", "state", "shown_holder"
    ).first()
    if row is None:
        return None
    number, place, on, until, state, name = row
    return Shown(number, place, on, until, state == Certificate.State.REVOKED, name)


# --- kept long enough -----------------------------------------------------------------------------


def due(model: type[Any], on: date) -> QuerySet[Any]:
    """Over for three years; what names a person also once the registry has forgotten them."""
    limit = years_before(on, KEPT_YEARS)
    rows = model._default_manager.filter(forgotten_on=None)
    if model is Refusal:
        return rows.filter(on__lt=limit)
    gone = Person.objects.filter(name="", merged_into=None).values("pk")
    if model is Application:
        return rows.filter(Q(on__lt=limit) | Q(person__in=gone))
    over = Q(valid_until__lt=limit) | Q(valid_until=None, on__lt=limit)
    return rows.filter(over | Q(person__in=gone))
