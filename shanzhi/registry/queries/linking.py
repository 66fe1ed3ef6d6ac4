"""Entries as they are compared, and the pairs that were proposed."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor

from .. import linking
from ..linking import Record, homes
from ..models import (
    Batch,
    Dwelling,
    LinkJob,
    LinkPair,
    Membership,
    Merge,
    NotSame,
    Person,
    Presence,
)
from . import presence
from .persons import KEEPERS

CHUNK = 5_000
UNFINISHED = (LinkJob.State.WAITING, LinkJob.State.RUNNING)

# --- what is compared -----------------------------------------------------------------------------


def records(place: str, batch: int | None = None) -> list[list[Record]]:
    """The entries of a place; with a batch, first those it brought and then the others."""
    ids = sorted(comparable(place))
    found = [record for start in range(0, len(ids), CHUNK)
             for record in _records(ids[start : start + CHUNK])]  # fmt: skip
    if batch is None:
        return [found]
    brought = set(Person.objects.filter(batch=batch).values_list("pk", flat=True))
    return [[each for each in found if (each.id in brought) == side] for side in (True, False)]


def comparable(place: str) -> set[int]:
    """Who is seen in full there: not who is only registered and lives in another community."""
    rows = presence.within(place).filter(person__merged_into=None)
    here = set(rows.values_list("person_id", flat=True))
    only_registered = here - set(
        rows.exclude(kind=Presence.Kind.REGISTERED).values_list("person_id", flat=True)
    )
    living = presence.seen().filter(kind=Presence.Kind.LIVING, person_id__in=only_registered)
    return here - set(living.values_list("person_id", flat=True))


def _records(ids):
    persons = Person.objects.filter(pk__in=ids).order_by("pk").only(
        "name", "former_name", "sex", "birth", "phone", "other_phone", "registered_address",
    )  # fmt: skip
    homes_of = _homes(ids)
    relations = dict(
        Membership.objects.filter(person__in=ids, until=None).values_list("person_id", "relation")
    )
    return [
        Record(
            id=each.pk, name=each.name, former=tuple(filter(None, [each.former_name])),
            sex=each.sex, birth=linking.records.birth(each.birth),
            phones=tuple(filter(None, [each.phone, each.other_phone])),
            homes=tuple(homes_of[each.pk]) + _registered(each),
            relation=relations.get(each.pk, ""),
        )
        for each in persons
    ]  # fmt: skip


def _registered(person):
    text = person.registered_address
    return (homes.read(text),) if text else ()


def _homes(ids):
    """All dwellings of each, of now and before: lists often have the one from before a marriage."""
    rows = Presence.objects.filter(person__in=ids, dwelling__isnull=False)
    pairs = list(rows.order_by("pk").values_list("person_id", "dwelling_id"))
    known = {}
    dwellings = Dwelling.objects.filter(pk__in={pair[1] for pair in pairs})
    for each in dwellings.select_related("estate"):
        door = each.door or {}
        known[each.pk] = homes.of_parts(
            each.estate.name if each.estate else "", each.road, door.get("number", ""),
            each.building, door.get("room", ""),
        )  # fmt: skip
    found: dict[int, list[Any]] = defaultdict(list)
    for person, dwelling in pairs:
        found[person].append(known[dwelling])
    return found


def said_not_same(ids: Iterable[int]) -> set[tuple[int, int]]:
    rows = NotSame.objects.filter(low__in=set(ids))
    return set(rows.values_list("low", "high"))


def numbers(ids: Iterable[int]) -> dict[int, bytes]:
    rows = Person.objects.filter(pk__in=set(ids), identity_hash__isnull=False)
    return {pk: bytes(number) for pk, number in rows.values_list("pk", "identity_hash")}


def who_stays(ids: Iterable[int]) -> dict[int, tuple[bool, int]]:
    """By what it is decided which of two entries stays: who has a number, who was known first."""
    rows = Person.objects.filter(pk__in=set(ids), merged_into=None)
    found = rows.values_list("pk", "identity_hash")
    return {pk: (number is None, pk) for pk, number in found}


# --- jobs and pairs -------------------------------------------------------------------------------


def lock_place(place: str) -> None:
    """Two who start a comparison of a place at once: the second sees the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"compare {place}"])


def running(place: str) -> LinkJob | None:
    return LinkJob.objects.filter(place=place, state__in=UNFINISHED).first()


def unfinished() -> list[LinkJob]:
    return list(LinkJob.objects.filter(state__in=UNFINISHED).order_by("pk"))


def visible(actor: Actor) -> QuerySet[LinkJob]:
    if actor.role not in KEEPERS or not actor.place:
        return LinkJob.objects.none()
    start, end = places.span(actor.place)
    return LinkJob.objects.filter(place__gte=start, place__lt=end)


def jobs(actor: Actor, cursor: str = "", size: int = 20) -> paging.Page:
    rows = visible(actor).order_by("-id")
    if after := paging.decode(cursor, int):
        rows = rows.filter(id__lt=after[0])
    return paging.page(list(rows[: size + 1]), size=size, key=lambda row: (row.pk,))


def job(actor: Actor, pk: int) -> LinkJob | None:
    return visible(actor).filter(pk=pk).first()


def counts(job: LinkJob) -> dict[str, int]:
    rows = LinkPair.objects.filter(job=job).values("state").annotate(count=Count("id"))
    return {row["state"]: row["count"] for row in rows.order_by("state")}


def pairs(job: LinkJob, state: str, cursor: str = "", size: int = 20) -> paging.Page:
    """The likeliest first."""
    rows = LinkPair.objects.filter(job=job, state=state).order_by("-weight", "id")
    if after := paging.decode(cursor, float, int):
        rows = rows.filter(Q(weight__lt=after[0]) | Q(weight=after[0], id__gt=after[1]))
    return paging.page(
        list(rows[: size + 1]), size=size, key=lambda row: (row.weight, row.pk)
    )  # fmt: skip


def pair(actor: Actor, low: int, high: int, job: int | None = None) -> LinkPair | None:
    """As a comparison proposed it, the last one where none is named."""
    rows = of_two(low, high).filter(job__in=visible(actor)).select_related("job")
    return (rows.filter(job=job) if job else rows.order_by("-job_id")).first()


def batches(actor: Actor, limit: int = 20) -> list[tuple[int, str]]:
    """Imports that were taken over here lately."""
    rows = Batch.objects.filter(state=Batch.State.OPENED, place__startswith=actor.place[:12])
    return list(rows.order_by("-id").values_list("pk", "name")[:limit]) if actor.place else []


def beside(pair: LinkPair, *, before: bool = False) -> LinkPair | None:
    """The next open pair of the list, or the one before."""
    rows = LinkPair.objects.filter(job_id=pair.job_id, state=LinkPair.State.OPEN)
    if before:
        rows = rows.filter(Q(weight__gt=pair.weight) | Q(weight=pair.weight, id__lt=pair.pk))
        rows = rows.order_by("weight", "-id")
    else:
        rows = rows.filter(Q(weight__lt=pair.weight) | Q(weight=pair.weight, id__gt=pair.pk))
        rows = rows.order_by("-weight", "id")
    return rows.first()


def last_decided(actor: Actor, job: LinkJob) -> LinkPair | None:
    """What the actor would take back."""
    rows = LinkPair.objects.filter(job=job, decided_by=actor.account_id)
    rows = rows.exclude(state__in=[LinkPair.State.OPEN, LinkPair.State.GONE])
    return rows.order_by("-decided_at", "-id").first()


def of_two(low: int, high: int) -> QuerySet[LinkPair]:
    both = Q(first=low, second=high) | Q(first=high, second=low)
    return LinkPair.objects.filter(both).order_by("pk")


def merge_of_two(low: int, high: int) -> Merge | None:
    both = Q(kept=low, given_up=high) | Q(kept=high, given_up=low)
    return Merge.objects.filter(both, undone_at=None).first()


def is_said_not_same(low: int, high: int) -> bool:
    return NotSame.objects.filter(low=low, high=high).exists()


def merges(person_id: int) -> list[Merge]:
    """Entries that went into this person and were not taken back, the last first."""
    return list(Merge.objects.filter(kept=person_id, undone_at=None).order_by("-id"))


def entries_of(person_id: int) -> list[int]:
    """The person and all entries merged into it, also over several steps: whoever asks who read
    something, or forgets somebody, means all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_entries(%s)", [person_id])
        return [row[0] for row in cursor.fetchall()]
