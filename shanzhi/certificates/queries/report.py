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
    """`units` and `kinds` are in falling order; `cells` has (unit, kind)."""

    total: int = 0
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
    return Report(
        cells.total(), rows.values("place").distinct().count(), _falling(units), _falling(kinds),
        dict(cells),
    )  # fmt: skip


def _falling(counted):
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))
