"""Sources with their freshness, runs, and what is to be settled."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor

from ..models import Difference, Feed, FeedRun

SIZE = 20
RUNS = 10


def feeds(actor: Actor) -> QuerySet[Feed]:
    """Those that speak of the actor's place or of one around it."""
    start, end = places.span(actor.place)
    around = Q(place__in=places.above(actor.place)) | Q(place__gte=start, place__lt=end)
    return Feed.objects.filter(around).select_related("source").order_by("source__code")


def feed(actor: Actor, code: str) -> Feed | None:
    return feeds(actor).filter(source__code=code).first()


def is_fresh(feed: Feed, at: datetime) -> bool:
    return bool(feed.succeeded_at) and at - feed.succeeded_at <= timedelta(minutes=feed.fresh)


def runs(feed: Feed) -> list[FeedRun]:
    return list(FeedRun.objects.filter(feed=feed).order_by("-id")[:RUNS])


def to_settle(actor: Actor, feed: Feed) -> QuerySet[Difference]:
    start, end = places.span(actor.place)
    return Difference.objects.filter(
        batch__feed=feed, state=Difference.State.WAITING, place__gte=start, place__lt=end
    )


def disagreements(actor: Actor, feed: Feed, cursor: str = "") -> paging.Page:
    rows = to_settle(actor, feed).order_by("id")
    if key := paging.decode(cursor, int):
        rows = rows.filter(id__gt=key[0])
    return paging.page(list(rows[: SIZE + 1]), size=SIZE, key=lambda each: (each.pk,))
