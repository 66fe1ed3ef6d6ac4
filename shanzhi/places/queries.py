"""Every read of divisions, grids and estates that others use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places

from . import geometry, memory
from .models import Division, Estate, Grid, Succession
from .naming import short_name

CITY_LENGTH = 4
FEW = 20


def name(code: str, on: date | None = None) -> str:
    """What people call the place, now or on a day; "" where there is none such."""
    if on is None:
        return memory.names([code]).get(code, "")
    version = at(code, on)
    return version.short_name if version else ""


def names(codes: Iterable[str]) -> dict[str, str]:
    """Present names; of what has ended, its last one."""
    return memory.names(codes)


def path_names(code: str) -> list[str]:
    """From the city down: 常州市, 新北区, 三井街道, 天安社区."""
    known = memory.names(above := [each for each in places.above(code) if len(each) >= CITY_LENGTH])
    line = [known[each] for each in above if each in known]
    return [each for each, before in zip(line, ["", *line], strict=False) if each != before]


def at(code: str, on: date) -> Division | None:
    """The version that held on a day."""
    held = Q(valid_to=None) | Q(valid_to__gt=on)
    return Division.objects.filter(held, code=code, valid_from__lte=on).first()


def exists(code: str) -> bool:
    return memory.is_current(code) or Division.objects.filter(code=code, valid_to=None).exists()


def current(code: str) -> Division:
    division = Division.objects.filter(code=code, valid_to=None).first()
    if division is None:
        raise Refused(_("There is no division %(code)s now.") % {"code": code})
    return division


def latest(code: str) -> Division | None:
    """The present version, or the last one of what has ended."""
    return Division.objects.filter(code=code).order_by("-valid_from").first()


def history(code: str) -> list[Division]:
    return list(Division.objects.filter(code=code).order_by("valid_from"))


def children(code: str) -> list[Division]:
    """One level below, as of now; of "", the provinces."""
    return list(Division.objects.filter(parent=code, valid_to=None).order_by("code"))


def inside(code: str) -> QuerySet[Division]:
    """The present division itself and all below, in the order of the tree."""
    start, end = places.span(code)
    return Division.objects.filter(code__gte=start, code__lt=end, valid_to=None).order_by("code")


def level_counts(code: str) -> dict[str, int]:
    """How many divisions of each level lie below."""
    found = inside(code).exclude(code=code).order_by().values_list("level")
    counts = dict(found.annotate(count=Count("id")))
    return {level: counts[level] for level in places.LEVELS if level in counts}


def below_counts(code: str) -> dict[str, int]:
    """For each child, how many children it has itself."""
    length = min((n for n in places.LENGTHS if n > len(code)), default=0)
    start, end = places.span(code)
    sql = """
        SELECT parent, count(*) FROM places_division
        WHERE valid_to IS NULL AND parent >= %s AND parent < %s AND length(parent) = %s
        GROUP BY parent
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [start, end, length])
        return dict(cursor.fetchall())


# --- finding by name ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A division, or an estate in one (then `estate` is its id, and `code` where it lies)."""

    code: str
    name: str
    level: str  # "estate" for an estate
    path: str  # 常州市 新北区 三井街道
    estate: int | None = None


DIVISIONS_NAMED = """
SELECT code, short_name, level, NULL::bigint FROM places_division
WHERE valid_to IS NULL AND {named} AND level = ANY(%(levels)s)
    AND code >= %(start)s AND code < %(end)s
ORDER BY short_name NOT LIKE %(begins)s, length(short_name), code LIMIT %(limit)s
"""
ESTATES_NAMED = """
SELECT place, name, 'estate', id FROM places_estate
WHERE {named} AND place >= %(start)s AND place < %(end)s
ORDER BY name NOT LIKE %(begins)s, length(name), place, id LIMIT %(limit)s
"""


def search(
    text: str, within: str = "", limit: int = FEW, levels: Sequence[str] = ("community",)
) -> list[Found]:
    """Divisions of `levels` and estates by any part of their name: beginnings first, then short."""
    text = short_name(text.strip(), "community")
    if not text:
        return []
    start, end = places.span(within)
    plain = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    values = {
        "text": text, "begins": f"{plain}%", "part": f"%{plain}%", "levels": list(levels),
        "start": start, "end": end, "limit": limit,
    }  # fmt: skip
    rows = _named(DIVISIONS_NAMED, "short_name", values) + _named(ESTATES_NAMED, "name", values)
    rows.sort(key=lambda row: (not row[1].startswith(text), len(row[1]), row[0], row[3] or 0))
    rows = rows[:limit]
    above = memory.names({each for row in rows for each in places.above(row[0])})
    return [_found(row, above) for row in rows]


def _named(sql, column, values):
    """One character finds beginnings only; from two on, the index of pairs finds any part."""
    named = f"{column} LIKE %(begins)s"
    if len(values["text"]) > 1:
        named = f"places_pairs({column}) @> places_pairs(%(text)s) AND {column} LIKE %(part)s"
    with connection.cursor() as cursor:
        cursor.execute(sql.format(named=named), values)
        return cursor.fetchall()


def _found(row, above):
    code, called, level, estate = row
    line = [each for each in places.above(code) if len(each) >= CITY_LENGTH]
    if estate is None:
        line = line[:-1]
    return Found(code, called, level, " ".join(above.get(each, "") for each in line), estate)


# --- grids ----------------------------------------------------------------------------------------

GRIDS_AT = """
SELECT g.code, g.outline FROM places_grid AS g
JOIN places_division AS d ON d.code = g.code AND d.valid_to IS NULL
WHERE g.west IS NOT NULL
    AND box(point(g.west, g.south), point(g.east, g.north)) && box(point(%(x)s, %(y)s), point(%(x)s, %(y)s))
    AND g.code >= %(start)s AND g.code < %(end)s
ORDER BY g.code
"""  # noqa: E501


def find_grid(longitude: float, latitude: float, within: str = "") -> str | None:
    """The grid a point (CGCS2000) lies in; on a common border, the one with the lower code."""
    start, end = places.span(within)
    with connection.cursor() as cursor:
        cursor.execute(GRIDS_AT, {"x": longitude, "y": latitude, "start": start, "end": end})
        near = cursor.fetchall()
    unknown = [code for code, outline in near if geometry.kept(outline) is None]
    for grid in Grid.objects.filter(code__in=unknown):
        geometry.keep(grid.outline, grid.area)
    return next((code for code, outline in near if _covers(outline, longitude, latitude)), None)


def _covers(outline, longitude, latitude):
    area = geometry.kept(outline)
    return area is not None and geometry.covers(area, longitude, latitude)


def grids(community: str) -> list[tuple[Division, Grid]]:
    """The present grids of a community, each with its area."""
    divisions = [each for each in children(community) if each.level == Division.Level.GRID]
    areas = Grid.objects.in_bulk([each.code for each in divisions])
    return [(each, areas.get(each.code) or Grid(code=each.code)) for each in divisions]


GRIDS_TOUCHING = """
SELECT g.* FROM places_grid AS g
JOIN places_division AS d ON d.code = g.code AND d.valid_to IS NULL
WHERE g.west IS NOT NULL
    AND box(point(g.west, g.south), point(g.east, g.north)) && box(point(%s, %s), point(%s, %s))
ORDER BY g.code
"""


def grids_touching(area: dict) -> list[Grid]:
    """Present grids whose boxes meet the box of an area."""
    return list(Grid.objects.raw(GRIDS_TOUCHING, geometry.bounds(area)))


# --- estates --------------------------------------------------------------------------------------


def estates(place: str, limit: int = 1000) -> list[Estate]:
    """The estates in a place, whether of its grids or of the community as a whole."""
    start, end = places.span(place)
    inside = Estate.objects.filter(place__gte=start, place__lt=end)
    return list(inside.order_by("name", "place")[:limit])


def estate(pk: int) -> Estate | None:
    return Estate.objects.filter(pk=pk).first()


def grid_of(estate: Estate) -> str | None:
    """The estate's grid: that it is entered under, or else the one its point lies in."""
    if len(estate.place) == places.LEVELS["grid"]:
        return estate.place
    if estate.longitude is None or estate.latitude is None:
        return None
    return find_grid(estate.longitude, estate.latitude, within=estate.place)


# --- what became of a place -----------------------------------------------------------------------

CHAIN = """
WITH RECURSIVE chain (code, since) AS (
    VALUES (%(code)s COLLATE "C", '-infinity'::date)
    UNION
    SELECT s.new, s.on FROM chain AS c JOIN places_succession AS s
        ON s.old = c.code AND s.on >= c.since AND s.on <= %(on)s
)
SELECT DISTINCT c.code FROM chain AS c JOIN places_division AS d ON d.code = c.code
WHERE d.valid_from <= %(on)s AND (d.valid_to IS NULL OR d.valid_to > %(on)s)
ORDER BY c.code
"""


def successors(code: str, on: date) -> list[str]:
    """The codes that hold on a day for what `code` once was; the code itself while it holds."""
    with connection.cursor() as cursor:
        cursor.execute(CHAIN, {"code": code, "on": on})
        return [row[0] for row in cursor.fetchall()]


PREDECESSORS = """
WITH RECURSIVE chain (code) AS (
    VALUES (%s COLLATE "C")
    UNION
    SELECT s.old FROM chain AS c JOIN places_succession AS s
        ON s.new = c.code AND s.kind IN ('merged', 'moved')
)
SELECT code FROM chain ORDER BY code
"""


def predecessors(code: str) -> list[str]:
    """The code and all that were merged or moved into it: under these, older rows stand."""
    if not memory.anything_succeeded():
        return [code]
    with connection.cursor() as cursor:
        cursor.execute(PREDECESSORS, [code])
        return [row[0] for row in cursor.fetchall()]


def heirs() -> dict[str, tuple[str, date]]:
    """Of each code that was merged or moved as a whole: into which, and from which day on."""
    if not memory.anything_succeeded():
        return {}
    whole = Succession.objects.exclude(kind=Succession.Kind.SPLIT).order_by("on", "pk")
    return {old: (new, on) for old, new, on in whole.values_list("old", "new", "on")}


def formerly(code: str, since: date) -> list[str]:
    """The codes under which the very same division stood since a day, the present one first; none
    where it was merged, or split, since."""
    found, known = [code], memory.anything_succeeded()
    while known:
        rows = [each for each in successions(found[-1]) if each.on > since]
        came = [each for each in rows if each.new == found[-1]]
        parted = any(each.kind == Succession.Kind.SPLIT for each in rows)
        if parted or any(each.kind != Succession.Kind.MOVED for each in came):
            return []
        if not came:
            break
        found.append(came[0].old)
    return found


def successions(code: str) -> list[Succession]:
    """What `code` became, and what it came from, in time order."""
    either = Succession.objects.filter(Q(old=code) | Q(new=code))
    return list(either.order_by("on", F("old"), F("new")))
