"""What hangs in communities, counted for any day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.paging import Page

from ..models import Demand, Plaque, WalkRound
from .demands import communities, demands

SIZE = 30
PLACES = tuple(Demand.PlaquePlace.values)


@dataclass(frozen=True)
class Figures:
    """Of one place on one day: recorded = hanging + down."""

    recorded: int = 0
    down: int = 0
    undecided: int = 0
    to_take_down: int = 0  # decided, and still hanging
    outside: int = 0
    inside: int = 0
    wall: int = 0

    @property
    def hanging(self) -> int:
        return self.outside + self.inside + self.wall

    def over(self, caps: Mapping[str, int]) -> dict[str, int]:
        """By place, how many more hang than may."""
        found = {each: getattr(self, each) - caps[each] for each in PLACES}
        return {each: many for each, many in found.items() if many > 0}


def _counted(on: date) -> dict[str, Count]:
    hangs = Q(down_on=None) | Q(down_on__gt=on)
    decided = Q(decided_on__lte=on)
    return {
        "recorded": Count("pk"),
        "down": Count("pk", filter=Q(down_on__lte=on)),
        "undecided": Count("pk", filter=hangs & ~decided | hangs & Q(decided_on=None)),
        "to_take_down": Count("pk", filter=hangs & decided & Q(verdict="take_down")),
        **{each: Count("pk", filter=hangs & Q(place=each)) for each in PLACES},
    }


def _within(place: str) -> Q:
    low, high = places.span(place)
    return Q(community__gte=low, community__lt=high)


def total(place: str, on: date) -> Figures:
    rows = Plaque.objects.filter(_within(place), recorded_on__lte=on)
    return Figures(**rows.aggregate(**_counted(on)))


def by_community(codes: Iterable[str], on: date) -> dict[str, Figures]:
    """Of those among them that recorded something."""
    rows = Plaque.objects.filter(community__in=list(codes), recorded_on__lte=on)
    found = rows.order_by().values("community").annotate(**_counted(on))
    return {row.pop("community"): Figures(**row) for row in found}


def over(place: str, on: date, caps: Mapping[str, int]) -> set[str]:
    """Communities in which more hangs than may."""
    hangs = Q(recorded_on__lte=on) & (Q(down_on=None) | Q(down_on__gt=on))
    rows = Plaque.objects.filter(_within(place), hangs).order_by()
    many = rows.values_list("community", "place").annotate(many=Count("pk"))
    return {community for community, where, number in many if number > caps[where]}


def walked(place: str) -> dict[str, date]:
    """When each community went round."""
    return dict(WalkRound.objects.filter(_within(place)).values_list("community", "walked_on"))


def walks(place: str) -> int:
    return WalkRound.objects.filter(_within(place)).count()


def walk(community: str) -> WalkRound | None:
    return WalkRound.objects.filter(community=community).first()


def page(codes: Iterable[str], *, cursor: str = "") -> Page:
    """Of sorted codes of communities, one page."""
    key = paging.decode(cursor, str)
    rows = [each for each in codes if not key or each > key[0]][: SIZE + 1]
    return paging.page(rows, size=SIZE, key=lambda code: (code,))


def communities_in(place: str) -> list[str]:
    return [each for each in communities() if places.holds(place, each)]


def plaques(place: str) -> QuerySet[Plaque]:
    rows = Plaque.objects.filter(_within(place))
    return rows.select_related("department", "demand__department")


def wall(community: str) -> list[Plaque]:
    """Hanging ones first: at the door, inside, on walls; those to be decided before others."""
    order = {each: number for number, each in enumerate(PLACES)}
    rows = plaques(community).order_by(F("down_on").asc(nulls_first=True), "pk")
    return sorted(rows, key=lambda each: (each.down_on is not None, order[each.place],
                                          each.verdict != "", each.pk))  # fmt: skip


def plaque(place: str, pk: int) -> Plaque | None:
    return plaques(place).filter(pk=pk).first()


def expected(community: str) -> list[Demand]:
    """Demands with a plaque that are or were asked of a community, and are not recorded there."""
    known = Plaque.objects.filter(community=community).exclude(demand=None).values("demand_id")
    rows = demands(community).exclude(plaque="").exclude(pk__in=known)
    return list(rows.select_related("department").order_by("plaque_place", "number"))


def may_read_photos(pk: int, actor: Actor) -> bool:
    """The community itself, and every post above it."""
    community = Plaque.objects.filter(pk=pk).values_list("community", flat=True).first()
    return bool(community) and (actor.covers(community) or actor.place[:12] == community)
