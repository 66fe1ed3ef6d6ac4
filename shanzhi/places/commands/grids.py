from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor

from .. import edition, geometry, memory, plans, rules
from ..models import Division, Estate, Grid
from .versions import _begin, _end, _locked, _set_area


@transaction.atomic
def add_grid(
    *, community: str, name: str, households: int, by: Actor, at: datetime, area: dict | None = None
) -> Grid:
    """A new grid under the community's next free code."""
    edition.take()
    rules.check_community(community)
    code = plans.free_code(community)
    return set_grid(code=code, name=name, area=area, households=households, by=by, at=at)


@transaction.atomic
def set_grid(
    *,
    code: str,
    name: str,
    households: int,
    by: Actor,
    at: datetime,
    area: dict | None = None,
) -> Grid:
    """Begin a grid under this code, or change its name, area and households.

    `area` is GeoJSON in CGCS2000 and replaces the area there was; None leaves the grid undrawn.
    """
    edition.take()
    grid = Grid.objects.select_for_update().filter(code=code).first() or Grid(code=code)
    name = name.strip()
    area = geometry.read(area) if area else None
    rules.check_grid_code(code)
    rules.check_may_draw(by, code)
    rules.check_grid(code=code, name=name, area=area, households=households)

    fields = [*_name(code, name, localdate(at)), *_area(grid, area)]
    if grid.households != households:
        fields.append("households")
    grid.households = households
    grid.save()
    memory.forget()

    record("places.grid_set", about=f"places.Grid:{code}", by=by, at=at, place=code, fields=fields)
    return grid


@transaction.atomic
def end_grid(*, code: str, by: Actor, at: datetime) -> None:
    """The grid is given up; its estates belong to the community as a whole again."""
    division = _locked([code])[0]
    rules.check_grid_code(code)
    rules.check_may_draw(by, code)
    rules.check_later(division, localdate(at))

    _end(division, localdate(at))
    Estate.objects.filter(place=code).update(place=places.parent(code))
    memory.forget()

    record("places.grid_ended", about=f"places.Grid:{code}", by=by, at=at, place=code)


def _name(code, name, today):
    """A grid renamed on the day it began, or was last renamed, is corrected."""
    present = Division.objects.select_for_update().filter(code=code, valid_to=None).first()
    if present is None:
        _begin(code, name, today)
        return ["began"]
    if present.name == name:
        return []
    if present.valid_from >= today:
        present.name = present.short_name = name
        present.save(update_fields=["name", "short_name"])
    else:
        _end(present, today)
        _begin(code, name, today)
    return ["name"]


def _area(grid, area):
    before = grid.outline
    _set_area(grid, area)
    return ["area"] if grid.outline != before else []
