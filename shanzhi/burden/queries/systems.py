"""The inventory of systems, the map of what goes into what, and the notices of closing."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from shanzhi.kernel import places

from ..models import Category, Demand, Plan, SystemUse
from .demands import demands


def systems(place: str) -> QuerySet[Demand]:
    settled = Q(campaign=None) | Q(campaign__frozen_at__isnull=False)
    rows = demands(place).filter(settled, category=Category.SYSTEM)
    return rows.select_related("department", "heir", "plan__heir").order_by("number")


def system(place: str, number: str) -> Demand | None:
    return systems(place).filter(number=number).first()


def asked_of(community: str, on: date) -> QuerySet[Demand]:
    """What a community may still be using: in force, or ended with its closing yet to come."""
    return systems(community).filter(Q(state=Demand.State.IN_FORCE) | Q(plan__closes_on__gt=on))


def fates() -> dict[int, tuple[str, int | None]]:
    """Of each system of the city: stay, merge or close, and its heir; "" if nobody has decided."""
    ended = {"merged": Plan.Fate.MERGE, "in_force": ""}
    rows = Demand.objects.filter(category=Category.SYSTEM).values_list(
        "pk", "state", "heir_id", "plan__fate", "plan__heir_id"
    )
    return {
        pk: (fate, planned) if fate else (ended.get(state, Plan.Fate.CLOSE), heir)
        for pk, state, heir, fate, planned in rows
    }


def leading_to(demand: Demand) -> list[Demand]:
    """Systems that go into this one: planned so, or merged by a decision and not planned anew."""
    planned = Q(plan__heir=demand)
    merged = Q(heir=demand, plan=None)
    return list(Demand.objects.filter(planned | merged, category=Category.SYSTEM).order_by("pk"))


@dataclass(frozen=True)
class Logins:
    """Who logs into one system, as the communities say."""

    told: int = 0
    communities: int = 0
    people: int = 0


def logins(place: str) -> dict[int, Logins]:
    found = (
        _uses(place).order_by().values("demand_id")
        .annotate(told=Count("pk"), communities=Count("pk", filter=Q(people__gt=0)),
                  people=Sum("people"))
    )  # fmt: skip
    return {row.pop("demand_id"): Logins(**row) for row in found}


def ways(place: str, demand: Demand) -> list[tuple[str, str, int, int]]:
    """How often, how one signs in, communities, people: the commonest first."""
    rows = _uses(place).filter(demand=demand, people__gt=0).order_by().values("often", "login")
    rows = rows.annotate(many=Count("pk"), heads=Sum("people")).order_by("-many", "often", "login")
    return [(each["often"], each["login"], each["many"], each["heads"]) for each in rows]


def told(place: str) -> int:
    """How many communities have said what they log into."""
    return _uses(place).aggregate(many=Count("community", distinct=True))["many"]


def uses(community: str) -> dict[int, SystemUse]:
    return {each.demand_id: each for each in SystemUse.objects.filter(community=community)}


def _uses(place):
    low, high = places.span(place)
    return SystemUse.objects.filter(community__gte=low, community__lt=high)


def closings() -> QuerySet[Plan]:
    """What was announced, the latest closing first."""
    rows = Plan.objects.filter(announced_on__isnull=False)
    return rows.select_related("demand__department", "heir").order_by("-closes_on", "-pk")


def closing(number: str) -> Plan | None:
    return closings().filter(demand__number=number).first()


def overdue(place: str, on: date) -> int:
    """Closed by their plan, and still asked for: a decision on the demand is missing."""
    return systems(place).filter(plan__closes_on__lte=on, state=Demand.State.IN_FORCE).count()


def broken(place: str) -> QuerySet[Demand]:
    """What goes into a system that is not in force any more."""
    return systems(place).filter(plan__heir__isnull=False).exclude(
        plan__heir__state=Demand.State.IN_FORCE
    )  # fmt: skip
