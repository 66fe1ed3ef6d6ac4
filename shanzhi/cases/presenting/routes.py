"""Rules in words, and what the simulator says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.people.queries import unit_name
from shanzhi.places import queries as places

from .. import queries, routing
from ..models import Category, Item, Route
from .words import level_name

FEW = 3  # items named before "and others"
WHY_NOT = {
    "items": gettext_lazy("it is for other items"),
    "category": gettext_lazy("it is for another subject"),
    "place": gettext_lazy("it is for another place"),
    "early": gettext_lazy("it does not hold yet on that day"),
    "over": gettext_lazy("it holds no longer on that day"),
}


@dataclass(frozen=True)
class Spoken:
    """A rule in words: what it fits, where it sends, and what is wrong with it."""

    route: Route
    fits: list[tuple[str, str]]  # ("items", 路灯损坏报修、…)
    target: str
    period: str
    over: bool
    hidden_by: str  # the numbers of the rules asked before it


def spoken(routes: list[Route], day: date) -> list[Spoken]:
    """All rules with the names they refer to, fetched at once."""
    names = _names(routes)
    hidden = routing.shadowed(routes)
    return [
        Spoken(
            route, _fits(route, *names), level_name(route), _period(route),
            bool(route.valid_to and route.valid_to <= day),
            "、".join(str(each.position) for each in hidden.get(route.position, [])),
        )
        for route in routes
    ]  # fmt: skip


def _names(routes: Iterable[Route]):
    items = queries.item_names({code for route in routes for code in route.items})
    codes = {route.category for route in routes if route.category}
    categories = dict(Category.objects.filter(code__in=codes).values_list("code", "path"))
    return items, categories


def _fits(route, items, categories):
    found = []
    if route.items:
        names = [items.get(code, code) for code in route.items]
        text = "、".join(names[:FEW])
        if len(names) > FEW:
            text = _("%(names)s and %(n)s more") % {"names": text, "n": len(names) - FEW}
        found.append(("items", text))
    if route.category:
        found.append(("category", categories.get(route.category, route.category)))
    if route.place:
        found.append(("place", " ".join(places.path_names(route.place)) or route.place))
    return found


def _period(route):
    if route.valid_from and route.valid_to:
        return _("from %(start)s to %(end)s") % {"start": route.valid_from, "end": last_day(route)}
    if route.valid_from:
        return _("from %(start)s") % {"start": route.valid_from}
    return _("until %(end)s") % {"end": last_day(route)} if route.valid_to else ""


def last_day(route: Route) -> date | None:
    return route.valid_to - timedelta(days=1) if route.valid_to else None


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Codes to 新北区 三井街道 天安社区; without the city, unless it is the city."""
    return {code: " ".join(places.path_names(code)[1:] or places.path_names(code))
            for code in codes if code}  # fmt: skip


def simulated(item: Item, category: str, place: str, day: date) -> dict[str, Any]:
    """Where such a request goes, because of which rule, and why not of those before it."""
    routes = queries.routes()
    chosen = routing.choose(routes, item=item, category=category, place=place, day=day)
    asked = {"item_code": item.code, "category": category, "place": place, "day": day}
    passed = []
    for route in routes:
        if route is chosen.route:
            break
        passed.append((route, str(WHY_NOT[routing.misfit(route, **asked)])))
    return {
        "unit": unit_name(chosen.unit.place, chosen.unit.department),
        "route": chosen.route,
        "passed": passed,
        "item": item,
        "place": place_names([place]).get(place, place),
        "day": day,
    }
