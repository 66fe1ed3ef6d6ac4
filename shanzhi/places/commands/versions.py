"""The steps that commands on divisions and grids are made of; only called inside them."""

from shanzhi.journal.commands import record
from shanzhi.kernel import masking, places

from .. import edition, geometry, memory, queries, rules
from ..models import Division, Estate, Grid, Succession
from ..naming import short_name


def _locked(codes):
    """The present divisions, higher ones first. Other changes wait until this one is through."""
    edition.take()
    found = Division.objects.select_for_update().filter(code__in=codes, valid_to=None)
    by_code = {each.code: each for each in found.order_by("code")}
    return [by_code.get(code) or queries.current(code) for code in codes]


def _told(verb, code, *, by, at, on, reason, **data):
    memory.forget()
    record(
        verb, about=f"places.Division:{code}", by=by, at=at, place=code,
        on=str(on), reason=masking.scrub(reason.strip()), **data,
    )  # fmt: skip


def _renamed(old, name, on, short=""):
    """The next version; on the day the present one began, that one corrected."""
    if on == old.valid_from:
        old.name, old.short_name = name, short or short_name(name, old.level)
        old.save(update_fields=["name", "short_name"])
        return old
    _end(old, on)
    return _begin(old.code, name, on, kind=old.kind, short=short)


def _begin(code, name, on, *, kind="", short=""):
    level = places.level(code)
    return Division.objects.create(
        code=code,
        name=name,
        short_name=short or short_name(name, level),
        level=level,
        parent=places.parent(code),
        kind=kind,
        valid_from=on,
    )


def _end(division, on):
    division.valid_to = on
    division.save(update_fields=["valid_to"])


def _succeed(old, new, kind, on):
    Succession.objects.create(old=old, new=new, kind=kind, on=on)


def _target(new, name, like, on):
    """What the others are merged into, founded or renamed where that is asked."""
    present = Division.objects.select_for_update().filter(code=new, valid_to=None).first()
    if present is None:
        return _begin(new, name, on, kind=like.kind)
    if name and name != present.name:
        rules.check_not_before(present, on)
        return _renamed(present, name, on)
    return present


def _part(old, part, on):
    if part.code == old.code:
        return old if part.name == old.name else _renamed(old, part.name, on)
    _succeed(old.code, part.code, Succession.Kind.SPLIT, on)
    return _begin(part.code, part.name, on, kind=old.kind)


def _carry_out(plan, on):
    """Everything planned ends under its old code and begins under its new one."""
    for each in plan.carried:
        old, new = each.old, each.new
        rules.check_later(old, on)
        _end(old, on)
        _begin(new, old.name, on, kind=old.kind, short=old.short_name)
        _succeed(old.code, new, Succession.Kind.MOVED, on)
        Estate.objects.filter(place=old.code).update(place=new)
        for grid in Grid.objects.filter(code=old.code):
            grid.code = new
            grid.save(force_insert=True)


def _join_areas(codes, new):
    """The area and households of merged grids. Other divisions have none."""
    grids = list(Grid.objects.select_for_update().filter(code__in=set(codes)).order_by("code"))
    if not grids:
        return
    joined = Grid(code=new, households=sum(grid.households for grid in grids))
    _set_area(joined, geometry.union([grid.area for grid in grids if grid.area]))
    joined.save()


def _set_area(grid: Grid, area: dict | None) -> None:
    """The area with what is derived from it; not yet saved."""
    grid.area = area
    grid.outline = geometry.outline(area) if area else ""
    box = geometry.bounds(area) if area else (None, None, None, None)
    grid.west, grid.south, grid.east, grid.north = box
