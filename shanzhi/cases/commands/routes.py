"""The ordered rules that say which unit a case goes to."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from shanzhi.journal.commands import record
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor

from .. import memory, rules
from ..models import Route

TURN = "SELECT pg_advisory_xact_lock(hashtext('shanzhi.routes'), hashtext(current_schema()))"


def _held() -> list[Route]:
    """All rules in order, locked: positions change together, and a new one has no row to lock."""
    with connection.cursor() as cursor:
        cursor.execute(TURN)
    memory.forget()
    transaction.on_commit(memory.forget)
    return list(Route.objects.select_for_update().order_by("position"))


def _one(held: list[Route], route: Route) -> Route:
    found = next((each for each in held if each.pk == route.pk), None)
    rules.check_still_there(found)
    return found


def _record(verb: str, route: Route, by: Actor, at: datetime, **data: Any) -> None:
    about = f"cases.Route:{route.pk}"
    record(verb, about=about, by=by, at=at, place=route.place, **data)


@transaction.atomic
def save_route(
    *,
    route: Route | None,
    values: dict[str, Any],
    position: int,
    by: Actor,
    at: datetime,
    stamp: str | None = None,
) -> Route:
    """Add a rule or change one, and put it at `position` (1 is asked first). `stamp` is that of the
    rule the editor has seen (catalogue.route_stamp), so that nobody writes over another.
    """
    held = _held()
    route = route and _one(held, route)
    rules.check_route_unchanged(route, stamp)
    where = {values.get("place", "")} | ({route.place} if route else set())
    rules.check_may_route(by, *where)
    rules.check_route(values)

    if route is None:
        route = Route.objects.create(position=len(held) + 1, **values)
    else:
        for name, value in values.items():
            setattr(route, name, value)
        route.save(update_fields=sorted(values))
    _reorder([each for each in held if each.pk != route.pk], route, position)

    _record("cases.route_saved", route, by, at, position=route.position)
    return route


def _reorder(others, route, position):
    others.insert(min(max(position, 1), len(others) + 1) - 1, route)
    _number(others)


def _number(routes):
    for position, each in enumerate(routes, start=1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])


@transaction.atomic
def move_route(*, route: Route, by_places: int, by: Actor, at: datetime) -> Route:
    """Ask a rule earlier (-1) or later (1)."""
    held = _held()
    route = _one(held, route)
    rules.check_may_route(by, route.place)

    before = route.position
    _reorder([each for each in held if each.pk != route.pk], route, before + by_places)

    _record("cases.route_moved", route, by, at, before=before, position=route.position)
    return route


@transaction.atomic
def delete_route(*, route: Route, by: Actor, at: datetime) -> None:
    held = _held()
    route = _one(held, route)
    rules.check_may_route(by, route.place)

    _record("cases.route_deleted", route, by, at, name=masking.scrub(route.name))
    Route.objects.filter(pk=route.pk).delete()
    _number([each for each in held if each.pk != route.pk])


@transaction.atomic
def load_routes(*, rows: list[dict[str, Any]], by: Actor, at: datetime) -> int:
    """Put a whole set of rules in place of the present one."""
    _held()
    rules.check_may_route(by, "")

    Route.objects.all().delete()
    routes = [Route(position=n, **row) for n, row in enumerate(rows, start=1)]
    Route.objects.bulk_create(routes)

    record("cases.routes_loaded", about="cases.Route:", by=by, at=at, place="", count=len(routes))
    return len(routes)
