"""A source and its runs in words."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from ..adapters import ADAPTERS
from ..models import Feed, FeedRun
from ..queries import sources


def line(actor: Actor, feed: Feed, at: datetime) -> dict[str, Any]:
    adapter = ADAPTERS.get(feed.adapter)
    return {
        "href": reverse("registry:source", args=[feed.source.code]),
        "code": feed.source.code,
        "name": feed.source.name,
        "place": divisions.name(feed.place) or feed.place,
        "adapter": str(adapter.title) if adapter else feed.adapter,
        "ran_at": feed.ran_at,
        "succeeded_at": feed.succeeded_at,
        "badge": badge(feed, at),
        "waiting": sources.to_settle(actor, feed).count(),
    }


def badge(feed: Feed, at: datetime) -> dict[str, str]:
    if not feed.enabled:
        return {"text": _("Not asked"), "tone": "grey"}
    if feed.trouble:
        return {"text": _("Out of reach"), "tone": "red"}
    if not feed.ran_at:
        return {"text": _("Not asked yet"), "tone": "blue"}
    if sources.is_fresh(feed, at):
        return {"text": _("Fresh"), "tone": "green"}
    return {"text": _("Out of date"), "tone": "orange"}


def run(row: FeedRun) -> dict[str, Any]:
    href = reverse("registry:import", args=[row.batch]) if row.batch else ""
    return {"at": row.began_at, "rows": row.rows, "trouble": row.trouble, "href": href,
            "running": row.ended_at is None}  # fmt: skip
