"""Restricted tags are set, looked at again, and ended; the sweep ends what nobody looked at."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import rules, steps, tags
from ..models import Person, Tag

DAYS_A_MONTH = 30


@transaction.atomic
def set_tag(
    *, person: Person, kind: str, place: str, note: str, since: date, by: Actor, at: datetime
) -> Tag:
    """Until the next review; a second one of its kind is the same tag."""
    person = steps.locked(person)
    rules.check_alive(person)
    rules.tags.check_set(by, kind, place)
    rules.tags.check_since(since, localdate(at))
    if open_one := Tag.objects.filter(person=person, kind=kind, until=None).first():
        return open_one
    tag = Tag.objects.create(
        person=person, kind=kind, place=place, note=note.strip() or None, since=since,
        review_on=_next_review(kind, at), set_by=by.account_id, set_at=at,
    )  # fmt: skip
    _record("registry.tag_set", tag, by, at)
    return tag


@transaction.atomic
def review_tag(*, tag: Tag, note: str, by: Actor, at: datetime) -> Tag:
    """Still needed: it holds until the next review."""
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    rules.tags.check_open(tag, by)
    tag.note = note.strip() or tag.note
    tag.review_on = _next_review(tag.kind, at)
    tag.save(update_fields=["note", "review_on"])
    _record("registry.tag_reviewed", tag, by, at)
    return tag


@transaction.atomic
def end_tag(*, tag: Tag, by: Actor, at: datetime) -> Tag:
    tag = Tag.objects.select_for_update().get(pk=tag.pk)
    rules.tags.check_open(tag, by)
    tag.until = max(localdate(at), tag.since)
    tag.note = None
    tag.save(update_fields=["until", "note"])
    _record("registry.tag_ended", tag, by, at)
    return tag


@transaction.atomic
def expire_tags(*, by: Actor, at: datetime) -> int:
    """End what nobody looked at again in time, with its note; run daily."""
    today = localdate(at)
    due = Tag.objects.filter(until=None, review_on__lte=today)
    ids = list(due.select_for_update(skip_locked=True).order_by("pk").values_list("pk", flat=True))
    if ids:
        Tag.objects.filter(pk__in=ids).update(until=today, note=None)
        journal.record("registry.tags_expired", about=f"registry.Tag:{ids[0]}", by=by, at=at,
                       place=settings.SHANZHI_CITY, tags=ids)  # fmt: skip
    return len(ids)


def _next_review(kind: str, at: datetime) -> date:
    months = tags.KINDS[kind].review_months
    return localdate(at) + months * DAYS_A_MONTH * (date.resolution)


def _record(verb, tag, by, at):
    """Without its kind: the journal is read by more posts than the tag."""
    journal.record(verb, about=f"registry.Tag:{tag.pk}", by=by, at=at, place=tag.place)
