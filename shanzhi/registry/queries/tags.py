"""Restricted tags, as far as a post is on their access lists."""

from django.db.models import Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Tag


def visible(actor: Actor) -> QuerySet[Tag]:
    """The open ones this post may know."""
    kinds = rules.tags.readable(actor)
    if not kinds:
        return Tag.objects.none()
    start, end = places.span(actor.place)
    return Tag.objects.filter(until=None, kind__in=kinds, place__gte=start, place__lt=end)


def of_person(actor: Actor, person_id: int) -> list[Tag]:
    return list(visible(actor).filter(person=person_id).order_by("kind"))


def page(actor: Actor, kind: str = "", cursor: str = "", size: int = 20) -> paging.Page:
    """By the day on which they end unless looked at again."""
    rows = visible(actor).select_related("person").order_by("review_on", "id")
    if kind:
        rows = rows.filter(kind=kind)
    if after := paging.decode(cursor, paging.date, int):
        rows = rows.filter(Q(review_on__gt=after[0]) | Q(review_on=after[0], id__gt=after[1]))
    found = list(rows[: size + 1])
    return paging.page(found, size=size, key=lambda row: (row.review_on, row.pk))
