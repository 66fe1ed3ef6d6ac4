"""Meetings and inspections: of a department, and of a place in a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from shanzhi.burden import spreading
from shanzhi.burden.queries import communities
from shanzhi.kernel import places
from shanzhi.places import queries as divisions

from ..models import Call


def held(kind: str, place: str, department: str, year: int) -> int:
    """How many of this kind the department has in a year; cancelled ones do not count."""
    rows = Call.objects.filter(kind=kind, place=place, department=department, on__year=year)
    return rows.filter(cancelled_at=None).count()


def announced(place: str, department: str) -> QuerySet[Call]:
    """By one department, the latest day first."""
    rows = Call.objects.filter(place=place, department=department)
    return rows.select_related("department", "demand").order_by("-on", "-pk")


def touching(place: str, since: date, until: date) -> QuerySet[Call]:
    """Calls of somebody in `place` between two days, both included."""
    inside = divisions.inside(place).exclude(level="grid").values_list("code", flat=True)
    rows = Call.objects.filter(on__gte=since, on__lte=until, cancelled_at=None)
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
