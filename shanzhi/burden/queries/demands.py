"""Demands, as lists and one by one. They hold nothing personal: every post of the desk sees those
that are asked of its place."""

from collections.abc import Mapping
from itertools import pairwise

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.paging import Page
from shanzhi.places import queries as divisions

from .. import rules
from ..models import Decision, Demand

SIZE = 30
FROZEN = Q(origin=Demand.Origin.BASELINE, campaign__frozen_at__isnull=False)


def communities() -> list[str]:
    """Codes of all communities of the city, sorted."""
    found = divisions.inside(settings.SHANZHI_CITY).filter(level="community")
    return list(found.values_list("code", flat=True))


def demands(place: str) -> QuerySet[Demand]:
    """Asked of somebody in `place`: its scope names a place above, the place, or one inside. What
    asks nobody any more belongs where its unit is."""
    if place == settings.SHANZHI_CITY:
        return Demand.objects.all()
    inside = divisions.inside(place).exclude(level="grid").values_list("code", flat=True)
    low, high = places.span(place)
    of_nobody = Q(communities=0, place__gte=low, place__lt=high)
    return Demand.objects.filter(Q(scope__overlap=[*places.above(place), *inside]) | of_nobody)


def demand(place: str, number: str) -> Demand | None:
    found = demands(place).filter(number=number)
    return found.select_related("department", "payer", "heir", "taken_by", "campaign").first()


def page(place: str, chosen: Mapping[str, str], *, cursor: str = "") -> Page:
    """Newest last, by number. `chosen` as narrowed() reads it; "" is any."""
    rows = narrowed(demands(place), chosen).select_related("department")
    key = paging.decode(cursor, str)
    if key:
        rows = rows.filter(number__gt=key[0])
    found = list(rows.order_by("number")[: SIZE + 1])
    more = len(found) > SIZE
    return Page(found[:SIZE], paging.encode((found[SIZE - 1].number,)) if more else "")


def narrowed(rows: QuerySet[Demand], chosen: Mapping[str, str]) -> QuerySet[Demand]:
    for column in ("category", "state", "department"):
        if value := chosen.get(column):
            rows = rows.filter(**{column: value})
    if level := chosen.get("level"):
        rows = rows.filter(place__regex=f"^.{{{places.LEVELS.get(level, 0)}}}$")
    for word in chosen.get("q", "").split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    if campaign := chosen.get("campaign"):  # and what came through the gate since
        rows = rows.filter(Q(campaign=campaign) | ~Q(origin=Demand.Origin.BASELINE))
    if chosen.get("frozen"):
        rows = rows.filter(FROZEN)
    if chosen.get("open"):
        rows = rows.filter(state=Demand.State.IN_FORCE, decisions=None)
    return rows


def without_decision(place: str, chosen: Mapping[str, str] | None = None) -> QuerySet[Demand]:
    """In force as the baseline found them: what the clean-up has still to look at."""
    return narrowed(demands(place), {**(chosen or {}), "open": "1", "frozen": "1"})


def undecided(place: str, chosen: Mapping[str, str] | None = None) -> tuple[dict[str, int], int]:
    """By category, what the clean-up has still to look at; and how many there were in all."""
    found = narrowed(demands(place), {**(chosen or {}), "frozen": "1"})
    left = without_decision(place, chosen).order_by().values_list("category")
    return dict(left.annotate(number=Count("pk"))), found.count()


def decisions(demand: Demand) -> list[Decision]:
    return list(demand.decisions.select_related("heir", "taken_by", "undone_by").order_by("-pk"))


def decision(pk: int) -> Decision | None:
    return Decision.objects.select_related("demand").filter(pk=pk).first()


def heirs(demand: Demand, limit: int = 20) -> list[Demand]:
    """In force and asked of the same communities at least: those of the same category first, and
    of these what is called most like it."""
    rows = Demand.objects.filter(state=Demand.State.IN_FORCE).exclude(pk=demand.pk)
    rows = rows.only("number", "title", "scope", "category").order_by("title")
    pairs = _pairs(demand.title)

    def far(each):
        return each.category != demand.category, -len(pairs & _pairs(each.title))

    return sorted((each for each in rows if rules.takes_in(each, demand)), key=far)[:limit]


def _pairs(title):
    return set(map("".join, pairwise(title)))
