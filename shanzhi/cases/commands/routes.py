"""The ordered rules that say which unit a case goes to."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Route


def _held() -> list[Route]:
    """All routes in order, locked: positions change together."""
    return list(Route.objects.select_for_update().order_by("position"))


@transaction.atomic
def save_route(
    *, route: Route | None, values: dict[str, Any], position: int, by: Actor, at: datetime
) -> Route:
    """Add a rule or change one, and put it at `position` (1 is asked first)."""
    held = _held()
    rules.check_may_route(by)
    rules.check_route(values)
    if route is None:
        last = Route.objects.aggregate(last=Max("position"))["last"] or 0
        route = Route.objects.create(position=last + 1, **values)
    else:
        Route.objects.filter(pk=route.pk).update(**values)
        route = Route.objects.get(pk=route.pk)
    _reorder([each for each in held if each.pk != route.pk], route, position)
    record(
        "cases.route_saved",
        about=f"cases.Route:{route.pk}",
        by=by,
        at=at,
        place="",
        position=route.position,
    )
    return route


def _reorder(others, route, position):
    others.insert(min(max(position, 1), len(others) + 1) - 1, route)
    for place, each in enumerate(others, start=1):
        if each.position != place:
            each.position = place
            each.save(update_fields=["position"])


@transaction.atomic
def delete_route(*, route: Route, by: Actor, at: datetime) -> None:
    held = _held()
    rules.check_may_route(by)
    record(
        "cases.route_deleted",
        about=f"cases.Route:{route.pk}",
        by=by,
        at=at,
        place="",
        name=route.name,
    )
    Route.objects.filter(pk=route.pk).delete()
    rest = [each for each in held if each.pk != route.pk]
    if rest:
        _reorder(rest[:-1], rest[-1], len(rest))


@transaction.atomic
def load_routes(*, rows: list[dict[str, Any]], by: Actor, at: datetime) -> int:
    """Put a whole set of rules in place of the present one."""
    rules.check_may_route(by)
    Route.objects.all().delete()
    routes = [Route(position=n, **row) for n, row in enumerate(rows, start=1)]
    Route.objects.bulk_create(routes)
    record("cases.routes_loaded", about="cases.Route:", by=by, at=at, place="", count=len(routes))
    return len(routes)
