"""Renaming, merging, splitting, moving."""

from datetime import date

import pytest

from shanzhi.kernel import Refused
from shanzhi.places import commands, plans, queries
from shanzhi.places.models import Estate, Grid
from shanzhi.places.plans import Part

from .factories import (
    BEGAN,
    CLERK,
    HEHAI,
    LONGCHENG,
    MONDAY,
    SECRETARY,
    TIANAN,
    TODAY,
    everything,
    make_city,
    make_estate,
    make_grid,
    told,
)

pytestmark = pytest.mark.django_db
JULY = date(2025, 7, 1)
REASON = "常政发〔2025〕1 号"


@pytest.fixture(autouse=True)
def _city(db):
    make_city()


def call(command, **values):
    return command(**({"on": JULY, "reason": REASON, "by": CLERK, "at": MONDAY} | values))


def versions(code):
    return [(v.short_name, v.valid_from, v.valid_to) for v in queries.history(code)]


# --- rename ---------------------------------------------------------------------------------------


def test_a_renamed_place_keeps_its_old_name_for_earlier_days():
    call(commands.rename, code=TIANAN, name="天安新社区居委会")

    assert versions(TIANAN) == [("天安社区", BEGAN, JULY), ("天安新社区", JULY, None)]
    assert queries.name(TIANAN, date(2025, 6, 30)) == "天安社区"
    assert queries.name(TIANAN) == queries.name(TIANAN, JULY) == "天安新社区"
    assert queries.name(TIANAN, date(2023, 12, 31)) == ""
    assert told("places.renamed") == [
        (f"places.Division:{TIANAN}", 6, TIANAN, {"on": "2025-07-01", "reason": REASON})
    ]


def test_a_name_given_the_day_it_began_is_corrected():
    call(commands.rename, code=TIANAN, name="天安里社区居委会", short="天安里", on=BEGAN)
    assert versions(TIANAN) == [("天安里", BEGAN, None)]


def test_a_date_of_today_is_today_in_china():
    call(commands.rename, code=TIANAN, name="天安新社区居委会", on=TODAY)
    assert versions(TIANAN)[1] == ("天安新社区", TODAY, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": date(2026, 3, 3)},  # tomorrow
        {"on": date(2023, 12, 31)},  # before it began
        {"reason": " "},
        {"name": ""},
        {"name": "社" * 101},
        {"code": "320411002099"},
        {"by": SECRETARY},
    ],
    ids=str,
)
def test_a_rename_that_makes_no_sense_changes_nothing(wrong):
    before = everything()
    with pytest.raises(Refused):
        call(commands.rename, **({"code": TIANAN, "name": "天安新社区居委会"} | wrong))
    assert everything() == before


# --- merge ----------------------------------------------------------------------------------------


def test_two_communities_become_a_new_one_and_their_grids_and_estates_go_with_them():
    make_grid(1)
    make_grid(2)
    make_grid(1, community=LONGCHENG, west=120.1)
    garden = make_estate("丽景花园", TIANAN)
    villa = make_estate("天安别墅", f"{TIANAN}002")
    new = "320411002050"
    plan = plans.merge([TIANAN, LONGCHENG], new)

    call(commands.merge, olds=[TIANAN, LONGCHENG], new=new, name="龙天社区居委会")

    assert plan.pairs == [
        [f"{TIANAN}001", f"{new}001"],
        [f"{TIANAN}002", f"{new}002"],
        [f"{LONGCHENG}001", f"{new}003"],
    ]
    assert plan.estates == 2
    assert versions(TIANAN) == [("天安社区", BEGAN, JULY)]
    assert versions(new) == [("龙天社区", JULY, None)]
    assert [(d.code, g.households) for d, g in queries.grids(new)] == [
        (f"{new}001", 301),
        (f"{new}002", 302),
        (f"{new}003", 301),
    ]
    assert queries.find_grid(119.96, 31.84) == f"{new}001"
    garden.refresh_from_db(), villa.refresh_from_db()
    assert (garden.place, villa.place) == (new, f"{new}002")
    assert queries.successors(TIANAN, TODAY) == queries.successors(LONGCHENG, TODAY) == [new]
    assert queries.successors(f"{LONGCHENG}001", TODAY) == [f"{new}003"]
    assert told("places.merged") == [
        (
            f"places.Division:{new}",
            6,
            new,
            {
                "on": "2025-07-01",
                "reason": REASON,
                "olds": [TIANAN, LONGCHENG],
                "moved": plan.pairs,
            },
        )
    ]


def test_one_community_is_taken_up_by_another_that_stays():
    make_grid(1)
    make_grid(1, community=LONGCHENG, west=120.1)
    call(commands.merge, olds=[TIANAN, LONGCHENG], new=TIANAN)
    assert versions(TIANAN) == [("天安社区", BEGAN, None)]
    assert versions(LONGCHENG) == [("龙城社区", BEGAN, JULY)]
    assert queries.find_grid(120.11, 31.84) == f"{TIANAN}002"
    assert queries.successors(LONGCHENG, TODAY) == [TIANAN]
    assert queries.successors(TIANAN, TODAY) == [TIANAN]


def test_merged_grids_have_their_areas_and_households_together():
    make_grid(1)
    make_grid(2)
    make_estate("天安别墅", f"{TIANAN}002")
    call(commands.merge, olds=[f"{TIANAN}001", f"{TIANAN}002"], new=f"{TIANAN}001")
    grid = Grid.objects.get(code=f"{TIANAN}001")
    assert (grid.west, grid.east, grid.households) == (119.95, 119.99, 603)
    assert queries.find_grid(119.98, 31.84) == f"{TIANAN}001"
    assert Estate.objects.get().place == f"{TIANAN}001"


def test_whole_sub_districts_merge_with_everything_below_them():
    make_grid(1)
    call(commands.merge, olds=["320411002", "320411001"], new="320411001")
    assert queries.successors(f"{TIANAN}001", TODAY) == ["320411001018001"]
    assert queries.path_names("320411001018001") == [
        "常州市",
        "新北区",
        "河海街道",
        "天安社区",
        "第1网格",
    ]
    assert queries.level_counts("320411") == {"subdistrict": 1, "community": 3, "grid": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"olds": [TIANAN]},
        {"olds": [TIANAN, TIANAN]},
        {"olds": [TIANAN, "320411001"]},  # another level
        {"new": "320411050"},  # another level
        {"new": "32041x"},
        {"new": "320412001001"},  # in a district that is not there
        {"new": "320411002051", "name": ""},
        {"on": BEGAN},
        {"on": date(2026, 3, 3)},
        {"by": SECRETARY},
    ],
    ids=str,
)
def test_a_merger_that_makes_no_sense_changes_nothing(wrong):
    before = everything()
    with pytest.raises(Refused):
        call(commands.merge, **({"olds": [TIANAN, LONGCHENG], "new": TIANAN} | wrong))
    assert everything() == before


def test_nothing_is_merged_into_what_has_ended():
    call(commands.merge, olds=[TIANAN, LONGCHENG], new=LONGCHENG)
    before = everything()
    with pytest.raises(Refused, match="天安社区 has ended"):
        call(commands.merge, olds=[LONGCHENG, HEHAI], new=TIANAN, on=TODAY)
    with pytest.raises(Refused, match="no division 320411002018"):
        call(commands.merge, olds=[TIANAN, HEHAI], new=HEHAI, on=TODAY)
    assert everything() == before


def test_communities_that_both_have_an_estate_of_the_same_name_are_not_merged():
    make_estate("丽景花园", TIANAN)
    make_estate("丽景花园", LONGCHENG)
    before = everything()
    with pytest.raises(Refused, match="an estate called 丽景花园"):
        call(commands.merge, olds=[TIANAN, LONGCHENG], new=TIANAN)
    assert everything() == before


# --- split ----------------------------------------------------------------------------------------


def test_a_part_is_split_off_and_the_rest_keeps_its_code():
    make_grid(1)
    make_grid(2)
    new = "320411002060"
    parts = [
        Part(TIANAN, "天安社区居委会", (f"{TIANAN}001",)),
        Part(new, "天宁苑社区居委会", (f"{TIANAN}002",)),
    ]
    call(commands.split, code=TIANAN, parts=parts)

    assert versions(TIANAN) == [("天安社区", BEGAN, None)]
    assert versions(new) == [("天宁苑社区", JULY, None)]
    assert queries.successors(TIANAN, TODAY) == [TIANAN, new]
    assert queries.successors(f"{TIANAN}002", TODAY) == [f"{new}002"]
    assert queries.successors(f"{TIANAN}001", TODAY) == [f"{TIANAN}001"]
    assert told("places.split")[0][3]["news"] == [TIANAN, new]


def test_what_is_split_into_two_new_ones_ends_and_estates_go_to_the_first():
    estate = make_estate()
    parts = [Part("320411002061", "天东社区居委会"), Part("320411002062", "天西社区居委会")]
    call(commands.split, code=TIANAN, parts=parts)
    assert versions(TIANAN) == [("天安社区", BEGAN, JULY)]
    assert queries.successors(TIANAN, TODAY) == ["320411002061", "320411002062"]
    estate.refresh_from_db()
    assert estate.place == "320411002061"


def parts(*pairs):
    return [Part(code, "某社区居委会", children) for code, children in pairs]


@pytest.mark.parametrize(
    "wrong",
    [
        {"parts": parts((TIANAN, (f"{TIANAN}001",)))},
        {"parts": parts((TIANAN, ()), ("320411002061", ()))},  # a grid forgotten
        {"parts": parts((TIANAN, (f"{TIANAN}001",)), ("320411002061", (f"{TIANAN}001",)))},
        {"parts": parts((TIANAN, (f"{TIANAN}001",)), (LONGCHENG, ()))},  # a code in use
        {"parts": parts((TIANAN, (f"{TIANAN}001",)), ("320411001099", ()))},  # elsewhere
        {"parts": parts((TIANAN, (f"{TIANAN}001",)), ("320411099", ()))},  # another level
        {"on": BEGAN},
        {"by": SECRETARY},
    ],
)
def test_a_split_that_makes_no_sense_changes_nothing(wrong):
    make_grid(1)
    before = everything()
    good = parts((TIANAN, (f"{TIANAN}001",)), ("320411002061", ()))
    with pytest.raises(Refused):
        call(commands.split, **({"code": TIANAN, "parts": good} | wrong))
    assert everything() == before


# --- move -----------------------------------------------------------------------------------------


def test_a_community_moves_to_another_sub_district_with_its_grids():
    make_grid(1)
    estate = make_estate()
    moved = call(commands.move, code=TIANAN, parent="320411001")
    assert moved.code == "320411001018"
    assert queries.path_names(moved.code) == ["常州市", "新北区", "河海街道", "天安社区"]
    assert queries.successors(f"{TIANAN}001", TODAY) == ["320411001018001"]
    assert queries.find_grid(119.96, 31.84) == "320411001018001"
    estate.refresh_from_db()
    assert estate.place == "320411001018"
    assert told("places.moved") == [
        (
            "places.Division:320411001018",
            6,
            "320411001018",
            {
                "on": "2025-07-01",
                "reason": REASON,
                "old": TIANAN,
                "moved": [[TIANAN, "320411001018"], [f"{TIANAN}001", "320411001018001"]],
            },
        )
    ]


def test_a_taken_code_is_not_given_again_even_if_it_has_ended():
    call(commands.merge, olds=[HEHAI, TIANAN], new=TIANAN)
    assert plans.free_code("320411001", like=HEHAI) == "320411001002"
    assert plans.free_code("320411001") == "320411001002"
    assert plans.free_code("320411001", like="320411002999", taken=["320411001999"]) == (
        "320411001002"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"parent": "320411002"},  # lies there
        {"parent": "320411"},  # another level
        {"parent": "320411009"},
        {"new": HEHAI},  # in use
        {"new": "320411001"},
        {"on": BEGAN},
        {"code": "320411002099"},
        {"by": SECRETARY},
    ],
    ids=str,
)
def test_a_move_that_makes_no_sense_changes_nothing(wrong):
    before = everything()
    with pytest.raises(Refused):
        call(commands.move, **({"code": TIANAN, "parent": "320411001"} | wrong))
    assert everything() == before


# --- chains ---------------------------------------------------------------------------------------


def test_successors_follow_the_chain_only_forwards_in_time():
    call(commands.merge, olds=[TIANAN, LONGCHENG], new=LONGCHENG, on=date(2024, 6, 1))
    call(commands.move, code=LONGCHENG, parent="320411001", on=date(2025, 6, 1))
    call(
        commands.split,
        code="320411001003",
        parts=parts(("320411001003", ()), ("320411001070", ())),
        on=date(2026, 1, 1),
    )
    assert queries.successors(TIANAN, date(2024, 5, 31)) == [TIANAN]
    assert queries.successors(TIANAN, date(2024, 6, 1)) == [LONGCHENG]
    assert queries.successors(TIANAN, date(2025, 12, 31)) == ["320411001003"]
    assert queries.successors(TIANAN, TODAY) == ["320411001003", "320411001070"]
    assert queries.successors("320411001070", TODAY) == ["320411001070"]
    assert queries.successors("320499001001", TODAY) == []


def test_who_was_taken_up_after_a_split_has_no_part_of_what_was_split_off_before():
    call(
        commands.split,
        code=LONGCHENG,
        parts=parts((LONGCHENG, ()), ("320411002071", ())),
        on=date(2024, 6, 1),
    )
    call(commands.merge, olds=[TIANAN, LONGCHENG], new=LONGCHENG, on=date(2025, 6, 1))
    assert queries.successors(TIANAN, TODAY) == [LONGCHENG]
    assert queries.successors(LONGCHENG, TODAY) == [LONGCHENG, "320411002071"]
