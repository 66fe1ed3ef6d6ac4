"""Plaques: who records, who decides, the caps, what comes down, and that the counts add up."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands
from ..kinds import Seen
from ..models import Plaque, WalkRound
from ..queries import walls as queries
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, LATER, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")
TODAY = date(2026, 6, 1)
HANGING = {"plaque": "综治委", "plaque_place": "outside", "category": "body"}


def worker(place=TIANAN):
    return people.actor(people.post("community_worker", place))


def refused(sentence, command, field=None, **values):
    before = list(Plaque.objects.order_by("pk").values())
    told = Entry.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        command(**values)
    assert refusal.value.field == field
    assert (list(Plaque.objects.order_by("pk").values()), Entry.objects.count()) == (before, told)


def test_a_walk_round_records_what_hangs_of_what_is_asked_for():
    first, _second, elsewhere = make.frozen(
        HANGING, HANGING | {"title": "乙", "plaque": "禁毒站"},
        HANGING | {"title": "丙", "scope": [FUDU], "plaque": "只在富都"},
    )  # fmt: skip
    assert [each.plaque for each in queries.expected(TIANAN)] == ["综治委", "禁毒站"]

    by = worker()
    seen = Seen("综治委", "wall", demand=first)
    walk = commands.walk_round(community=TIANAN, found=[seen], by=by, at=LATER)
    plaque = Plaque.objects.get()
    assert (plaque.place, plaque.department_id, plaque.recorded_on) == (
        "wall", "urban_management", TODAY)  # fmt: skip
    assert (walk.walked_on, walk.unit) == (TODAY, "天安社区")
    assert [each.plaque for each in queries.expected(TIANAN)] == ["禁毒站"]
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.place, entry.data) == ("burden.walked_round", TIANAN, {"recorded": 1})

    refused("recorded already", commands.walk_round, community=TIANAN, found=[seen], by=by,
            at=LATER)  # fmt: skip
    refused("not asked of this community", commands.walk_round, community=TIANAN,
            found=[Seen("只在富都", "inside", demand=elsewhere)], by=by, at=LATER)  # fmt: skip
    commands.walk_round(community=TIANAN, found=[], by=by, at=LATER + timedelta(days=1))
    assert WalkRound.objects.get().walked_on == date(2026, 6, 2)


@pytest.mark.parametrize(
    ("role", "place"),
    [("community_worker", FUDU), ("burden_office", "320402"), ("subdistrict_clerk", STREET)],
)
def test_nobody_else_records_or_decides(role, place):
    other = people.actor(people.post(role, place))
    plaque = make.plaque()
    refused("Only the community itself", make.plaque, by=other)
    refused("Only the community itself", make.mark, of=plaque, by=other)
    refused("Only the community itself", commands.strike_plaque, plaque=plaque, by=other, at=LATER)
    marked = make.mark(plaque, "take_down")
    refused("Only the community itself", make.take_down, of=marked, by=other)
    refused("community by community", make.plaque, place=STREET)


def test_the_office_decides_where_a_department_asks_and_the_community_where_none_does():
    asked, ended = make.frozen(HANGING, HANGING | {"title": "乙"})
    make.decide(ended, "stop")
    by = worker()
    of_asked, of_ended = make.plaque(demand=asked), make.plaque(demand=ended)

    refused("burden relief office decides", make.mark, of=of_asked, by=by)
    assert make.mark(of_asked, by=make.office(DISTRICT)).decided_by == "新北区"
    assert make.mark(of_ended, "take_down", by=by).decided_by == "天安社区"
    assert make.mark(make.plaque(), "take_down", by=by).verdict == "take_down"


@pytest.mark.parametrize(
    ("sentence", "field", "more"),
    [
        ("Keep it, or take it down", "verdict", {"verdict": "paint"}),
        ("Give the reason", "reason", {"reason": " "}),
        ("between the recording and today", "decided_on", {"decided_on": date(2026, 5, 31)}),
        ("between the recording and today", "decided_on", {"decided_on": date(2026, 6, 2)}),
    ],
)
def test_a_decision_without_what_it_needs_is_refused(sentence, field, more):
    refused(sentence, make.mark, field, of=make.plaque(), **more)


def test_no_more_stay_than_may(settings):
    settings.SHANZHI_PLAQUES = {"outside": 2, "inside": 4, "wall": 0}
    one, two, three = (make.plaque(f"牌{each}") for each in range(3))
    make.mark(one)
    make.mark(two)
    refused("no more than 2 may stay", make.mark, "verdict", of=three)
    refused("nothing may stay", make.mark, "verdict", of=make.plaque(hangs="wall"))
    make.mark(make.plaque(hangs="inside"))
    make.mark(make.plaque(place=FUDU))  # another community's count

    make.mark(one, "take_down")
    assert make.mark(three).verdict == "keep"
    assert queries.total(TIANAN, TODAY).over(settings.SHANZHI_PLAQUES) == {"outside": 1, "wall": 1}
    assert queries.over(CITY, TODAY, settings.SHANZHI_PLAQUES) == {TIANAN}


def test_what_comes_down_has_a_day_and_evidence():
    plaque = make.plaque()
    refused("First decide", make.take_down, of=plaque)
    make.mark(plaque, "take_down")
    refused("Say what shows it", make.take_down, "evidence", of=plaque, evidence=" ")
    refused("between the decision and today", make.take_down, "down_on", of=plaque,
            down_on=date(2026, 5, 31))  # fmt: skip
    down = make.take_down(plaque, by=worker())
    assert (down.down_on, down.evidence) == (TODAY, "移交清单第3号")
    refused("taken down on 2026-06-01", make.mark, of=plaque)
    refused("taken down on 2026-06-01", make.take_down, of=plaque)


def test_a_mistake_is_struck_off_as_long_as_nobody_decided():
    plaque, decided = make.plaque(), make.plaque()
    commands.strike_plaque(plaque=plaque, by=worker(), at=LATER)
    assert list(Plaque.objects.all()) == [decided]
    refused("struck off the list", make.mark, of=plaque)
    make.mark(decided)
    refused("decided on it already", commands.strike_plaque, plaque=decided, by=SYSTEM, at=LATER)


@pytest.mark.parametrize(
    "values",
    [
        {"verdict": "keep"},
        {"verdict": "keep", "decided_on": date(2026, 5, 1)},
        {"down_on": TODAY, "evidence": "清单"},
        {"evidence": "清单"},
        {"verdict": "take_down", "decided_on": TODAY, "down_on": TODAY},
    ],
)
def test_the_database_refuses_half_a_decision(values):
    plaque = make.plaque()
    with pytest.raises(IntegrityError), transaction.atomic():
        Plaque.objects.filter(pk=plaque.pk).update(**values)


def test_one_demand_hangs_once_in_a_community():
    (demand,) = make.frozen(HANGING)
    plaque = make.plaque(demand=demand)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plaque.objects.create(community=TIANAN, text="综治委", place="inside", demand=demand,
                              recorded_on=TODAY)  # fmt: skip
    make.take_down(make.mark(plaque, "take_down"))
    assert make.plaque(demand=demand).pk != plaque.pk


@pytest.mark.django_db(transaction=True)
def test_two_who_keep_at_once_do_not_pass_the_cap_together(settings):
    settings.SHANZHI_PLAQUES = {"outside": 1, "inside": 4, "wall": 0}
    one, two = make.plaque("甲"), make.plaque("乙")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            make.mark(one)
            second = pool.submit(in_own_connection, make.mark, of=two)
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="no more than 1 may stay"):
            second.result(10)
    assert Plaque.objects.get(verdict="keep").pk == one.pk


# --- the counts -----------------------------------------------------------------------------------

STEP = st.tuples(
    st.sampled_from(["record", "keep", "take_down", "down", "strike"]),
    st.integers(0, 3), st.sampled_from(["outside", "inside", "wall"]), st.integers(0, 20),
)  # fmt: skip


def at_day(number):
    return LATER + timedelta(days=number)


def try_step(step, made):
    what, which, hangs, number = step
    at: datetime = at_day(number)
    try:
        if what == "record":
            made.append(make.plaque(hangs=hangs, place=TIANAN if which % 2 else FUDU, at=at))
        elif made and what in ("keep", "take_down"):
            make.mark(made[which % len(made)], what, at=at)
        elif made and what == "down":
            make.take_down(made[which % len(made)], at=at)
        elif made and what == "strike":
            commands.strike_plaque(plaque=made[which % len(made)], by=SYSTEM, at=at)
    except Refused:
        pass


@settings(max_examples=40,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(steps=st.lists(STEP, max_size=16))
def test_kept_and_taken_down_are_what_was_recorded_on_every_day(db, steps):
    with transaction.atomic():
        made: list[Plaque] = []
        for step in steps:
            try_step(step, made)
        rows = list(Plaque.objects.all())
        for number in range(-1, 22):
            day = TODAY + timedelta(days=number)
            city = queries.total(CITY, day)
            there = [each for each in rows if each.recorded_on <= day]
            down = sum(each.down_on is not None and each.down_on <= day for each in there)
            assert (city.recorded, city.down) == (len(there), down)
            assert city.hanging + city.down == city.recorded
            assert city.undecided + city.to_take_down <= city.hanging
            parts = queries.by_community([TIANAN, FUDU], day).values()
            assert sum(each.recorded for each in parts) == city.recorded
            assert sum(each.hanging for each in parts) == city.hanging
        transaction.set_rollback(True)
