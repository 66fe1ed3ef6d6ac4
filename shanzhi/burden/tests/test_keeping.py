"""Divisions merge, split and move: clean-ups, lists and what communities log into go along."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.journal.tests.factories import catch_up
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.places.models import Division
from shanzhi.work.models import Duty

from .. import commands, queries
from ..kinds import Use
from ..models import Baseline, Campaign, Edition, SystemUse
from ..queries import lists
from . import factories as make
from .factories import (
    AT,
    CITY,
    DISTRICT,
    FUDU,
    NEW,
    ON,
    PANLONG,
    STREET,
    TIANAN,
    merge,
    move,
    split,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("city")
OTHER = "320402"
HIGHER = "320411003"
Kind = Edition.Kind


@pytest.fixture(autouse=True)
def from_now_on(city):
    """Worker reads from here."""
    catch_up("burden.moves")


def frozen(place, *demands):
    """A clean-up of its own, with what it found."""
    return make.frozen(*({"place": place, "scope": [place]} | each for each in demands),
                       place=place)  # fmt: skip


def count(place, **number):
    campaign = Campaign.objects.get()
    commands.count_baseline(campaign=campaign, place=place, counts=number, by=SYSTEM, at=make.NOON)


def numbers(place):
    known = queries.frozen_counts(queries.campaigns(place), place)
    return {code: each.number for code, each in known.items() if each.number}


# --- clean-ups ------------------------------------------------------------------------------------


def test_a_clean_up_goes_on_where_its_place_does_and_its_count_stays_as_it_was():
    frozen(STREET, {}, {"title": "另一本台账"})
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    campaign = Campaign.objects.get()
    assert (campaign.place, campaign.former) == ("320411009", STREET)
    assert set(Baseline.objects.values_list("place", flat=True)) == {STREET}  # frozen is frozen
    assert numbers("320411009") == {"ledger": 2}
    assert queries.account("320411009", ON).total().baseline == 2


def test_of_two_that_each_had_one_both_go_on_and_what_they_found_is_added():
    frozen(STREET, {})
    frozen(HIGHER, {"title": "门牌"}, {"title": "巡查"})
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    assert len(queries.campaigns("320411009")) == 2
    assert numbers("320411009") == {"ledger": 3}
    assert queries.account("320411009", ON).total().in_force == 3


def test_what_is_still_being_entered_goes_along_and_can_be_frozen():
    campaign = make.campaign(STREET)
    make.demand(campaign, place=STREET, scope=[STREET])
    commands.count_baseline(campaign=campaign, place=STREET, counts={"ledger": 1}, by=SYSTEM,
                            at=make.NOON)  # fmt: skip
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    campaign.refresh_from_db()
    assert (campaign.place, campaign.former) == ("320411009", "")
    make.freeze(campaign)
    assert numbers("320411009") == {"ledger": 1}


def test_the_own_count_of_a_place_goes_with_a_move_and_is_not_added_in_a_merger():
    """One demand of the city was counted in both."""
    make.campaign()
    make.demand(Campaign.objects.get(), place=CITY, scope=[CITY])
    count(TIANAN, ledger=37)
    count(FUDU, ledger=30)
    count(PANLONG, ledger=12)
    make.freeze(Campaign.objects.get())
    moved = move(PANLONG, STREET)
    assert numbers(moved) == {"ledger": 12}
    merge(TIANAN, FUDU)
    assert numbers(NEW) == {}
    earlier = queries.counted_before(queries.campaigns(NEW), NEW)
    assert [(each.place, each.number) for each in earlier] == [(TIANAN, 37), (FUDU, 30)]


def test_the_office_of_the_larger_place_annotates_what_was_frozen_before():
    frozen(STREET, {})
    people.post("burden_office", DISTRICT)
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    baseline = queries.baselines(Campaign.objects.get(), "320411009")["ledger"]
    by = make.office("320411009")
    commands.remark(baseline=baseline, text="含原三井街道", by=by, at=AT)
    assert queries.remarks([Campaign.objects.get()], "320411009").get().text == "含原三井街道"


def test_what_was_split_keeps_its_clean_up_as_history():
    frozen(STREET, {})
    split(STREET, "320411007", "320411008")
    assert Campaign.objects.get().place == STREET
    assert queries.campaigns("320411007") == []


STEP = st.tuples(st.sampled_from(["merge", "move", "street"]), st.integers(0, 9),
                 st.integers(0, 9))  # fmt: skip


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=st.lists(STEP, max_size=6))
def test_counts_that_are_added_are_rows_one_can_open_whatever_merges(db, steps):
    """Of every place that has a clean-up of its own: its numbers are those of the register."""
    with transaction.atomic():
        frozen(STREET, {"scope": [TIANAN]}, {"title": "门牌", "scope": [STREET]})
        frozen(HIGHER, {"title": "巡查", "category": "target"}, {"title": "二", "scope": [PANLONG]})
        for day, step in enumerate(steps, 1):
            _try(step, date(2026, 8, day))
            _adds_up()
        transaction.set_rollback(True)


def _try(step, on):
    verb, one, two = step
    level = "community" if verb != "street" else "subdistrict"
    codes = list(Division.objects.filter(valid_to=None, level=level).order_by("code")
                 .values_list("code", flat=True))  # fmt: skip
    first, second = codes[one % len(codes)], codes[two % len(codes)]
    try:
        with transaction.atomic():
            fresh = f"{places.parent(first)}{900 + on.day}"
            if verb == "move":
                move(first, places.parent(second), on=on)
            elif verb == "split":
                split(first, first if two % 2 else f"{fresh[:9]}8{on.day:02d}", fresh, on=on)
            else:
                new = second if one % 2 else fresh
                merge(first, second, new=new, name="" if new == second else "新区划", on=on)
    except Refused:
        pass


def _adds_up():
    total = 0
    for place in Campaign.objects.values_list("place", flat=True).distinct():
        own = Campaign.objects.filter(place=place)
        counted = sum(each.number for each in queries.frozen_counts(own, place).values())
        assert counted == sum(each.demands.count() for each in own)
        line = queries.account(place, date(2026, 9, 2), own).total()
        assert line.baseline == counted
        assert line.adds_up
        total += counted
    assert total == 4


# --- lists ----------------------------------------------------------------------------------------


def own(place):
    found = lists.edition(Kind.OWN, place)
    return found and (found.place, found.number)


def told():
    rows = Duty.objects.filter(kind="burden.list", closed_at=None).order_by("pk")
    return list(rows.values_list("place", "department"))


def test_a_list_moves_with_its_place_whole():
    make.edition(place=STREET)
    second = make.edition(make.SECOND, place=STREET)
    moved = move(STREET, OTHER)
    assert own(moved) == (moved, 2)
    assert [each.number for each in lists.editions(Kind.OWN, moved)] == [2, 1]
    second.refresh_from_db()
    assert second.entries.count() == 2
    assert told() == []


def test_of_two_merged_lists_none_holds_and_the_office_is_asked():
    make.edition()
    former = make.edition(make.SECOND, place=STREET)
    by = make.office(DISTRICT)
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    assert own("320411009") == (CITY, 1)  # the list above, until somebody says otherwise
    former.refresh_from_db()
    assert (former.place, former.state) == (STREET, "retired")
    assert told() == [(DISTRICT, "burden_office")]

    duty = Duty.objects.get(kind="burden.list")
    with pytest.raises(Refused, match="Only the burden relief office"):
        commands.leave_list(duty=duty, by=make.office(OTHER), at=AT)
    commands.leave_list(duty=duty, by=by, at=AT)
    assert told() == []
    with pytest.raises(Refused, match="done already"):
        commands.leave_list(duty=duty, by=by, at=AT)


def test_the_list_of_the_place_that_goes_on_larger_holds_and_publishing_answers():
    make.edition(place=HIGHER)
    make.edition(make.SECOND, place=STREET)
    merge(STREET, new=HIGHER, name="")
    assert own(HIGHER) == (HIGHER, 1)
    assert told() == [(CITY, "burden_office")]
    make.edition(place=HIGHER, on=ON)
    assert told() == []


def test_a_draft_goes_along_where_there_is_none():
    make.edition(place=STREET)
    rows = make.list_files.read(make.SECOND.encode(), "own")
    draft = commands.draft_edition(kind="own", place=STREET, title="草案", rows=rows, by=SYSTEM,
                                   at=make.NOON)  # fmt: skip
    merge(STREET, HIGHER, new="320411009", name="新三井街道")
    draft.refresh_from_db()
    assert (draft.place, draft.number, draft.state) == ("320411009", 1, "draft")


def test_what_held_in_the_whole_holds_in_every_part():
    made = make.edition(place=STREET)
    split(STREET, STREET, "320411008")
    assert own(STREET) == (STREET, 1)
    assert own("320411008") == ("320411008", 1)
    part = lists.edition(Kind.OWN, "320411008")
    assert list(part.entries.values_list("code", "confirmed").order_by("position")) == list(
        made.entries.values_list("code", "confirmed").order_by("position"))  # fmt: skip
    assert part.in_force_from == ON
    split(HIGHER, "320411005", "320411006")
    assert told() == []


def test_a_place_that_ends_in_a_split_keeps_its_editions_as_history():
    make.edition(place=STREET)
    split(STREET, "320411007", "320411008")
    assert Edition.objects.get(place=STREET).state == "retired"
    assert own("320411007") == ("320411007", 1)


# --- what communities log into --------------------------------------------------------------------


def uses(community):
    rows = SystemUse.objects.filter(community=community).select_related("demand")
    return {each.demand.number: (each.people, each.often, each.login) for each in rows}


def test_people_who_log_in_are_added_in_a_merger_and_asked_anew_after_a_split():
    one, two = make.frozen(make.system(title="甲"), make.system(title="乙"))
    for community, told_of in [
        (TIANAN, {one: Use(3, "weekly", "named"), two: Use(0)}),
        (FUDU, {one: Use(2, "daily", "shared")}),
        (PANLONG, {one: Use(1, "rarely", "unified")}),
    ]:
        commands.tell_systems(community=community, uses=told_of, by=SYSTEM, at=make.LATER)
    merge(TIANAN, FUDU)
    assert uses(NEW) == {one.number: (5, "daily", "named"), two.number: (0, "", "")}
    assert uses(TIANAN) == uses(FUDU) == {}
    moved = move(PANLONG, STREET)
    assert uses(moved) == {one.number: (1, "rarely", "unified")}
    split(NEW, NEW, "320411002200", on=date(2026, 9, 2))
    assert uses(NEW) == {}


# --- walls ----------------------------------------------------------------------------------------


def hangs(community):
    rows = queries.walls.plaques(community).order_by("pk")
    return [(each.text, each.former, each.verdict, bool(each.down_on)) for each in rows]


def walk(community, day):
    at = make.LATER.replace(day=day)
    commands.walk_round(community=community, found=[], by=SYSTEM, at=at)


def test_what_hung_in_two_hangs_in_the_one_they_are_with_what_was_decided():
    (station,) = make.frozen({"plaque": "工作站", "plaque_place": "outside", "scope": [DISTRICT]})
    make.mark(make.plaque("工作站", place=TIANAN, demand=station))
    make.plaque("工作站", place=FUDU, demand=station)  # two really hang
    down = make.plaque("旧牌", place=FUDU)
    make.mark(down, "take_down")
    make.take_down(down)
    merge(TIANAN, FUDU)
    assert hangs(NEW) == [
        ("工作站", TIANAN, "keep", False), ("工作站", FUDU, "", False),
        ("旧牌", FUDU, "take_down", True),
    ]  # fmt: skip
    assert hangs(TIANAN) == hangs(FUDU) == []
    assert queries.walls.expected(NEW) == []
    with pytest.raises(Refused, match="recorded already"):
        make.plaque("工作站", place=NEW, demand=station, at=AT)


def test_a_larger_community_has_gone_round_when_all_its_parts_have():
    walk(TIANAN, 9)
    walk(FUDU, 3)
    merge(TIANAN, FUDU)
    assert queries.walls.walked(CITY) == {NEW: date(2026, 6, 3)}
    merge(PANLONG, new=NEW, name="", on=date(2026, 9, 2))
    assert queries.walls.walked(CITY) == {}


def test_walls_go_along_when_a_community_moves():
    make.plaque("牌", place=PANLONG)
    walk(PANLONG, 3)
    moved = move(PANLONG, STREET)
    assert hangs(moved) == [("牌", "", "", False)]
    assert list(queries.walls.walked(CITY)) == [moved]


def test_after_a_split_plaques_are_in_one_part_and_each_goes_round_anew():
    for place in (TIANAN, FUDU):
        make.plaque("牌", place=place)
        walk(place, 3)
    split(TIANAN, TIANAN, "320411002200")
    split(FUDU, "320411002300", "320411002301")
    assert hangs(TIANAN) == [("牌", "", "", False)]
    assert hangs("320411002300") == [("牌", FUDU, "", False)]
    assert hangs("320411002200") == hangs("320411002301") == []
    assert queries.walls.walked(CITY) == {}


@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=st.lists(st.tuples(st.sampled_from(["merge", "move", "street", "split"]),
                                st.integers(0, 9), st.integers(0, 9)), max_size=6))  # fmt: skip
def test_no_plaque_is_lost_or_counted_twice_whatever_becomes_of_the_divisions(db, steps):
    with transaction.atomic():
        (station,) = make.frozen({"plaque": "站", "plaque_place": "wall", "scope": [DISTRICT]})
        for place in (TIANAN, FUDU, PANLONG):
            make.plaque("站", "wall", place=place, demand=station)
            make.mark(make.plaque("旧牌", place=place), "take_down")
            walk(place, 3)
        before = queries.walls.total(CITY, ON)
        for day, step in enumerate(steps, 1):
            _try(step, date(2026, 8, day))
            there = queries.walls.communities_in(CITY)
            each = queries.walls.by_community(there, ON).values()
            assert sum(one.recorded for one in each) == before.recorded
            assert queries.walls.total(CITY, ON) == before
            assert set(queries.walls.walked(CITY)) <= set(there)
        transaction.set_rollback(True)
