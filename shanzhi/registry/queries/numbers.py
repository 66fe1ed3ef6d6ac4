"""How many persons and households there are in a place: for levels that see no persons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.db.models.functions import Left

from shanzhi.kernel import places

from ..models import Household, Presence
from .population import pyramid

KINDS = tuple(Presence.Kind.values)


@dataclass(frozen=True)
class Numbers:
    registered: int
    living: int
    working: int
    studying: int
    households: int


def numbers(codes: Iterable[str], within: str, on: date) -> dict[str, Numbers]:
    """Of each of the codes, which lie one level below `within`."""
    codes = list(codes)
    homes = _households(within, len(codes[0])) if codes else {}
    return {code: of(code, on, homes.get(code, 0)) for code in codes}


def of(code: str, on: date, households: int) -> Numbers:
    return Numbers(*(pyramid(code, on, kind).total for kind in KINDS), households)


def _households(within, length):
    start, end = places.span(within)
    rows = Household.objects.filter(place__gte=start, place__lt=end, ended_on=None)
    column = "place" if length > 12 else "community"
    counted = rows.values(code=Left(column, length)).annotate(count=Count("id"))
    return dict(counted.values_list("code", "count"))
