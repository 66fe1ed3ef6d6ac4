"""Refusals counted by the unit that asked and by what it asked for: the lever of the clean-up."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.db.models.functions import Coalesce

from shanzhi.kernel import places

from ..models import Refusal

UNLISTED = ""  # what stands in no catalogue


@dataclass
class Report:
    """`units` and `kinds` are in falling order; `cells` has (unit, kind). Of `total`, `notes`
    refused nothing: residents took them of what no catalogue has."""

    total: int = 0
    notes: int = 0
    communities: int = 0
    units: list[tuple[str, int]] = field(default_factory=list)
    kinds: list[tuple[str, int]] = field(default_factory=list)
    cells: dict[tuple[str, str], int] = field(default_factory=dict)


def report(place: str, since: date, until: date) -> Report:
    """Both days are in. Spellings count as the unit they were declared to be, and a certificate
    is one whatever edition it was refused by.
    """
    low, high = places.span(place)
    rows = Refusal.objects.filter(on__gte=since, on__lte=until, place__gte=low, place__lt=high)
    cells: Counter[tuple[str, str]] = Counter()
    rows = rows.annotate(counted=Coalesce("unit__same_as__name", "unit__name"))
    found = rows.values_list("counted", "entry__name").annotate(many=Count("id")).order_by()
    for unit, kind, many in found:
        cells[unit, kind or UNLISTED] += many
    units: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for (unit, kind), many in cells.items():
        units[unit] += many
        kinds[kind] += many
    notes, communities = rows.filter(gap=True).count(), rows.values("place").distinct().count()
    return Report(cells.total(), notes, communities, _falling(units), _falling(kinds), dict(cells))


@dataclass
class Gap:
    """What was asked for and stands in no catalogue: by whom, and how often."""

    asked: str
    many: int
    notes: int  # of them taken by residents; the others a community refused
    units: list[tuple[str, int]]


def gaps(place: str, since: date, until: date) -> list[Gap]:
    """What the catalogue may lack, the most frequent first."""
    low, high = places.span(place)
    rows = Refusal.objects.filter(
        entry=None, on__gte=since, on__lte=until, place__gte=low, place__lt=high
    ).annotate(counted=Coalesce("unit__same_as__name", "unit__name"))
    found: dict[str, list[tuple[str, bool, int]]] = {}
    counted = rows.values_list("asked", "counted", "gap").annotate(many=Count("id")).order_by()
    for asked, unit, note, many in counted:
        found.setdefault(asked, []).append((unit, note, many))
    made = [_gap(asked, each) for asked, each in found.items()]
    return sorted(made, key=lambda each: (-each.many, each.asked))


def _gap(asked, rows):
    units: Counter[str] = Counter()
    for unit, _note, many in rows:
        units[unit] += many
    notes = sum(many for _unit, note, many in rows if note)
    return Gap(asked, units.total(), notes, _falling(units))


def _falling(counted):
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))
