"""Divisions: what lies below, by name, and the grid of a point."""

from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router

from shanzhi.kernel.api import content
from shanzhi.places import queries
from shanzhi.places.models import Division

from . import shapes

router = Router(tags=["places"])
Code = Annotated[str, Query("", pattern=r"^[0-9]{0,20}$")]


@router.get("", response=shapes.Places, summary="List the divisions below one")
def list_places(request: HttpRequest, parent: Code) -> HttpResponse:
    """One level down, by code; of "", the provinces."""
    return content.answer({"rows": [_place(each) for each in queries.children(parent)]})


@router.get("/search", response=shapes.Places, summary="Find communities and estates by name")
def search_places(
    request: HttpRequest,
    name: Annotated[str, Query(..., min_length=1, max_length=40)],
    within: Code,
) -> HttpResponse:
    """By any part of the name. The code of an estate is that of the division it lies in."""
    found = [
        {"code": each.code, "name": each.name, "level": each.level, "path": each.path}
        for each in queries.search(name, within)
    ]
    return content.answer({"rows": found})


@router.get("/at", response=shapes.Place, summary="Find the grid of a point")
def place_at(
    request: HttpRequest,
    longitude: Annotated[float, Query(..., ge=-180, le=180, allow_inf_nan=False)],
    latitude: Annotated[float, Query(..., ge=-90, le=90, allow_inf_nan=False)],
) -> HttpResponse:
    """Coordinates of CGCS2000, which WGS 84 differs from by less than a metre."""
    code = queries.find_grid(longitude, latitude)
    if code is None:
        raise Http404
    return content.answer(_place(queries.current(code)))


@router.get("/{code}", response=shapes.Place, summary="Read a division")
def read_place(request: HttpRequest, code: str) -> HttpResponse:
    if not code.isdecimal() or not code.isascii() or not queries.exists(code):
        raise Http404
    return content.answer(_place(queries.current(code)))


def _place(division: Division) -> dict[str, str]:
    return {
        "code": division.code,
        "name": division.short_name,
        "level": division.level,
        "path": " ".join(queries.path_names(division.parent)),
    }
