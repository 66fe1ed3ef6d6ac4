"""Sources that are due are asked, one by one; what they tell goes the way of every file."""

import logging
from collections.abc import Callable
from datetime import datetime

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from . import adapters, bringing, importing
from .commands import imports, sources
from .models import Batch, Feed
from .rules import imports as rules

log = logging.getLogger(__name__)
Now = Callable[[], datetime]
State = Batch.State


def run_due(*, now: Now) -> int:
    """All that are due at this moment; how many were asked."""
    due = Feed.objects.filter(enabled=True, due_at__lte=now()).order_by("due_at", "id")
    return sum(run(feed_id, now=now) for feed_id in list(due.values_list("pk", flat=True)))


def run(feed_id: int, *, now: Now) -> bool:
    with importing.alone(importing.FEEDS, feed_id) as free:
        if not free:
            return False
        feed = Feed.objects.select_related("source").get(pk=feed_id)
        asked = sources.begin_run(feed=feed, by=SYSTEM, at=now())
        rows, batch, trouble = _asked(feed, now)
        sources.end_run(run=asked, rows=rows, batch=batch, trouble=trouble, by=SYSTEM, at=now())
        return True


def _asked(feed, now):
    """Rows, batch and trouble; whatever a source does, it is a sentence on its page."""
    try:
        fetched = adapters.ADAPTERS[feed.adapter].fetch(feed.settings)
        if fetched is None:
            return 0, None, ""
        batch = bringing.bring(
            content=fetched.content, name=fetched.name, source=feed.source, place=feed.place,
            by=SYSTEM, at=now(), feed=feed,
        )  # fmt: skip
        fetched.taken()
        batch = _taken_over(feed, batch, now)
        return batch.total, batch.pk, batch.trouble
    except Refused as refusal:
        return 0, None, str(refusal)
    except Exception as error:
        log.exception("source %s failed", feed.source.code)
        return 0, None, type(error).__name__


def _taken_over(feed, batch, now):
    untitled = not batch.layout["height"]  # names nobody but the source knows
    found = bringing.header_of(batch, 0, 1) if untitled else bringing.header_of(batch)
    columns = [feed.columns.get(each.title, each.target) for each in found.columns]
    imports.assign_columns(
        batch=batch, layout=bringing.layout_with(batch, found), columns=columns,
        fingerprint=found.header.fingerprint, by=SYSTEM, at=now(),
    )  # fmt: skip
    importing.run(batch.pk, now=now)
    sources.renew_differences(feed=feed, batch=batch.pk, by=SYSTEM, at=now())
    batch.refresh_from_db()
    batch.decision = feed.decision
    try:
        rules.check_move(batch, State.APPLYING)
        rules.check_anything(batch)
    except Refused:
        return batch
    imports.take_over(batch=batch, decision=feed.decision, lenient=True, by=SYSTEM, at=now())
    importing.run(batch.pk, now=now)
    batch.refresh_from_db()
    return batch
