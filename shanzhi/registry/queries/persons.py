"""Persons as one post sees them: always through a presence in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from shanzhi.kernel import crypto, identifiers
from shanzhi.kernel.acting import Actor

from ..models import Person, Source
from . import presence

KEEPERS = frozenset({"community_secretary", "community_worker", "grid_leader"})
MOST = 20  # rows a search answers with


def source(code: str) -> Source:
    return Source.objects.get(code=code)


def visible(actor: Actor) -> QuerySet[Person]:
    """Those present in the place of a community's post; for levels above, nobody."""
    if actor.role not in KEEPERS:
        return Person.objects.none()
    here = presence.within(actor.place).filter(person=OuterRef("pk"))
    return Person.objects.filter(Exists(here), merged_into=None)


def person(actor: Actor, pk: int) -> Person | None:
    return visible(actor).filter(pk=pk).first()


def hash_of(kind: str, text: str) -> bytes:
    return crypto.keyed_hash(text, kind=kind)


@dataclass(frozen=True)
class Found:
    """A person in a list: what stands on the presence, and nothing that is sealed."""

    id: int
    name: str
    birth: date | None
    sex: str


def find(actor: Actor, text: str) -> list[Found]:
    """By identity number, by phone, or by the beginning of a name, inside the actor's place."""
    if actor.role not in KEEPERS or not actor.place:
        return []
    number = identifiers.plain(text).upper()
    if any(letter.isdigit() for letter in number):
        return _by_number(actor, number)
    return _by_name(actor, text.strip())


def _by_number(actor, number):
    phone, identity = hash_of("phone", number), hash_of("identity", number)
    which = Q(identity_hash=identity) | Q(phone_hash=phone) | Q(other_phone_hash=phone)
    rows = visible(actor).filter(which).order_by("name", "id")[:MOST]
    return [Found(*row) for row in rows.values_list("id", "name", "birth", "sex")]


def _by_name(actor, text):
    if not text:
        return []
    rows = presence.in_community(actor.place).filter(name__gte=text, name__lt=text + "\U0010ffff")
    rows = rows.order_by("name", "person_id").values_list("person_id", "name", "birth", "sex")
    return [Found(*row) for row in rows.distinct()[:MOST]]


def known(identity: str) -> list[str]:
    """In which communities a number is known, in the whole city, and nothing else about it."""
    number = identifiers.plain(identity).upper()
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_known(%s)", [hash_of("identity", number)])
        return [row[0] for row in cursor.fetchall()]


def by_identity(actor: Actor, identity: str) -> list[Person]:
    """Holders of a number whom the actor sees; more than one is a conflict."""
    number = identifiers.plain(identity).upper()
    rows = visible(actor).filter(identity_hash=hash_of("identity", number))
    return list(rows.order_by("id"))


def names(ids: Iterable[int]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=ids).values_list("pk", "name"))
