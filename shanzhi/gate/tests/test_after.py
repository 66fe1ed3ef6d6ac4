"""Emergencies, evaluations, calls and returns."""

from datetime import date, time, timedelta

import pytest

from shanzhi.burden import commands as burden_commands
from shanzhi.burden import queries as burden_queries
from shanzhi.burden.models import Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.work.models import Duty

from .. import commands
from ..kinds import Plan
from ..models import Call, Evaluation, Return, Review
from ..queries import calls, demands
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, NOW, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")


# --- emergencies ----------------------------------------------------------------------------------


def emergency(by=None, approved_on=date(2026, 6, 1), at=NOW, **changed):
    plan = Plan(**{
        "title": "台风期间低洼户转移登记", "category": "target", "level": "city", "scope": (CITY,),
        "communities": 3, "cycle": "daily", "times": 30, "minutes": 30, "fields": ("姓名",),
    } | changed)  # fmt: skip
    return commands.file_emergency(
        plan=plan, event="台风红色预警", approver="市防汛指挥部", approved_on=approved_on,
        by=by or make.clerk(), at=at,
    )  # fmt: skip


def test_an_emergency_is_in_force_at_once_and_ends_after_thirty_days():
    demand = emergency().demand
    assert (demand.origin, demand.number[:4]) == (Demand.Origin.BYPASS, "E26-")
    assert (demand.valid_from, demand.valid_to) == (date(2026, 6, 1), date(2026, 6, 30))
    assert burden_queries.account(CITY, date(2026, 6, 30)).total().bypass == 1
    assert burden_commands.exit_expired(by=SYSTEM, at=make.at("2026-07-01 00:10")) == 1
    demand.refresh_from_db()
    assert demand.state == Demand.State.EXITED
    line = burden_queries.account(CITY, date(2026, 7, 1)).total()
    assert (line.in_force, line.adds_up) == (0, True)


def test_it_is_filed_within_three_working_days_of_its_approval():
    emergency(approved_on=date(2026, 5, 27))  # Wednesday: until Monday
    with pytest.raises(Refused, match="at the latest"):
        emergency(approved_on=date(2026, 5, 26))
    with pytest.raises(Refused, match="not before"):
        emergency(approved_on=date(2026, 6, 2))


def test_it_is_prolonged_once_by_the_office():
    bypass = emergency()
    with pytest.raises(Refused, match="burden relief office"):
        commands.prolong_emergency(bypass=bypass, reason="汛期未过", by=make.clerk(), at=NOW)
    bypass = commands.prolong_emergency(bypass=bypass, reason="汛期未过", by=make.office(), at=NOW)
    bypass.demand.refresh_from_db()
    assert bypass.demand.valid_to == date(2026, 7, 30)
    with pytest.raises(Refused, match="prolonged once"):
        commands.prolong_emergency(bypass=bypass, reason="再延", by=make.office(), at=NOW)


def test_what_is_cancelled_by_rule_does_not_come_in_as_an_emergency():
    with pytest.raises(Refused, match="paper ledgers"):
        emergency(category="ledger", medium="paper")
    with pytest.raises(Refused, match="Only the department"):
        emergency(by=make.worker())


# --- evaluation -----------------------------------------------------------------------------------


def admitted() -> Demand:
    return make.decide(make.deciding()).demand


def reviewed() -> Review:
    demand = admitted()
    assert commands.open_reviews(by=SYSTEM, at=make.at("2027-02-27 00:20")) == 0
    Demand.objects.filter(pk=demand.pk).update(valid_to=date(2027, 12, 31))
    assert commands.open_reviews(by=SYSTEM, at=make.at("2027-02-28 00:20")) == 1
    assert commands.open_reviews(by=SYSTEM, at=make.at("2027-03-01 00:20")) == 0
    return Review.objects.get()


def evaluate(evaluation, by, score=2, **more):
    told = {"wish": "less", "text": "数据没有人用", "minutes": 60} | more
    return commands.evaluate(evaluation=evaluation, score=score, by=by,
                             at=make.at("2027-03-01 10:00"), **told)  # fmt: skip


def test_both_sides_evaluate_half_a_year_later():
    review = reviewed()
    assert Duty.objects.filter(kind="gate.evaluate", closed_at=None).count() == 4
    for code in (TIANAN, FUDU):
        evaluate(review.evaluations.get(community=code), make.worker(code), 2 + (code == FUDU))
    evaluate(review.evaluations.get(community=""), make.clerk(), 5, wish="keep", text="用于调度")
    found = demands.result(review)
    assert (found.asked, found.answered, found.score, found.minutes) == (3, 2, 2.5, 60)
    assert found.wishes == {"keep": 0, "less": 2, "end": 0}
    assert found.department.text == "用于调度"
    assert commands.close_reviews(by=SYSTEM, at=make.at("2027-03-22 00:20")) == 1
    assert not Duty.objects.filter(kind="gate.evaluate", closed_at=None).exists()
    with pytest.raises(Refused, match="closed"):
        evaluate(review.evaluations.get(community=TIANAN), make.worker())


def test_nobody_evaluates_for_another_side():
    review = reviewed()
    evaluation = review.evaluations.get(community=TIANAN)
    for actor in (make.worker(FUDU), make.clerk(), make.office()):
        with pytest.raises(Refused, match="Only the side"):
            evaluate(evaluation, actor)
    with pytest.raises(Refused, match="one to five"):
        evaluate(evaluation, make.worker(), 6)
    assert Evaluation.objects.filter(score=None).count() == 4


# --- meetings and inspections ---------------------------------------------------------------------


def call(by=None, demand=None, **changed):
    known = {
        "kind": "system_meeting", "title": "垃圾分类工作会议", "scope": [CITY],
        "on": date(2026, 6, 10), "begins": time(9, 0), "minutes": 90, "heads": 1, "where": "",
    }  # fmt: skip
    return commands.announce(values=known | changed, demand=demand, by=by or make.clerk(), at=NOW)


def test_one_system_meeting_and_one_comprehensive_inspection_a_year():
    first = call()
    with pytest.raises(Refused, match="announced already"):
        call(on=date(2026, 9, 1))
    call(on=date(2027, 1, 12))
    call(kind="comprehensive")
    call(make.clerk(CITY, "civil_affairs"))
    commands.cancel(call=first, reason="改为书面", by=make.clerk(), at=NOW)
    call(on=date(2026, 9, 1))


def test_other_calls_need_the_number_of_a_demand_in_force():
    with pytest.raises(Refused, match="Give the number"):
        call(kind="inspection")
    monthly = make.monthly(scope=[STREET], place=STREET)
    with pytest.raises(Refused, match="is not asked of"):
        call(kind="inspection", demand=monthly)
    call(kind="inspection", demand=monthly, scope=[TIANAN])
    burden.decide(monthly, "stop")
    monthly.refresh_from_db()
    with pytest.raises(Refused, match="not in force"):
        call(kind="inspection", demand=monthly, scope=[TIANAN])


def test_a_number_that_a_capped_call_names_is_looked_at_too():
    monthly = make.monthly(scope=[STREET], place=STREET)
    for kind in ("system_meeting", "comprehensive", "meeting"):
        with pytest.raises(Refused, match="is not asked of"):
            call(kind=kind, demand=monthly)
        with pytest.raises(Refused, match="demand of another department") as refusal:
            call(make.clerk(CITY, "civil_affairs"), kind=kind, demand=monthly, scope=[TIANAN])
        assert refusal.value.field == "demand"
        with pytest.raises(Refused, match="demand of another department"):
            call(make.clerk("320411003"), kind=kind, demand=monthly, scope=["320411003"])
    before = Demand.objects.get(pk=monthly.pk)
    burden.decide(monthly, "stop")
    with pytest.raises(Refused, match="not in force"):  # also of a row that was read before
        call(kind="system_meeting", demand=before, scope=[TIANAN])
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"minutes": 0}, "minutes"), ({"minutes": 601}, "minutes"), ({"heads": 0}, "heads"),
     ({"heads": 51}, "heads"), ({"on": date(2026, 6, 1)}, "on"), ({"scope": []}, "scope")],
)  # fmt: skip
def test_what_a_call_needs(changed, field):
    with pytest.raises(Refused) as refused:
        call(**changed)
    assert refused.value.field == field


def test_a_community_sees_its_week():
    call()
    call(kind="comprehensive", scope=[FUDU], on=date(2026, 6, 12), heads=2, minutes=60)
    week = calls.week(FUDU, calls.monday(date(2026, 6, 14)))
    assert [day for day, _rows in week.days] == [date(2026, 6, 8) + timedelta(n) for n in range(7)]
    assert [len(rows) for _day, rows in week.days] == [0, 0, 1, 0, 1, 0, 0]
    assert week.minutes == 90 + 120
    assert calls.week(TIANAN, date(2026, 6, 8)).minutes == 90
    assert round(calls.week(CITY, date(2026, 6, 8)).minutes, 1) == round((3 * 90 + 120) / 3, 1)


# --- returns --------------------------------------------------------------------------------------


def give_back(by=None, place=CITY, entry=None, **changed):
    known = {"department": "urban_management", "way": "message", "what": "工作群要求每天报投放照片"}
    return commands.give_back(place=place, entry=entry, by=by or make.worker(), at=NOW,
                              **known | changed)  # fmt: skip


def test_what_has_no_number_goes_back_with_a_letter():
    made = give_back()
    assert (made.number[:4], made.community, made.place) == ("R26-", TIANAN, CITY)
    assert "第四十三条" in made.clause
    with pytest.raises(Refused, match="Only a community"):
        give_back(make.clerk())
    with pytest.raises(Refused, match="not above your community"):
        give_back(place="320402")
    with pytest.raises(Refused, match="what was asked"):
        give_back(what=" ")


def test_no_number_goes_back_with_what_was_asked():
    assert give_back(what="每天报给13800000019").what == "每天报给138****0019"


def test_an_entry_refuses_only_once_its_clause_is_confirmed():
    entry = burden.edition(burden.NEGATIVE, "negative").entries.get()
    entry.confirmed = False
    with pytest.raises(Refused, match="not confirmed"):
        give_back(entry=entry)
    entry.confirmed = True
    assert entry.clause in give_back(entry=entry).clause
    assert Return.objects.count() == 1


def test_a_number_holds_where_and_as_long_as_it_is_asked():
    demand = admitted()
    held = demands.holds(demand.number.lower(), TIANAN, date(2026, 9, 1))
    assert held == demand
    assert demands.holds(demand.number, TIANAN, date(2026, 8, 31)) is None
    assert demands.holds(demand.number, TIANAN, date(2027, 1, 1)) is None
    assert demands.holds("A26-9999", TIANAN, date(2026, 9, 1)) is None
    local = make.decide(make.deciding(by=make.clerk(DISTRICT), scope=[FUDU], title="富都普查"))
    assert demands.holds(local.demand.number, TIANAN, date(2026, 9, 1)) is None
