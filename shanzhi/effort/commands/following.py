"""Divisions merge, split and move: the numbers of workers that the office stated follow."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.burden.following import Change
from shanzhi.burden.queries.offices import OFFICE
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions
from shanzhi.work import duties
from shanzhi.work.duties import Limit
from shanzhi.work.models import Clock, Duty

from .. import queries, rules
from ..models import Headcount
from ..queries.workers import COMMUNITY, HEADCOUNT

DAYS = 10  # working days of the office; meanwhile the posts tell


@transaction.atomic
def follow_headcounts(*, change: Change, by: Actor, at: datetime) -> int:
    """Moved, the number goes along; merged, the parts are added, each as stated or by its posts of
    the day before. Nobody knows how a split divides it: the office is asked anew."""
    made = [_moved(old, new, change.on) for old, new in sorted(change.same.items())
            if len(old) == COMMUNITY]  # fmt: skip
    if len(change.larger) == COMMUNITY:
        made.append(_added(change.joined, change.larger, change.on))
    made += [_asked_anew(old, parts, change.on, at) for old, parts in change.parts.items()
             if len(old) == COMMUNITY]  # fmt: skip
    found = [each for each in made if each]
    if found:
        record("effort.headcounts_followed", about=f"effort.Headcount:{change.on}", by=by, at=at,
               place=settings.SHANZHI_CITY, communities=len(found))  # fmt: skip
    return len(found)


def _moved(old, new, on):
    row = queries.workers.stated(old, _before(on))
    return row and _put(new, on, row.workers, row.source)


def _added(joined, larger, on):
    day = _before(on)
    if not any(queries.workers.stated(each, day) for each in joined):
        return None
    [counted] = queries.workers.as_of([day])
    parts = [f"{divisions.name(each)} {counted.get(each, 0)}" for each in joined]
    source = _("Added after the merger: %(parts)s") % {"parts": "、".join(parts)}
    return _put(larger, on, sum(counted.get(each, 0) for each in joined), source[:200])


def _asked_anew(old, parts, on, at):
    row = queries.workers.stated(old, _before(on))
    if row is None:
        return None
    if old in parts:
        _put(old, on, None, _("Split; its posts tell"))
    duties.open_duty(
        kind=HEADCOUNT, about=label(row), place=settings.SHANZHI_CITY, department=OFFICE, at=at,
        title=_("Workers of %(name)s after the split") % {"name": divisions.name(old)},
        detail=_("Stated as a whole: %(number)s") % {"number": row.workers},
        link=reverse("effort:headcounts"),
        limits=[Limit(Clock.Basis.PROMISED, DAYS, Clock.Unit.WORKING_DAYS)],
    )  # fmt: skip
    return row


def _put(community: str, on: date, workers: int | None, source: str) -> Headcount:
    """What the office has stated from that very day on stays."""
    row, _made = Headcount.objects.get_or_create(
        community=community, valid_from=on, defaults={"workers": workers, "source": source}
    )
    return row


def _before(on):
    return on - timedelta(days=1)


@transaction.atomic
def let_posts_tell(*, duty: Duty, by: Actor, at: datetime) -> Duty:
    """One press after a split: no number is stated of its parts."""
    rules.check_let_posts_tell(by)
    duty = duties.open_one(about=duty.about, kind=HEADCOUNT)
    duties.close(duty=duty, at=at, outcome="posts")
    record("effort.posts_tell", about=duty.about, by=by, at=at, place=duty.place)
    return duty


def answered(on: date, at: datetime) -> None:
    """Called where numbers were stated: a split of which every part has one is asked no more."""
    for duty, parts in queries.workers.asked_anew(localdate(at)):
        if all(queries.workers.stated(each, on) for each in parts):
            duties.close(duty=duty, at=at, outcome="stated")
