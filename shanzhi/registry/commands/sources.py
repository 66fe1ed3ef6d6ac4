"""Sources that are asked by themselves, how it went, and where they and the registry differ."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from ..models import Difference, Feed, FeedRun, Source
from ..rules import sources as rules

SETTLED = (Difference.State.KEPT, Difference.State.ASKED)
FIRST_PAUSE = 5  # minutes after a failure; each further one doubles it


@transaction.atomic
def keep_feed(
    *,
    code: str,
    name: str,
    adapter: str,
    settings: Mapping[str, str],
    place: str,
    by: Actor,
    at: datetime,
    department: str | None = None,
    **rest: Any,
) -> Feed:
    """A new one, or other settings of it: every, fresh, decision, adds, columns, enabled."""
    rules.check_may_keep(by, place)
    rules.check_feed(code, name, adapter, settings, rest)
    source, _new = Source.objects.select_for_update().update_or_create(
        code=code,
        defaults={"name": name, "kind": Source.Kind.DEPARTMENT, "department_id": department},
    )
    feed = Feed.objects.filter(source=source).first() or Feed(source=source, due_at=at)
    feed.adapter, feed.settings, feed.place = adapter, dict(settings), place
    for field, value in rest.items():
        setattr(feed, field, value)
    feed.save()
    _record("registry.feed_kept", feed, by, at, source=code, adapter=adapter, fields=sorted(rest))
    return feed


@transaction.atomic
def begin_run(*, feed: Feed, by: Actor, at: datetime) -> FeedRun:
    feed = _locked(feed)
    run = FeedRun.objects.create(feed=feed, began_at=at)
    feed.ran_at = at
    feed.save(update_fields=["ran_at"])
    _record("registry.feed_asked", feed, by, at, run=run.pk)
    return run


@transaction.atomic
def end_run(
    *, run: FeedRun, rows: int, batch: int | None, trouble: str, by: Actor, at: datetime
) -> FeedRun:
    """How it went; a source that failed is asked again soon, then later and later."""
    feed = _locked(run.feed)
    run.ended_at, run.rows, run.batch, run.trouble = at, rows, batch, trouble[:500]
    run.save(update_fields=["ended_at", "rows", "batch", "trouble"])
    feed.failures = feed.failures + 1 if trouble else 0
    feed.trouble = trouble[:500]
    if not trouble:
        feed.succeeded_at = at
    feed.due_at = at + pause(feed)
    feed.save(update_fields=["failures", "trouble", "succeeded_at", "due_at"])
    _record("registry.feed_answered", feed, by, at, run=run.pk, rows=rows, failed=bool(trouble))
    return run


def pause(feed: Feed) -> timedelta:
    if not feed.failures:
        return timedelta(minutes=feed.every)
    return timedelta(minutes=min(feed.every, FIRST_PAUSE * 2 ** (feed.failures - 1)))


@transaction.atomic
def ask_soon(*, feed: Feed, by: Actor, at: datetime) -> Feed:
    feed = _locked(feed)
    rules.check_may_see(by, feed.place)
    feed.due_at = at
    feed.save(update_fields=["due_at"])
    _record("registry.feed_wanted", feed, by, at)
    return feed


@transaction.atomic
def renew_differences(*, feed: Feed, batch: int, by: Actor, at: datetime) -> int:
    """What an earlier run told is replaced; what was settled for the registry stays settled."""
    rows = Difference.objects.filter(batch__feed=feed)
    rows.filter(state=Difference.State.WAITING).exclude(batch=batch).delete()
    settled = {
        (each.person_id, each.section): each
        for each in rows.filter(state__in=SETTLED).order_by("id")
    }
    again = []
    for each in rows.filter(batch=batch, state=Difference.State.WAITING):
        before = settled.get((each.person_id, each.section))
        if before and _within(each.told, before.told):
            each.state, each.settled_at = before.state, at
            again.append(each)
    Difference.objects.bulk_update(again, ["state", "settled_at"])
    _record("registry.differences_renewed", feed, by, at, batch=batch, settled=len(again))
    return len(again)


def _within(told, before):
    """All that is told again was told before."""
    return all(before.get(name, ...) == value for name, value in told.items())


def _locked(feed):
    return Feed.objects.select_for_update().get(pk=feed.pk)


def _record(verb, feed, by, at, **data):
    journal.record(verb, about=f"registry.Feed:{feed.pk}", by=by, at=at, place=feed.place, **data)
