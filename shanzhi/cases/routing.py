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
    return not misfit(route, item_code=item_code, category=category, place=place, day=day)


def misfit(route: Route, *, item_code: str, category: str, place: str, day: date) -> str:
    """Why a rule does not fit: items, category, place, early (not yet in force) or over; or ""."""
    if route.items and item_code not in route.items:
        return "items"
    if not category.startswith(route.category):
        return "category"
    if not place.startswith(route.place):
        return "place"
    if route.valid_from and day < route.valid_from:
        return "early"
    return "over" if route.valid_to and day >= route.valid_to else ""


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


# --- rules that can never fire --------------------------------------------------------------------


def shadowed(routes: Iterable[Route]) -> dict[int, list[Route]]:
    """Which rules, by position, never decide: for all they fit, those named are asked before."""
    found, before = {}, []
    for route in routes:
        if hiding := _hiding(route, before):
            found[route.position] = hiding
        before.append(route)
    return found


def _hiding(route, before):
    """The earlier rules that take everything from `route`, for each of its items the first."""
    wider = [each for each in before if _wider(each, route)]
    if not route.items:
        return [each for each in wider if not each.items][:1]
    taking = [
        next((each for each in wider if not each.items or code in each.items), None)
        for code in route.items
    ]
    if None in taking:
        return []
    return sorted({each.position: each for each in taking}.values(), key=lambda each: each.position)


def _wider(earlier, later):
    """Does the earlier one fit everywhere and whenever the later one does, items aside?"""
    return (
        later.category.startswith(earlier.category)
        and later.place.startswith(earlier.place)
        and (earlier.valid_from or date.min) <= (later.valid_from or date.min)
        and (later.valid_to or date.max) <= (earlier.valid_to or date.max)
    )
