"""The week from what the platform knows already: demands, calls, tasks, and how sure that is."""

from datetime import date, time

import pytest

from shanzhi.burden.commands import begin_campaign
from shanzhi.burden.tests import factories as burden
from shanzhi.gate import commands as gate
from shanzhi.gate.models import Evaluation, Review
from shanzhi.gate.tests import factories as gate_factories
from shanzhi.journal.commands import record
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.places.models import Division

from .. import commands
from ..kinds import CORE, TASKS, Quarter
from ..models import Group, Headcount, Standard
from ..queries import records, results, standards, workers
from ..queries.records import Records, Stretch
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, NIGHT, PANLONG, STREET, SUMMER, TIANAN, TODAY

pytestmark = pytest.mark.usefixtures("city")
STRETCH = Stretch(SUMMER.first, SUMMER.last)
WORKED = 66 * 8 * 60  # minutes of one worker: 1 July to 30 September, with a make-up Sunday
PEOPLE = {TIANAN: 9, FUDU: 6}


def estimate(unit=(CITY,), known=PEOPLE, done=None, stretch=STRETCH):
    read = Records(stretch.since, stretch.until, standards.rates(stretch.until))
    return read.estimate(unit, stretch, known, done or {})


def likely(found):
    return {group: each[0] for group, each in found.minutes.items() if each[0]}


# --- demands --------------------------------------------------------------------------------------


def test_demands_are_spread_over_the_days_of_the_year():
    burden.frozen(
        {"times": 12, "minutes": 60, "staff": 2, "scope": [STREET]},
        {"category": "assessment", "times": 1, "minutes": 730, "scope": [TIANAN]},
        {"category": "target", "times": 10, "minutes": 73, "scope": [PANLONG]},
    )
    found = estimate()
    assert likely(found) == {
        "ledgers": pytest.approx(12 * 60 * 2 * 2 * 92 / 365),
        "appraisals": pytest.approx(730 * 92 / 365),
    }  # of 盘龙 nobody has said how many work there
    assert (found.workers, found.communities, found.worked) == (15, 2, 15 * WORKED)
    assert found.core.share == pytest.approx(2880 * 92 / 365 / (15 * WORKED))


def test_what_was_stopped_counts_until_its_day():
    [demand] = burden.frozen({"times": 365, "minutes": 10, "scope": [TIANAN]})
    burden.decide(demand, "stop", at=make.at("2026-08-01 10:00"), decided_on=date(2026, 7, 31))
    assert likely(estimate())["ledgers"] == pytest.approx(30 * 10)


def test_a_demand_that_ends_by_itself_counts_until_its_last_day():
    burden.frozen({"times": 365, "minutes": 10, "scope": [TIANAN], "valid_to": date(2026, 7, 2)})
    assert likely(estimate())["ledgers"] == pytest.approx(2 * 10)


def test_the_parts_of_a_city_add_up_to_it():
    burden.frozen(
        {"scope": [CITY], "place": CITY},
        {"scope": [STREET]},
        {"scope": [FUDU], "category": "system"},
    )
    known = PEOPLE | {PANLONG: 7}
    whole, parts = estimate(known=known), [estimate((code,), known) for code in known]
    for group in Group.values:
        for side in range(3):
            assert whole.minutes[group][side] == pytest.approx(
                sum(each.minutes[group][side] for each in parts)
            )
    assert whole.worked == sum(each.worked for each in parts)


# --- calls ----------------------------------------------------------------------------------------


def called(demand=None, **changed):
    values = {"kind": "inspection" if demand else "system_meeting", "title": "现场核对",
              "scope": [STREET], "on": date(2026, 7, 8), "begins": time(9), "minutes": 60,
              "heads": 2, "where": ""} | changed  # fmt: skip
    return gate.announce(values=values, demand=demand, by=gate_factories.clerk(), at=NIGHT)


def test_a_meeting_is_minutes_times_heads_in_each_community():
    called()
    assert likely(estimate()) == {"meetings": 60 * 2 * 2}
    assert likely(estimate((TIANAN,))) == {"meetings": 60 * 2}
    assert estimate().minutes["meetings"] == (240, 240, 240)  # announced: no range


def test_departments_are_named_by_what_they_ask_for():
    burden.frozen({"times": 365, "minutes": 10, "scope": [TIANAN], "department": "civil_affairs"})
    called()
    assert estimate().departments == {
        "civil_affairs": pytest.approx(920), "urban_management": 240,
    }  # fmt: skip


def test_a_cancelled_one_and_one_of_another_quarter_count_nothing():
    call = called()
    gate.cancel(call=call, reason="改期", by=gate_factories.clerk(), at=NIGHT)
    called(on=date(2026, 10, 14))
    assert likely(estimate()) == {}


def test_an_inspection_that_belongs_to_a_demand_is_moved_and_not_added():
    [demand] = burden.frozen({"times": 73, "minutes": 100, "scope": [CITY], "place": CITY})
    before = likely(estimate())["ledgers"]
    called(demand)
    after = likely(estimate())
    assert after["inspections"] == 240 and sum(after.values()) == pytest.approx(before)
    called(demand, minutes=600, heads=50)  # more than the demand ever said
    assert likely(estimate()).keys() == {"inspections"}


# --- tasks ----------------------------------------------------------------------------------------


def test_tasks_are_counts_times_standard_minutes():
    found = estimate(done={"accept": 10, "reply": 4})
    assert found.minutes["residents"] == (10 * 8 + 4 * 45, 10 * 4 + 4 * 20, 10 * 15 + 4 * 120)
    commands.set_standard(
        kind="reply", minutes=30, least=10, most=60, source="2026年6月三井街道实测40件",
        valid_from=date(2026, 6, 30), by=make.office(), at=NIGHT,
    )  # fmt: skip
    found = estimate(done={"reply": 4})
    assert found.minutes["residents"] == (120, 40, 240)
    rate = next(each for each in standards.rates(date(2026, 6, 29)) if each.task.code == "reply")
    assert (rate.minutes, rate.since) == (45, None)


@pytest.mark.django_db(transaction=True)
def test_tasks_are_counted_where_the_matter_lies():
    from django.db import transaction

    for verb, place in (("cases.accepted", TIANAN), ("cases.accepted", f"{TIANAN}001"),
                        ("cases.replied", FUDU), ("cases.delivered", FUDU),
                        ("cases.called_back", TIANAN)):  # fmt: skip
        with transaction.atomic():
            record(verb, about="cases.Case:1", by=SYSTEM, at=NIGHT, place=place, item="x")
    below = records.done_below(STREET, STRETCH)
    assert below[TIANAN] == {"accept": 2, "call_back": 1}
    assert records.together((TIANAN, FUDU), below) == {
        "accept": 2, "reply": 1, "deliver": 1, "call_back": 1,
    }  # fmt: skip
    daily = records.done_daily((STREET,), Stretch(date(2026, 1, 1), TODAY))
    assert records.cut(daily, STRETCH) == {"accept": 2, "reply": 1, "deliver": 1, "call_back": 1}
    assert set(records.cut(daily, Stretch(date(2026, 1, 1), date(2026, 6, 30))).values()) == {0}
    assert {each.measure for each in TASKS.values()} >= {"cases.accepted", "effort.delivered"}


# --- how sure it is -------------------------------------------------------------------------------


def said(demand, *minutes):
    review = Review.objects.create(demand=demand, opened_on=NIGHT, until=NIGHT)
    Evaluation.objects.bulk_create(
        Evaluation(review=review, community=f"320411002{number:03}", minutes=each)
        for number, each in enumerate(minutes)
    )
    Evaluation.objects.create(review=review, community="", minutes=1)  # the department's own word


def test_the_range_is_an_assumption_until_five_communities_have_said():
    [demand] = burden.frozen({"minutes": 60, "scope": [TIANAN]})
    said(demand, 600, 600, 600, 600)
    assert not records.said().measured
    middle, low, high = estimate().minutes["ledgers"]
    assert (low, high) == (pytest.approx(middle / 2), pytest.approx(middle * 2))


def test_then_it_reaches_from_what_was_declared_to_what_they_say():
    [demand] = burden.frozen({"minutes": 60, "scope": [TIANAN]})
    said(demand, 60, 120, 120, 120, 240)
    known = records.said()
    assert (known.statements, known.communities, known.middle) == (5, 5, 2.0)
    assert (known.low, known.high) == (pytest.approx(1.4), pytest.approx(3.2))
    middle, low, high = estimate().minutes["ledgers"]
    assert (low, high) == (middle, pytest.approx(3.2 * middle))


# --- workers --------------------------------------------------------------------------------------


def test_workers_are_posts_held_on_the_day_unless_the_office_says_otherwise():
    post = make.workers(many=3)[0]
    people.post("grid_leader", f"{TIANAN}001", account=post.account)  # the same person
    people.post("grid_leader", f"{TIANAN}001")
    people.post("subdistrict_clerk", STREET)
    assert workers.counts([TODAY]) == [{TIANAN: 4}]
    make.counted(c320411002018=9, c320411002019=6)
    assert workers.counts([date(2025, 12, 31), TODAY]) == [{TIANAN: 4}, {TIANAN: 9, FUDU: 6}]


def test_a_community_that_is_no_more_has_no_workers():
    make.counted(c320411002018=9, c320411002019=6)
    Division.objects.filter(code=FUDU).update(valid_to=date(2026, 9, 1))
    assert workers.counts([TODAY]) == [{TIANAN: 9}]


def test_the_office_states_and_others_do_not():
    good = {
        "rows": {TIANAN: 9},
        "source": "花名册",
        "valid_from": TODAY,
        "at": make.at("2026-11-30"),
    }
    for changed, sentence in (
        ({"by": make.office(DISTRICT)}, "burden relief office of the city"),
        ({"rows": {}}, "in each line"),
        ({"rows": {STREET: 9}}, "a community"),
        ({"rows": {TIANAN: 501}}, "up to 500"),
        ({"source": " "}, "come from"),
        ({"valid_from": date(2026, 12, 1)}, "from today"),
    ):
        with pytest.raises(Refused, match=sentence):
            commands.state_headcounts(**{"by": make.office()} | good | changed)
    assert not Headcount.objects.exists()
    for number in (9, 8):
        commands.state_headcounts(**good | {"by": make.office(), "rows": {TIANAN: number}})
    assert Headcount.objects.get().workers == 8


def test_a_standard_has_a_range_a_source_and_a_day():
    good = {"kind": "reply", "minutes": 30, "least": 10, "most": 60, "source": "实测",
            "valid_from": TODAY, "at": make.at("2026-11-30")}  # fmt: skip
    for changed, sentence in (
        (
            {"by": people.actor(people.post("city_leader", CITY))},
            "burden relief office of the city",
        ),
        ({"kind": "tea"}, "no such kind"),
        ({"least": 31}, "between the least and the most"),
        ({"most": 481}, "at most 480"),
        ({"least": 0}, "between"),
        ({"source": ""}, "come from"),
        ({"valid_from": date(2026, 12, 1)}, "from today"),
    ):
        with pytest.raises(Refused, match=sentence):
            commands.set_standard(**{"by": make.office()} | good | changed)
    assert not Standard.objects.exists()
    for minutes in (30, 40):
        commands.set_standard(**good | {"by": make.office(), "minutes": minutes})
    assert Standard.objects.get().minutes == 40
    assert [each.minutes for each in standards.history("reply")] == [40]


# --- the whole answer -----------------------------------------------------------------------------


def test_a_small_community_is_shown_with_its_neighbour_and_so_is_the_neighbour():
    make.counted(c320411002018=4, c320411002019=9, c320411003001=6)
    for place in (TIANAN, FUDU):
        assert results.result(place, SUMMER, TODAY).now.records.unit == (TIANAN, FUDU)
    street = results.result(STREET, SUMMER, TODAY)
    assert [each.unit for each in street.below] == [(TIANAN, FUDU)]
    assert results.result(PANLONG, SUMMER, TODAY).now.records.unit == (PANLONG,)
    assert results.result("320402", SUMMER, TODAY).now.records is None


def test_the_diary_of_few_is_shown_with_neighbours_and_never_by_difference():
    make.counted(c320411002018=9, c320411002019=9, c320411003001=9)
    make.answered(TIANAN, 9, halves=9)
    make.answered(FUDU, 9, halves=4)
    make.answered(PANLONG, 9, halves=6)
    own = results.result(TIANAN, SUMMER, TODAY).now
    assert own.records.unit == (TIANAN,) and own.diary.unit == (TIANAN, FUDU)
    street = results.result(STREET, SUMMER, TODAY)
    assert street.now.diary.halves == 26
    assert [each.diary for each in street.below] == [None, None]
    city = results.result(DISTRICT, SUMMER, TODAY)
    assert [each.diary.halves for each in city.below] == [26, 12]


def test_the_diary_says_what_was_answered():
    make.counted(c320411002018=9)
    make.answered(parts=("meetings", "ledgers", "residents"))
    found = results.result(TIANAN, SUMMER, TODAY).now.diary
    assert (found.halves, found.drawn, found.communities) == (12, 6, 1)
    assert found.core.share == pytest.approx(2 / 3)
    assert found.groups["meetings"].share == pytest.approx(1 / 3)
    assert sum(each.share for each in found.groups.values()) == pytest.approx(1)
    assert found.core.low < 2 / 3 < found.core.high
    assert {"meetings", "inspections", "ledgers"} == CORE


def test_the_running_quarter_shows_no_answers_yet():
    make.counted(c320411002018=9)
    make.answered(quarter=Quarter(date(2026, 10, 1)))
    found = results.result(TIANAN, Quarter.of(TODAY), TODAY)
    assert found.awaited and found.now.diary is None
    assert found.now.records.stretch.until == TODAY


def test_nothing_is_estimated_from_before_the_register_began():
    make.counted(c320411002018=9)
    burden.frozen({})
    spring = results.result(TIANAN, Quarter(date(2026, 1, 1)), TODAY)
    assert spring.now.records.stretch.since == burden.BEGAN
    assert results.result(TIANAN, Quarter(date(2025, 10, 1)), TODAY).now.records is None


def test_a_second_clean_up_leaves_what_was_counted_before_it():
    make.counted(c320411002018=9)
    burden.frozen({"times": 365, "minutes": 10, "scope": [TIANAN]})
    before = results.result(CITY, SUMMER, TODAY).now.records.minutes
    second = begin_campaign(
        title="第二轮清理", place=CITY, began_on=date(2026, 11, 2), workers=9, by=SYSTEM,
        at=make.at("2026-11-02 15:00"),
    )  # fmt: skip
    assert results.result(CITY, SUMMER, TODAY).now.records.minutes == before
    burden.freeze(second)
    found = results.result(CITY, SUMMER, TODAY)
    assert (found.now.records.minutes, found.began_on) == (before, burden.BEGAN)
