"""What the desk shows of the burden: eight bars beside the inbox, and the share of the week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel.acting import Actor
from shanzhi.work.kinds import Figure

from . import memory, queries
from .kinds import WORKERS
from .models import Category
from .presenting import week

READERS = frozenset({
    "community_secretary", "community_worker", "grid_leader", "subdistrict_clerk",
    "district_clerk", "city_clerk", "burden_office", "city_leader",
})  # fmt: skip


@dataclass(frozen=True)
class Glance:
    """(category, at the freeze, in force) of each, and percent of the week before and now."""

    bars: Sequence[tuple[str, int, int]]
    before: float
    now: float


def glance(actor: Actor, at: datetime) -> Glance | None:
    """None where no baseline is frozen, or the post has no such place."""
    if actor.role not in READERS:
        return None
    place, today = actor.place[:12], localdate(at)
    return memory.remembered(("glance", place, today), lambda: _glance(place, today))


def _glance(place: str, today: date) -> Glance | None:
    campaigns = [each for each in queries.campaigns(place) if each.frozen_at]
    if not campaigns:
        return None
    account = queries.account(place, today, campaigns)
    known = queries.lines(account.rows, lambda row: row.category)
    frozen = queries.frozen_counts(campaigns, place)
    bars = []
    for code in Category.values:
        line = known.get(code, queries.Line())
        was = frozen[code].number if code in frozen else line.baseline
        bars.append((code, was, line.in_force))
    total, workers = account.total(), campaigns[0].workers or WORKERS
    return Glance(bars, *(week(account, minutes, workers)["share"]
                          for minutes in (total.minutes_before, total.minutes_now)))  # fmt: skip


def panel(actor: Actor, at: datetime) -> dict[str, Any] | None:
    found = glance(actor, at)
    if found is None:
        return None
    titles = dict(Category.choices)
    rows = [(titles[code], was, now) for code, was, now in found.bars]
    return {"rows": rows, "most": max((max(was, now) for _t, was, now in rows), default=1) or 1}


def share(actor: Actor, at: datetime) -> Figure | None:
    """Of the week, what demands take; the note says from where it came."""
    found = glance(actor, at)
    if found is None:
        return None
    return Figure(
        f"{found.now:.0f}", unit="%", tone="up" if found.now < found.before else "",
        note=_("%(share)s%% at the freeze") % {"share": f"{found.before:.0f}"},
        link=reverse("burden:account"),
    )  # fmt: skip
