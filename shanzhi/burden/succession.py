"""Editions of lists when divisions change: steps of commands, whatever kind of list it is.

A list goes on where its division does. What was merged has no list of its own any more, and the
office of the larger division is asked; a list in force goes on in every part of a split.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, Model, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal.labels import label
from shanzhi.places import queries as divisions
from shanzhi.work import duties
from shanzhi.work.duties import Limit
from shanzhi.work.models import Clock, Duty

from .following import Change
from .models import Edition
from .queries.offices import OFFICE, office_of

DUTY = "burden.list"
DAYS = 10  # working days of the office; the list above holds meanwhile
State = Edition.State  # other areas' editions have the same three


def follow(model: type[Model], change: Change, link: str, at: datetime) -> list[Model]:
    """Every edition that is another's, has ended, or was made for a part."""
    ended = [*change.same, *change.merged, *change.parts]
    rows = model.objects.select_for_update().filter(place__in=ended).order_by("pk")
    found: list[Model] = []
    for row in list(rows):
        if row.place in change.same:
            found.append(_placed(row, change.same[row.place]))
        elif row.place in change.parts:
            found += _parted(row, change, at)
        elif row.state != State.RETIRED:
            found += _merged(row, change.larger, change.on, link, at)
    return found


def _placed(row, place, **more):
    row.place = place
    for name, value in more.items():
        setattr(row, name, value)
    row.save(update_fields=["place", *more])
    return row


def _series(row, place) -> QuerySet[Any]:
    """The editions of the same list in a place."""
    rows = type(row).objects.filter(place=place)
    return rows.filter(kind=row.kind) if hasattr(row, "kind") else rows


def _next(row, place):
    return (_series(row, place).aggregate(last=Max("number"))["last"] or 0) + 1


def _merged(row, larger, on, link, at):
    """A draft goes along where there is none; what was in force has ended."""
    if row.state == State.DRAFT:
        there = _series(row, larger).filter(state=State.DRAFT).exists()
        return [] if there else [_placed(row, larger, number=_next(row, larger))]
    row.state = State.RETIRED
    row.save(update_fields=["state"])
    words = {"place": divisions.name(row.place), "day": on}
    duties.open_duty(
        kind=DUTY, about=label(row), title=row.title, link=link, department=OFFICE, at=at,
        detail=_("It held in %(place)s until %(day)s.") % words,
        place=office_of(larger, localdate(at)),
        limits=[Limit(Clock.Basis.PROMISED, DAYS, Clock.Unit.WORKING_DAYS)],
    )  # fmt: skip
    return [row]


def _parted(row, change, at):
    """Each part begins with what held in the whole; the whole, if it ended, keeps its history."""
    if row.state != State.IN_FORCE:
        return []
    parts = change.parts[row.place]
    made = [_copied(row, part, change.on, at) for part in parts if part != row.place]
    if row.place not in parts:
        row.state = State.RETIRED
        row.save(update_fields=["state"])
    return made


def _copied(row, place, on, at):
    model, entries = type(row), list(row.entries.order_by("position"))
    values = {"kind": row.kind} if hasattr(row, "kind") else {}
    made = model.objects.create(**values, place=place, number=_next(row, place), title=row.title,
                                state=State.IN_FORCE, in_force_from=on, made_at=at)  # fmt: skip
    for entry in entries:
        entry.pk, entry.edition = None, made
        entry._state.adding = True
    row.entries.model.objects.bulk_create(entries)
    return made


def answered(edition: Any, at: datetime) -> None:
    """Published: what was merged into this place needs no answer any more."""
    codes = divisions.predecessors(edition.place)
    for code in codes if len(codes) > 1 else ():
        for row in _series(edition, code).filter(state=State.RETIRED).order_by("pk"):
            duties.close_duties(about=label(row), kind=DUTY, at=at, outcome="published")


def waiting(model: type[Model], places: Collection[str]) -> Iterable[Duty]:
    """Lists that ended by a merger, and nobody has said yet which holds instead."""
    rows = Duty.objects.filter(kind=DUTY, closed_at=None, place__in=places)
    return rows.filter(about__startswith=f"{model._meta.label}:").order_by("pk")
