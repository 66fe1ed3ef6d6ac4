"""The grids of a community as a picture: drawn here, so that it needs no map server."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from . import geometry

WIDTH, MARGIN = 480, 12
TALLEST = 480
COLOURS = ("#0f766e", "#c2410c", "#1d4ed8", "#7c3aed", "#4d7c0f", "#be185d")


@dataclass(frozen=True)
class Patch:
    code: str
    name: str
    path: str  # of an SVG
    x: float  # of its label
    y: float
    colour: str
    chosen: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    patches: list[Patch]


def picture(grids: Sequence[tuple], chosen: str = "") -> Picture | None:
    """`grids` are pairs of a Division and its Grid; None where none is drawn."""
    drawn = [(division, grid) for division, grid in grids if grid.area]
    if not drawn:
        return None
    shapes = [geometry.shape(grid.area) for _division, grid in drawn]
    west, south, east, north = geometry.total_bounds(shapes)
    narrow = cos(radians((south + north) / 2))  # a degree of longitude against one of latitude
    wide, high = max((east - west) * narrow, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / high)

    def place(longitude, latitude):
        x = MARGIN + (longitude - west) * narrow * scale
        return round(x, 1), round(MARGIN + (north - latitude) * scale, 1)

    patches = [
        Patch(
            division.code,
            division.short_name,
            _path(area, place),
            *place(*geometry.label_point(grid.area)),
            COLOURS[n % len(COLOURS)],
            division.code == chosen,
        )
        for n, ((division, grid), area) in enumerate(zip(drawn, shapes, strict=True))
    ]
    return Picture(round(wide * scale + 2 * MARGIN), round(high * scale + 2 * MARGIN), patches)


def _path(area, place):
    polygons = getattr(area, "geoms", [area])
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return " ".join(_ring(ring, place) for ring in rings)


def _ring(ring, place):
    points = [place(x, y) for x, y in ring.coords[:-1]]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
