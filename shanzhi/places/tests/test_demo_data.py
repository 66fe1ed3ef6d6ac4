"""What the demonstration takes from this area's data folder goes through our own commands."""

from pathlib import Path

import orjson
import pytest

from shanzhi.kernel.acting import SYSTEM
from shanzhi.places import commands, queries

from .factories import BEGAN, MONDAY, TIANAN

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.django_db
def test_the_demonstration_has_three_adjacent_grids_and_a_dozen_estates():
    commands.load_divisions(
        path=DATA / "divisions-changzhou.csv", by=SYSTEM, at=MONDAY, valid_from=BEGAN
    )
    for grid in orjson.loads((DATA / "demo-grids.json").read_bytes()):
        commands.set_grid(**grid, by=SYSTEM, at=MONDAY)
    for estate in orjson.loads((DATA / "demo-estates.json").read_bytes()):
        commands.add_estate(**estate, by=SYSTEM, at=MONDAY)

    assert len(queries.grids(TIANAN)) == 3
    estates = queries.estates("3204")
    assert len(estates) == 12
    for estate in estates:
        if estate.longitude:
            assert queries.find_grid(estate.longitude, estate.latitude) == estate.place
    assert queries.find_grid(119.95, 31.83) == f"{TIANAN}003"
