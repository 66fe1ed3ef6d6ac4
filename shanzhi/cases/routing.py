"""Which unit a case goes to: ordered rules over item, category and place. Pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shanzhi.kernel import places

from .models import Item, Route


@dataclass(frozen=True)
class Unit:
    """A division's general desk (department "") or one of its departments."""

    place: str
    department: str = ""


@dataclass(frozen=True)
class Routed:
    unit: Unit
    route: Route | None  # the rule that decided; None: the item's own first step


def unit_at(level: str, department: str, place: str) -> Unit:
    """The unit of `level` that is responsible for `place`."""
    return Unit(places.cut(place, level), department)


def fits(route: Route, *, item_code: str, category: str, place: str, day: date) -> bool:
    return (
        (not route.items or item_code in route.items)
        and category.startswith(route.category)
        and place.startswith(route.place)
        and (route.valid_from is None or route.valid_from <= day)
        and (route.valid_to is None or day < route.valid_to)
    )


def choose(routes: Iterable[Route], *, item: Item, category: str, place: str, day: date) -> Routed:
    """The first rule that fits, in order; without one, the unit of the item's first step."""
    for route in routes:
        if fits(route, item_code=item.code, category=category, place=place, day=day):
            return Routed(unit_at(route.level, route.department, place), route)
    return Routed(step_unit(item, 0, place) or decides(item, place), None)


def step_unit(item: Item, number: int, place: str) -> Unit | None:
    """The unit of a step of the item; None past the last."""
    if number >= len(item.steps):
        return None
    step = item.steps[number]
    return unit_at(step["level"], step.get("department", ""), place)


def decides(item: Item, place: str) -> Unit:
    """The unit that decides cases of this item."""
    return unit_at(item.level, item.department, place)
