"""Presences that are seen: they hold now, and the import that brought them was opened."""

from django.db import connection
from django.db.models import Q, QuerySet

from shanzhi.kernel import places

from ..models import Hidden, Presence


def opened(rows: QuerySet) -> QuerySet:
    """Without those of an import that is not opened yet; of any model that has a `batch`."""
    hidden = Hidden.objects.values("batch")
    return rows.filter(Q(batch=None) | ~Q(batch__in=hidden))


def seen() -> QuerySet[Presence]:
    return opened(Presence.objects.filter(until=None))


def within(place: str) -> QuerySet[Presence]:
    """Those seen in a place and below; nothing for a place that is not named."""
    if not place:
        return seen().none()
    start, end = places.span(place)
    return seen().filter(place__gte=start, place__lt=end)


def in_community(place: str) -> QuerySet[Presence]:
    """The same for a community or grid, by the index that is sorted by name."""
    start, end = places.span(place)
    rows = seen().filter(community=place[:12])
    return rows if len(place) <= 12 else rows.filter(place__gte=start, place__lt=end)


def living_community(person_id: int) -> str:
    """Where a person lives, to the community, whoever asks; "" where that is not known. It leads
    behind the fence, so ask only of someone the actor sees.
    """
    return _ask("registry_lives", person_id) or ""


def anywhere(person_id: int, besides: int, place: str = "") -> bool:
    """Does any division of the city see this person, by another presence than those of a kind?"""
    return _ask("registry_anywhere", person_id, besides, place)


def _ask(function, *values):
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({marks})", values)
        return cursor.fetchone()[0]


def place_of(person_id: int, within_place: str = "") -> str:
    """Where a person is, inside a place if one is named: at home rather than anywhere else."""
    rows = within(within_place) if within_place else seen()
    order = {2: 0, 1: 1, 3: 2, 4: 3}
    found = list(rows.filter(person=person_id).values_list("kind", "place"))
    return min(found, key=lambda row: (order[row[0]], row[1]))[1] if found else ""


def of(person_id: int, kind: int | None = None) -> list[Presence]:
    """A person's open presences, as far as the fence lets them be seen."""
    rows = seen().filter(person=person_id)
    rows = rows if kind is None else rows.filter(kind=kind)
    return list(rows.order_by("kind", "place", "id"))
