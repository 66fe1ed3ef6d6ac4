"""Sources that are asked by themselves, how it went, and where they and the registry differ."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import kinds, packing, versions
from ..models import Difference, Feed, FeedRun, Person, Source
from ..rules import sources as rules
from . import persons

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
        (each.person_id, each.section): each.told
        for each in rows.filter(state=Difference.State.KEPT)
    }
    again = [
        each
        for each in rows.filter(batch=batch, state=Difference.State.WAITING)
        if settled.get((each.person_id, each.section)) == each.told
    ]
    for each in again:
        each.state, each.settled_at = Difference.State.KEPT, at
    Difference.objects.bulk_update(again, ["state", "settled_at"])
    _record("registry.differences_renewed", feed, by, at, batch=batch, settled=len(again))
    return len(again)


@transaction.atomic
def settle_difference(*, difference: Difference, take: bool, by: Actor, at: datetime) -> Difference:
    """The source was right, and the registry follows; or the registry was."""
    difference = (
        Difference.objects.select_for_update(of=("self",)).select_related("batch")
        .get(pk=difference.pk)
    )  # fmt: skip
    rules.check_settle(by, difference)
    difference.state, difference.settled_at = Difference.State.KEPT, at
    if take:
        _take(difference, by, at)
    difference.save(update_fields=["state", "settled_at", "taken", "before"])
    journal.record(
        "registry.difference_settled", about=f"registry.Person:{difference.person_id}", by=by,
        at=at, place=difference.place, taken=difference.taken, state=difference.state,
        source=difference.batch.source.code,
    )  # fmt: skip
    return difference


def _take(difference, by, at):
    """As a change by hand, since somebody decided it."""
    section = kinds.SECTIONS[difference.section]
    person = Person.objects.get(pk=difference.person_id)
    row = versions.current_row(person.pk, section)
    rules.check_unchanged(difference, row)
    held = versions.values_of(row, section) if row else {}
    told = packing.values_of(difference.section, difference.told)
    difference.taken = persons.change(
        section=difference.section, person=person, values=told, effective=localdate(at),
        source=difference.batch.source, by=by, at=at,
    )  # fmt: skip
    difference.before = {name: held.get(name) for name in difference.taken}
    difference.state = Difference.State.TAKEN


def _locked(feed):
    return Feed.objects.select_for_update().get(pk=feed.pk)


def _record(verb, feed, by, at, **data):
    journal.record(verb, about=f"registry.Feed:{feed.pk}", by=by, at=at, place=feed.place, **data)
