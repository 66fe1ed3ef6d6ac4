"""Areas of grids: read, checked, compared, joined. GeoJSON outside, shapely inside."""

import hashlib
import math
from typing import TYPE_CHECKING

import orjson
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.later import Later

if TYPE_CHECKING:
    import shapely
    from shapely import Geometry
else:
    shapely = Later("shapely")  # and numpy

CHINA = (73.0, 3.0, 136.0, 54.0)  # west, south, east, north
MOST_POINTS = 5_000
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)
MOST_DEGREES = 5.0  # no grid is wider: a typing error
SLIVER = 0.01  # of the smaller area: what two drawings may differ along their common border
DIGITS = 7  # a centimetre


def read(text: str | bytes | dict) -> dict:
    """The Polygon or MultiPolygon in a GeoJSON text, rounded; Refused where it is none."""
    document = text if isinstance(text, dict) else _parsed(text)
    geometry = _only_geometry(document)
    if not isinstance(geometry, dict) or geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        raise Refused(_("The GeoJSON must hold one polygon."), field="area")
    try:
        area = _rounded(shapely.force_2d(shape(geometry)))
        numbers = shapely.get_coordinates(area)
    except (*UNREADABLE, shapely.errors.ShapelyError):
        raise Refused(_("The coordinates in the GeoJSON cannot be read."), field="area") from None
    check(area, [tuple(pair) for pair in numbers])
    return _plain(area)


def _parsed(text):
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(_("This is not GeoJSON."), field="area") from None


def _only_geometry(document):
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        features = document.get("features")
        document = features[0] if isinstance(features, list) and len(features) == 1 else None
    if isinstance(document, dict) and document.get("type") == "Feature":
        return document.get("geometry")
    return document


def check(area: "Geometry", numbers: list[tuple[float, float]]) -> None:
    if area.is_empty or not all(map(math.isfinite, [n for pair in numbers for n in pair])):
        raise Refused(_("The coordinates in the GeoJSON cannot be read."), field="area")
    if len(numbers) > MOST_POINTS:
        raise Refused(
            _("The area has more than %(most)s points; simplify it.") % {"most": MOST_POINTS},
            field="area",
        )
    if not _in_china(area.bounds):
        if _in_china([area.bounds[n] for n in (1, 0, 3, 2)]):
            raise Refused(_("GeoJSON has the longitude first, then the latitude."), field="area")
        raise Refused(_("The area does not lie in China: is it in degrees?"), field="area")
    west, south, east, north = area.bounds
    if max(east - west, north - south) > MOST_DEGREES:
        raise Refused(_("The area is too large for a grid."), field="area")
    if not area.is_valid:
        raise Refused(
            _("The border of the area crosses itself at %(where)s.")
            % {"where": shapely.is_valid_reason(area).partition("[")[2].rstrip("]")},
            field="area",
        )


def _in_china(bounds):
    west, south, east, north = bounds
    return CHINA[0] <= west and CHINA[1] <= south and east <= CHINA[2] and north <= CHINA[3]


def _rounded(area):
    return shapely.transform(area, lambda numbers: numbers.round(DIGITS))


def _plain(area):
    """GeoJSON with lists, as JSON gives them back, and not tuples."""
    return orjson.loads(orjson.dumps(shapely.geometry.mapping(area)))


def shape(area: dict) -> "Geometry":
    return shapely.geometry.shape(area)


def outline(area: dict) -> str:
    """A digest by which the same area has the same name, in every process."""
    return hashlib.blake2b(orjson.dumps(area), digest_size=16).hexdigest()


_shapes: dict[str, "Geometry"] = {}
MOST_SHAPES = 4_096


def kept(name: str) -> "Geometry | None":
    """The prepared shape of an outline, if this process has it."""
    return _shapes.get(name)


def keep(name: str, area: dict) -> "Geometry":
    if len(_shapes) >= MOST_SHAPES:
        _shapes.clear()
    found = shape(area)
    shapely.prepare(found)
    _shapes[name] = found
    return found


def overlaps(one: dict, other: dict) -> bool:
    """Do they share more than a sliver along their border?"""
    first, second = shape(one), shape(other)
    shared = first.intersection(second).area
    return shared > SLIVER * min(first.area, second.area)


def union(areas: list[dict]) -> dict | None:
    """One area of several, None of none."""
    if not areas:
        return None
    return _plain(_rounded(shapely.union_all([shape(area) for area in areas])))


def total_bounds(areas: list["Geometry"]) -> tuple[float, float, float, float]:
    return tuple(shapely.total_bounds(areas))


def bounds(area: dict) -> tuple[float, float, float, float]:
    return shape(area).bounds


def covers(area: "Geometry", longitude: float, latitude: float) -> bool:
    """Is the point inside or on the border?"""
    return bool(shapely.covers(area, shapely.Point(longitude, latitude)))


def label_point(area: dict) -> tuple[float, float]:
    """A point surely inside."""
    point = shape(area).representative_point()
    return point.x, point.y
