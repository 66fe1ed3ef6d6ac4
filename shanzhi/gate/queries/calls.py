"""Meetings and inspections: of a department, and of a place in a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from shanzhi.burden import spreading
from shanzhi.burden.queries import communities
from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.paging import Page
from shanzhi.places import queries as divisions

from ..models import Call
from ..rules.applications import OFFICE, UNITS

SIZE = 30
OVERSEERS = OFFICE | {"city_leader"}


def held(kind: str, place: str, department: str, year: int) -> int:
    """How many of this kind the department has in a year; cancelled ones do not count."""
    rows = Call.objects.filter(kind=kind, place=place, department=department, on__year=year)
    return rows.filter(cancelled_at=None).count()


def announced(actor: Actor, chosen: Mapping[str, str], today: date) -> QuerySet[Call]:
    """The latest day first: a department its own, the office those of its place, others none.
    `chosen`: kind, department, state (coming, over, cancelled), q; "" is any."""
    rows = Call.objects.select_related("department", "demand").order_by("-on", "-pk")
    if actor.role in UNITS:
        rows = rows.filter(place=actor.place, department=actor.department)
    elif actor.role in OVERSEERS:
        rows = rows.filter(place__startswith=actor.place)
    else:
        return rows.none()
    for column in ("kind", "department"):
        if value := chosen.get(column):
            rows = rows.filter(**{column: value})
    for word in chosen.get("q", "").split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    return rows.filter(STATES[chosen["state"]](today)) if chosen.get("state") in STATES else rows


STATES = {
    "coming": lambda today: Q(on__gte=today, cancelled_at=None),
    "over": lambda today: Q(on__lt=today, cancelled_at=None),
    "cancelled": lambda today: Q(cancelled_at__isnull=False),
}


def page(rows: QuerySet[Call], *, cursor: str = "") -> Page:
    if key := paging.decode(cursor, date, int):
        on, pk = key
        rows = rows.filter(Q(on__lt=on) | Q(on=on, pk__lt=pk))
    return paging.page(list(rows[: SIZE + 1]), size=SIZE, key=lambda row: (row.on, row.pk))


def touching(place: str, since: date, until: date) -> QuerySet[Call]:
    """Calls of somebody in `place` between two days, both included."""
    rows = Call.objects.filter(on__gte=since, on__lte=until, cancelled_at=None)
    if place != settings.SHANZHI_CITY:
        inside = divisions.inside(place).exclude(level="grid").values_list("code", flat=True)
        rows = rows.filter(scope__overlap=[*places.above(place), *inside])
    return rows.select_related("department", "demand").order_by("on", "begins", "pk")


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Week:
    """Seven days of a place; `minutes` of an average community."""

    days: Sequence[tuple[date, Sequence[Call]]]
    minutes: float


def week(place: str, first: date) -> Week:
    rows = list(touching(place, first, first + timedelta(days=6)))
    days = [first + timedelta(days=number) for number in range(7)]
    known = communities()
    there = spreading.within(known, [place], place)
    total = sum(
        each.minutes * each.heads * spreading.within(known, each.scope, place) for each in rows
    )
    return Week(
        [(day, [each for each in rows if each.on == day]) for day in days],
        total / there if there else 0.0,
    )
