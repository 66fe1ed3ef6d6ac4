"""Looking for double entries, and what is decided of each pair."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import rules
from ..linking import Ranked
from ..models import Batch, LinkJob, LinkPair, NotSame, Person
from ..queries import linking as queries
from .merging import undo_merge

State, Job = LinkPair.State, LinkJob.State
OPEN = (State.OPEN, State.LATER)


@transaction.atomic
def start_comparison(*, place: str, batch: Batch | None = None, by: Actor, at: datetime) -> LinkJob:
    """Of the entries of an import with those known there, or of a place with itself."""
    queries.lock_place(place)
    rules.linking.check_start(by, place, queries.running(place))
    rules.linking.check_batch(batch, place)
    job = LinkJob(place=place, batch=batch and batch.pk, made_by=by.account_id, made_at=at)
    job.save(force_insert=True)
    _record("registry.comparison_started", job, by, at, batch=job.batch)
    return job


@transaction.atomic
def begin(*, job: LinkJob, records: int, by: Actor, at: datetime) -> LinkJob:
    """Also of one whose worker was stopped: what it may have kept, it did not keep at all."""
    job = LinkJob.objects.select_for_update().get(pk=job.pk)
    rules.linking.check_unfinished(job)
    job.state, job.step, job.records, job.began_at = Job.RUNNING, "read", records, at
    job.save(update_fields=["state", "step", "records", "began_at"])
    _record("registry.comparison_begun", job, by, at, records=records)
    return job


@transaction.atomic
def keep_pairs(*, job: LinkJob, ranked: Sequence[Ranked], by: Actor, at: datetime) -> LinkJob:
    job = LinkJob.objects.select_for_update().get(pk=job.pk)
    rules.linking.check_unfinished(job)
    first = queries.who_stays({end for each in ranked for end in (each.pair.left, each.pair.right)})
    pairs = [_pair(job, each, first) for each in ranked if _both(each, first)]
    LinkPair.objects.bulk_create(pairs, batch_size=2000)
    job.state, job.step, job.found, job.ended_at = Job.DONE, "kept", len(pairs), at
    job.save(update_fields=["state", "step", "found", "ended_at"])
    _record("registry.comparison_done", job, by, at, pairs=len(pairs))
    return job


def _both(each, first):
    return each.pair.left in first and each.pair.right in first


def _pair(job, each, first):
    ends = sorted((each.pair.left, each.pair.right), key=lambda person: first[person])
    return LinkPair(
        job=job, place=job.place, first=ends[0], second=ends[1], weight=each.pair.weight,
        start=round(each.pair.start, 2), suggested=each.suggested,
        parts=[[part.field, part.level, part.weight] for part in each.pair.parts],
    )  # fmt: skip


@transaction.atomic
def fail(*, job: LinkJob, trouble: str, by: Actor, at: datetime) -> LinkJob:
    job = LinkJob.objects.select_for_update().get(pk=job.pk)
    rules.linking.check_unfinished(job)
    job.state, job.trouble, job.ended_at = Job.FAILED, trouble, at
    job.save(update_fields=["state", "trouble", "ended_at"])
    _record("registry.comparison_failed", job, by, at)
    return job


# --- one pair -------------------------------------------------------------------------------------


@transaction.atomic
def say_not_same(*, one: Person, two: Person, by: Actor, at: datetime) -> NotSame:
    """Two persons: they are not proposed again, by no comparison."""
    low, high = sorted((one.pk, two.pk))
    rows = Person.objects.select_for_update().filter(pk__in=[low, high]).order_by("pk")
    rules.linking.check_two(by, list(rows))
    said, _new = NotSame.objects.get_or_create(
        low=low, high=high,
        defaults={"place": by.place, "said_at": at, "said_by": by.account_id,
                  "said_post": by.post_id},
    )  # fmt: skip
    for pair in queries.of_two(low, high).select_for_update().filter(state__in=OPEN):
        _decide(pair, State.NOT_SAME, by, at)
    _record_two("registry.not_same", low, high, by, at)
    return said


@transaction.atomic
def put_aside(*, pair: LinkPair, by: Actor, at: datetime) -> LinkPair:
    """To be asked about first; it stays in the list of those put aside."""
    pair = LinkPair.objects.select_for_update().get(pk=pair.pk)
    rules.linking.check_pair(by, pair, State.LATER)
    _decide(pair, State.LATER, by, at)
    _record_two("registry.pair_put_aside", pair.first, pair.second, by, at)
    return pair


@transaction.atomic
def reopen(*, low: int, high: int, by: Actor, at: datetime) -> None:
    """What was decided of two entries is taken back: a merge is undone, a "not the same" forgotten,
    a pair put aside is open again.
    """
    pairs = queries.of_two(low, high)
    merged = queries.merge_of_two(low, high)
    said = NotSame.objects.select_for_update().filter(low=low, high=high)
    rules.linking.check_reopen(by, merged, list(said), list(pairs))
    if merged:
        undo_merge(merge=merged, by=by, at=at)
        return
    said.delete()
    for pair in pairs.select_for_update().filter(state__in=[State.NOT_SAME, State.LATER]):
        _decide(pair, State.OPEN, by, at)
    _record_two("registry.pair_reopened", low, high, by, at)


def _decide(pair, state, by, at):
    decided = state != State.OPEN
    pair.state = state
    pair.decided_at = at if decided else None
    pair.decided_by = by.account_id if decided else None
    pair.decided_post = by.post_id if decided else None
    pair.save(update_fields=["state", "decided_at", "decided_by", "decided_post"])


def _record(verb, job, by, at, **data):
    about = f"registry.LinkJob:{job.pk}"
    journal.record(verb, about=about, by=by, at=at, place=job.place, **data)


def _record_two(verb, low, high, by, at):
    about = f"registry.Person:{low}"
    place = by.place or settings.SHANZHI_CITY
    journal.record(verb, about=about, by=by, at=at, place=place, other=high)
