import math
from datetime import datetime

import orjson
import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places import commands, geometry, points, queries
from shanzhi.places.models import Estate, Grid

from .factories import (
    BEGAN,
    CLERK,
    LONGCHENG,
    MONDAY,
    NEIGHBOUR,
    RESIDENT,
    SECRETARY,
    SHANGHAI,
    STREET,
    TIANAN,
    TODAY,
    everything,
    make_city,
    make_estate,
    make_grid,
    square,
    told,
)

pytestmark = pytest.mark.django_db
FIRST = f"{TIANAN}001"


@pytest.fixture(autouse=True)
def _city(db):
    make_city()


def call(**values):
    good = {"code": FIRST, "name": "第一网格", "households": 320, "by": SECRETARY, "at": MONDAY}
    return commands.set_grid(**(good | values))


def test_the_database_holds_an_area_with_its_box_or_neither():
    call(area=square(119.95, 31.83, 0.01))
    for half in ({"west": None}, {"outline": ""}, {"area": None}):
        with pytest.raises(IntegrityError, match="grid_drawn_whole"), transaction.atomic():
            Grid.objects.filter(code=FIRST).update(**half)


def test_a_secretary_draws_a_grid():
    call(area=square(119.95, 31.83, 0.01))
    division, grid = queries.grids(TIANAN)[0]
    assert (division.short_name, division.level, division.valid_from) == ("第一网格", "grid", TODAY)
    assert (grid.west, grid.south, grid.east, grid.north) == (119.95, 31.83, 119.96, 31.84)
    assert grid.area == square(119.95, 31.83, 0.01)
    assert grid.households == 320
    assert told("places.grid_set") == [
        (f"places.Grid:{FIRST}", 3, FIRST, {"fields": ["began", "area", "households"]})
    ]


def test_a_grid_keeps_a_version_of_its_name_and_the_newest_area():
    make_grid(1, name="甲网格")
    call(name="乙网格", area=square(119.95, 31.83, 0.01), households=301)
    assert [each.name for each in queries.history(FIRST)] == ["甲网格", "乙网格"]
    assert queries.name(FIRST, BEGAN.replace(month=7)) == "甲网格"
    assert Grid.objects.get().east == 119.96
    call(name="丙网格", area=square(119.95, 31.83, 0.01), households=301)
    assert [each.name for each in queries.history(FIRST)] == ["甲网格", "丙网格"]
    assert told("places.grid_set")[-1][3] == {"fields": ["name"]}


def test_a_new_grid_gets_the_next_code():
    make_grid(1)
    grid = commands.add_grid(community=TIANAN, name="第二网格", households=1, by=STREET, at=MONDAY)
    assert grid.code == f"{TIANAN}002"
    before = everything()
    for community in ("320411002", FIRST, "320411002099"):
        with pytest.raises(Refused, match="no such community"):
            commands.add_grid(community=community, name="x", households=1, by=CLERK, at=MONDAY)
    assert everything() == before


def bow_tie():
    ring = [[119.95, 31.83], [119.96, 31.84], [119.96, 31.83], [119.95, 31.84], [119.95, 31.83]]
    return {"type": "Polygon", "coordinates": [ring]}


def circle(points):
    turn = [2 * math.pi * n / points for n in range(points)]
    ring = [[119.95 + 0.01 * math.cos(a), 31.83 + 0.01 * math.sin(a)] for a in turn]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


WRONG = [
    ({"area": bow_tie()}, "crosses itself"),
    ({"area": square(31.83, 119.95, 0.01)}, "longitude first"),
    ({"area": square(2.35, 48.85, 0.01)}, "in China"),
    ({"area": square(13_353_000, 3_740_000, 100)}, "in degrees"),
    ({"area": square(110.0, 30.0, 6)}, "too large"),
    ({"area": circle(6000)}, "more than 5000 points"),
    ({"area": {"type": "Point", "coordinates": [119.95, 31.83]}}, "one polygon"),
    ({"area": {"type": "Polygon"}}, "cannot be read"),
    ({"area": {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}}, "cannot be read"),
    ({"area": {"type": "Polygon", "coordinates": [[[119, 31], [119.1, 31]]]}}, "cannot be read"),
    ({"area": {"type": "Polygon", "coordinates": []}}, "cannot be read"),
    ({"area": {"type": "FeatureCollection", "features": []}}, "one polygon"),
    ({"area": "{broken"}, "not GeoJSON"),
    ({"area": "[1]"}, "one polygon"),
    ({"name": " "}, "Enter a name"),
    ({"name": "第2网格"}, "Another grid"),
    ({"households": -1}, "Households"),
    ({"code": TIANAN}, "three more digits"),
    ({"code": "320411002099001"}, "no such community"),
    ({"by": NEIGHBOUR}, "changed by the community's secretary"),
    ({"by": RESIDENT}, "changed by the community's secretary"),
    ({"area": square(119.975, 31.835, 0.01)}, "overlaps with 天安社区第2网格"),
]


@pytest.mark.parametrize(("wrong", "sentence"), WRONG, ids=[each[1] for each in WRONG])
def test_a_grid_that_cannot_be_changes_nothing(wrong, sentence):
    make_grid(2)
    before = everything()
    with pytest.raises(Refused, match=sentence):
        call(**wrong)
    assert everything() == before


def test_an_area_may_come_as_a_feature_with_heights():
    ring = [[*pair, 12.5] for pair in square(119.95, 31.83, 0.01)["coordinates"][0]]
    feature = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    for text in (feature, orjson.dumps({"type": "FeatureCollection", "features": [feature]})):
        assert geometry.read(text) == square(119.95, 31.83, 0.01)


numbers = st.floats(allow_nan=True) | st.integers(-200, 200) | st.floats(30, 120)
anything = st.recursive(
    numbers | st.none() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.lists(st.lists(numbers, max_size=3), max_size=6),
    max_leaves=30,
)


@given(kind=st.sampled_from(["Polygon", "MultiPolygon"]), coordinates=anything)
def test_whatever_is_sent_as_an_area_is_read_or_refused(kind, coordinates):
    try:
        area = geometry.read({"type": kind, "coordinates": coordinates})
    except Refused:
        return
    assert geometry.read(area) == area


def test_neighbours_may_differ_by_a_sliver():
    make_grid(2)  # begins at 119.97
    call(area=square(119.95, 31.83, 0.02001))
    assert queries.find_grid(119.96, 31.84) == FIRST


def test_a_grid_of_another_community_is_not_drawn_over_either():
    make_grid(1, community=LONGCHENG)
    before = everything()
    with pytest.raises(Refused, match="龙城社区第1网格"):
        call(area=square(119.95, 31.83, 0.01))
    assert everything() == before


def test_the_area_of_a_grid_that_has_ended_is_free_again():
    make_grid(1)
    commands.end_grid(code=FIRST, by=SECRETARY, at=MONDAY)
    assert queries.find_grid(119.96, 31.84) is None
    assert [division.code for division, _grid in queries.grids(TIANAN)] == []
    call(code=f"{TIANAN}002", area=square(119.95, 31.83, 0.01))
    with pytest.raises(Refused, match="has ended"):
        call()


def test_estates_of_an_ended_grid_belong_to_the_community_again():
    make_grid(1)
    make_estate(place=FIRST)
    commands.end_grid(code=FIRST, by=SECRETARY, at=MONDAY)
    assert Estate.objects.get().place == TIANAN


def test_a_grid_is_not_ended_on_the_day_it_began_nor_by_a_neighbour():
    make_grid(1, at=MONDAY)
    before = everything()
    for by in (SECRETARY, NEIGHBOUR):
        with pytest.raises(Refused):
            commands.end_grid(code=FIRST, by=by, at=MONDAY)
    assert everything() == before


# --- points ---------------------------------------------------------------------------------------


def test_the_grid_of_a_point():
    make_grid(1)
    make_grid(2)
    assert queries.find_grid(119.96, 31.84) == FIRST
    assert queries.find_grid(119.98, 31.84) == f"{TIANAN}002"
    assert queries.find_grid(119.98, 31.84, within=TIANAN) == f"{TIANAN}002"
    assert queries.find_grid(119.98, 31.84, within=LONGCHENG) is None
    assert queries.find_grid(118.0, 31.84) is None


def test_a_point_on_the_common_border_is_in_the_grid_with_the_lower_code():
    make_grid(2)
    make_grid(1)
    assert queries.find_grid(119.97, 31.84) == FIRST
    assert queries.find_grid(119.95, 31.83) == FIRST


def test_a_redrawn_grid_is_found_by_its_new_area():
    make_grid(1)
    assert queries.find_grid(119.96, 31.84) == FIRST
    call(area=square(119.99, 31.83, 0.01))
    assert queries.find_grid(119.96, 31.84) is None
    assert queries.find_grid(119.995, 31.835) == FIRST


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(x=st.floats(119.951, 120.009), y=st.floats(31.831, 31.849))
def test_every_point_of_three_adjacent_grids_is_in_exactly_the_right_one(x, y):
    if not Grid.objects.exists():
        for number in (1, 2, 3):
            make_grid(number)
    found = queries.find_grid(x, y)
    west = 119.95 + 0.02 * (int(found[-3:]) - 1)
    assert west - 1e-6 <= x <= west + 0.02 + 1e-6


def test_the_grid_of_an_estate_is_what_it_is_entered_under_or_where_its_point_lies():
    make_grid(1)
    make_grid(2)
    assert queries.grid_of(make_estate("甲苑", f"{TIANAN}002")) == f"{TIANAN}002"
    placed = make_estate("乙苑", TIANAN, longitude=119.96, latitude=31.84)
    assert queries.grid_of(placed) == FIRST
    assert queries.grid_of(make_estate("丙苑", TIANAN)) is None


def test_a_point_from_a_map_in_wechat_is_a_few_hundred_metres_off():
    east, north = points.to_gcj02(119.95, 31.83)
    assert 0.003 < east - 119.95 < 0.007
    assert -0.004 < north - 31.83 < 0.001


@given(x=st.floats(75, 134), y=st.floats(18, 53))
def test_a_shifted_point_comes_back_to_where_it_was(x, y):
    back = points.as_cgcs2000(*points.to_gcj02(x, y), points.GCJ02)
    assert back == pytest.approx((x, y), abs=1e-8)
    assert points.as_cgcs2000(x, y, points.CGCS2000) == (x, y)


def test_the_program_itself_may_draw():
    at = datetime(2025, 1, 1, 9, tzinfo=SHANGHAI)
    assert call(by=SYSTEM, at=at).code == FIRST
