import pytest
from django.db import IntegrityError, transaction

from shanzhi.kernel import Refused
from shanzhi.places import commands, queries
from shanzhi.places.models import Estate

from .factories import (
    LONGCHENG,
    MONDAY,
    NEIGHBOUR,
    SECRETARY,
    TIANAN,
    everything,
    make_city,
    make_estate,
    make_grid,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(db):
    make_city()
    make_grid(1)


def add(**values):
    good = {"name": "丽景花园", "place": TIANAN, "by": SECRETARY, "at": MONDAY}
    return commands.add_estate(**(good | values))


def test_a_secretary_enters_an_estate():
    estate = add(address="河海中路 88 号", longitude=119.96, latitude=31.84, buildings=24)
    assert queries.estates(TIANAN) == [estate]
    assert (estate.name, estate.address, estate.buildings) == ("丽景花园", "河海中路 88 号", 24)
    assert told("places.estate_added") == [(f"places.Estate:{estate.pk}", 3, TIANAN, {})]


def test_an_estate_is_changed_and_the_journal_names_the_fields():
    estate = add()
    changed = commands.change_estate(
        estate=estate,
        name="丽景花园",
        place=f"{TIANAN}001",
        households=900,
        by=SECRETARY,
        at=MONDAY,
    )
    assert (changed.place, changed.households) == (f"{TIANAN}001", 900)
    assert told("places.estate_changed") == [
        (
            f"places.Estate:{estate.pk}",
            3,
            f"{TIANAN}001",
            {"fields": ["place", "households"]},
        )
    ]


def test_estates_of_a_place_are_those_of_its_grids_too_in_order_of_name():
    for name, place in (("C 苑", TIANAN), ("A 苑", f"{TIANAN}001"), ("B 苑", LONGCHENG)):
        make_estate(name, place)
    assert [each.name for each in queries.estates(TIANAN)] == ["A 苑", "C 苑"]
    assert [each.name for each in queries.estates("320411")] == ["A 苑", "B 苑", "C 苑"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Enter a name"),
        ({"name": "天安别墅"}, "has an estate called 天安别墅"),
        ({"name": "天安别墅", "place": f"{TIANAN}001"}, "has an estate called 天安别墅"),
        ({"place": "320411002"}, "present community or grid"),
        ({"place": "320411002099"}, "changed by"),
        ({"longitude": 119.96}, "both longitude and latitude"),
        ({"longitude": 31.84, "latitude": 119.96}, "in China"),
        ({"by": NEIGHBOUR}, "changed by the community's secretary"),
        ({"place": LONGCHENG}, "changed by the community's secretary"),
    ],
    ids=str,
)
def test_an_estate_that_cannot_be_changes_nothing(wrong, sentence):
    estate = make_estate("世茂香槟湖", TIANAN)
    make_estate("天安别墅", TIANAN)
    before = everything()
    if wrong.get("place") == "320411002":
        wrong = wrong | {"by": NEIGHBOUR.__class__(5, 5, "subdistrict_clerk", "320411002")}
    with pytest.raises(Refused, match=sentence):
        add(**wrong)
    with pytest.raises(Refused, match=sentence):
        good = {"name": "世茂香槟湖", "place": TIANAN, "by": SECRETARY, "at": MONDAY}
        commands.change_estate(**(good | wrong), estate=estate)
    assert everything() == before


def test_the_database_holds_half_a_point_back():
    with pytest.raises(IntegrityError), transaction.atomic():
        Estate.objects.create(name="x", place=TIANAN, longitude=119.9)


def test_an_estate_entered_by_mistake_is_deleted_and_the_journal_keeps_its_name():
    estate = add()
    commands.delete_estate(estate=estate, by=SECRETARY, at=MONDAY)
    assert queries.estates(TIANAN) == []
    assert told("places.estate_deleted") == [
        (f"places.Estate:{estate.pk}", 3, TIANAN, {"name": "丽景花园"})
    ]


def test_the_neighbours_delete_nothing():
    estate = add()
    before = everything()
    with pytest.raises(Refused):
        commands.delete_estate(estate=estate, by=NEIGHBOUR, at=MONDAY)
    assert everything() == before
