"""Who holds a number, and what waits to be settled between communities."""

from django.db import connection
from django.db.models import Q, QuerySet

from shanzhi.kernel import identifiers, paging
from shanzhi.kernel.acting import Actor

from ..models import Conflict, Person, Transfer
from .persons import KEEPERS, hash_of, visible


def holders(number_hash: bytes) -> list[tuple[int, str]]:
    """(person, community) of all who hold a number, in the whole city."""
    return _ask("SELECT person, community FROM registry_holders_of(%s)", number_hash)


def known_before(identity: str) -> list[str]:
    """[""] where somebody holds the number whom no division sees now."""
    number = identifiers.plain(identity).upper()
    return [""] if holders(hash_of("identity", number)) else []


def matching(number_hash: bytes, name: str) -> list[tuple[int, str]]:
    """(person, community the person lives in or "") of those with this number and this name."""
    return _ask("SELECT person, community FROM registry_matching(%s, %s)", number_hash, name)


def _ask(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return [(person, community or "") for person, community in cursor.fetchall()]


def conflicts(actor: Actor) -> QuerySet[Conflict]:
    """Open ones of which one person is the actor's community's."""
    if actor.role not in KEEPERS:
        return Conflict.objects.none()
    rows = Conflict.objects.filter(settled_at=None, communities__contains=[actor.place[:12]])
    return rows.order_by("id")


def holders_here(actor: Actor, conflict: Conflict) -> list[Person]:
    return list(visible(actor).filter(pk__in=conflict.persons).order_by("pk"))


def transfers(actor: Actor, cursor: str = "", size: int = 20) -> paging.Page:
    """Those asked of the actor's community and those it asked for, the last first."""
    if actor.role not in KEEPERS:
        return paging.Page([], "")
    rows = _of(actor).order_by("-id")
    if after := paging.decode(cursor, int):
        rows = rows.filter(id__lt=after[0])
    found = list(rows[: size + 1])
    return paging.page(found, size=size, key=lambda row: (row.pk,))


def transfer(actor: Actor, pk: int) -> Transfer | None:
    return _of(actor).filter(pk=pk).first() if actor.role in KEEPERS else None


def _of(actor):
    community = actor.place[:12]
    start, end = community, community + ":"
    return Transfer.objects.filter(
        Q(from_place=community) | Q(to_place__gte=start, to_place__lt=end)
    )


def waiting(actor: Actor) -> int:
    """Transfers this community has to answer, and conflicts it has to settle."""
    if actor.role not in KEEPERS:
        return 0
    asked = Transfer.objects.filter(from_place=actor.place[:12], state=Transfer.State.ASKED)
    return asked.count() + conflicts(actor).count()
