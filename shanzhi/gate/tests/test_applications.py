"""From the draft to the decision: who may take which step, and what follows from it."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from shanzhi.burden import queries as burden_queries
from shanzhi.burden.models import Demand, Span
from shanzhi.burden.tests import factories as burden
from shanzhi.kernel import Refused
from shanzhi.people.tests import factories as people
from shanzhi.work.models import Duty

from .. import commands
from ..kinds import STEPS
from ..models import Application, Opinion, Said, Vote
from ..queries.hearing import hearing
from ..rules.applications import Ballot
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, MEETING, NOW, PANLONG, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")
State = Application.State


def waiting(application, kind=None) -> list[tuple[str, str, str]]:
    rows = Duty.objects.filter(about=f"gate.Application:{application.pk}", closed_at=None)
    return sorted(rows.values_list("kind", "place", "department"))


# --- writing --------------------------------------------------------------------------------------


def test_only_a_department_applies_and_only_below_its_place():
    with pytest.raises(Refused, match="Only the department"):
        make.draft(make.worker())
    with pytest.raises(Refused, match="outside the place"):
        make.draft(make.clerk(DISTRICT), scope=[CITY])
    application = make.draft(scope=[STREET, TIANAN, CITY])
    assert (application.scope, application.communities) == ([CITY], 3)
    assert application.number.startswith("A26-")


def test_a_draft_may_have_gaps_a_submission_may_not():
    clerk = make.clerk()
    empty = commands.draft(values={"title": "新表", "category": "ledger"}, by=clerk, at=NOW)
    with pytest.raises(Refused, match="has to be filled in") as refused:
        commands.submit(application=empty, by=clerk, at=NOW)
    assert refused.value.field == "purpose"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"medium": "paper"}, "paper ledgers of the city level are cancelled"),
        ({"category": "appraisal"}, "appraisals of the city level are cancelled"),
        ({"purpose": "考核实行一票否决"}, "one-vote veto"),
        ({"starts_on": date(2026, 6, 1)}, "only begin in the future"),
        ({"ends_on": date(2026, 8, 1)}, "before the first"),
        ({"scope": []}, "filled in"),
        ({"alternatives": " "}, "filled in"),
    ],
)
def test_what_is_never_submitted(changed, sentence):
    with pytest.raises(Refused, match=sentence):
        make.submitted(**changed)


def test_two_editors_collide_and_a_submitted_one_stays():
    clerk, application = make.clerk(), make.draft()
    commands.keep(
        application=application, values=make.values(title="甲"), edited=0, by=clerk, at=NOW
    )
    with pytest.raises(Refused, match="Somebody else changed it"):
        commands.keep(application=application, values=make.values(title="乙"), edited=0, by=clerk,
                      at=NOW)  # fmt: skip
    commands.submit(application=application, by=clerk, at=NOW)
    with pytest.raises(Refused, match="It is submitted"):
        commands.keep(application=application, values=make.values(), edited=1, by=clerk, at=NOW)
    other = make.clerk(CITY, "civil_affairs")
    with pytest.raises(Refused, match="Only the department that applies"):
        commands.withdraw(application=application, by=other, at=NOW)


# --- steps ----------------------------------------------------------------------------------------


def test_each_step_waits_where_it_has_to():
    make.office()
    application = make.submitted()
    assert waiting(application) == [("gate.screen", CITY, "burden_office")]
    application = commands.pass_on(application=application, by=make.office(), at=NOW, seed=7)
    assert [place for _kind, place, _unit in waiting(application)] == [TIANAN, FUDU, PANLONG]
    first, second, third = application.opinions.order_by("pk")
    make.opine(first)
    assert {place for _kind, place, _unit in waiting(application)} == {FUDU, PANLONG}
    make.opine(second, "for", "")
    make.opine(third, "unsure", "", minutes=90)
    application.refresh_from_db()
    assert application.state == State.DECIDING
    [(kind, place, unit)] = waiting(application)
    assert (kind, place, unit) == ("gate.decide", CITY, "burden_office")
    assert not waiting(make.decide(application))


def test_a_district_without_an_office_is_screened_by_the_city():
    application = make.submitted(by=make.clerk(DISTRICT), scope=[DISTRICT])
    assert waiting(application) == [("gate.screen", CITY, "burden_office")]
    make.office(DISTRICT)
    again = make.submitted(by=make.clerk(DISTRICT), scope=[DISTRICT], title="另一张表")
    assert waiting(again) == [("gate.screen", DISTRICT, "burden_office")]


def test_what_was_sent_back_is_completed_and_submitted_again():
    application = make.heard()
    sent = commands.send_back(application=application, reason="请写明理由", by=make.office(),
                              at=NOW)  # fmt: skip
    assert (sent.state, sent.seed, sent.opinions.count()) == (State.RETURNED, None, 0)
    assert waiting(sent) == [("gate.complete", CITY, "urban_management")]
    again = commands.submit(application=sent, by=make.clerk(), at=NOW)
    assert again.state == State.SCREENING
    assert [each.state for each in again.steps.order_by("pk")] == [
        "screening", "hearing", "returned", "screening"]  # fmt: skip


def test_the_screening_refuses_by_a_clause_only():
    clean = make.submitted(title="社区消防通道普查", purpose="查明通道", fields=["通道宽度"])
    with pytest.raises(Refused, match="No check says stop"):
        commands.refuse(application=clean, reason="不必要", by=make.office(), at=NOW)
    unpaid = make.submitted(money=0, payer=None)
    refused = commands.refuse(application=unpaid, reason="费随事转", by=make.office(), at=NOW)
    assert refused.state == State.REFUSED
    last = refused.steps.latest("pk")
    assert "no_money" in [each["key"] for each in last.findings]


@pytest.mark.parametrize("step", ["pass_on", "send_back", "refuse"])
def test_only_the_office_of_the_place_screens(step):
    application = make.submitted()
    command = getattr(commands, step)
    more = {} if step == "pass_on" else {"reason": "因为"}
    for actor in (make.office(DISTRICT), make.clerk(), make.worker()):
        with pytest.raises(Refused, match="burden relief office"):
            command(application=application, by=actor, at=NOW, **more)


def test_a_step_from_a_state_that_is_gone_is_refused():
    application = make.submitted()
    commands.pass_on(application=application, by=make.office(), at=NOW)
    with pytest.raises(Refused, match="elsewhere meanwhile"):
        commands.pass_on(application=application, by=make.office(), at=NOW)


def test_every_state_but_the_last_ones_leads_on():
    ended = {State.ADMITTED, State.MERGED, State.REFUSED, State.WITHDRAWN}
    left = {state for froms, _to in STEPS.values() for state in froms}
    assert left == set(State) - ended
    assert {to for _froms, to in STEPS.values()} == set(State) - {State.DRAFT}


# --- hearing --------------------------------------------------------------------------------------


def test_a_community_answers_for_itself_and_says_why_it_is_against():
    application = make.heard()
    opinion = application.opinions.get(community=TIANAN)
    with pytest.raises(Refused, match="Only the community that was drawn"):
        commands.give_opinion(opinion=opinion, answer="for", text="", minutes=None,
                              by=make.worker(FUDU), at=NOW)  # fmt: skip
    with pytest.raises(Refused, match="why you are against"):
        make.opine(opinion, "against", " ")
    make.opine(opinion, minutes=90)
    make.opine(opinion, "for", "")  # it may think again
    found = hearing(application)
    assert (found.drawn, found.answered, found.votes["for"]) == (3, 1, 1)


def test_what_a_community_said_before_is_kept_without_its_name():
    application = make.heard()
    tianan = application.opinions.get(community=TIANAN)
    make.opine(tianan, "against", "每周都报，吃不消", minutes=90)
    make.opine(tianan, "against", "每周都报，吃不消", minutes=90)  # the same once more
    make.opine(tianan, "for", "", minutes=40, at=make.at("2026-06-02 09:00"))
    make.opine(application.opinions.get(community=FUDU), "against", "数已在系统里")

    changed, plain = sorted(hearing(application).voices, key=lambda each: each.text)
    assert (changed.answer, changed.text, changed.minutes) == ("for", "", 40)
    assert changed.changed_on == date(2026, 6, 2)
    assert changed.earlier == [(NOW.date(), "against", "每周都报，吃不消", 90)]
    assert (plain.text, plain.changed_on, plain.earlier) == ("数已在系统里", None, [])
    assert TIANAN not in str(hearing(application))
    assert Said.objects.filter(voice=tianan.pk).count() == 3


def test_what_was_said_outlives_the_hearing_and_the_database_keeps_it():
    application = make.heard()
    make.opine(application.opinions.get(community=TIANAN))
    commands.send_back(application=application, reason="补充依据", by=make.office(), at=NOW)
    assert not Opinion.objects.exists()
    for change in (lambda rows: rows.update(text=""), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="is kept"), transaction.atomic():
            change(Said.objects.all())
    assert Said.objects.get().text == "数已经在系统里"


def test_a_hearing_ends_by_itself_and_nobody_speaks_after_it():
    application = make.heard()
    opinion = application.opinions.first()
    last = application.hearing_until
    assert last == date(2026, 6, 15)
    assert (
        commands.close_hearings(by=people.actor(people.staff("s")), at=make.at("2026-06-15 23:00"))
        == 0
    )
    assert (
        commands.close_hearings(by=people.actor(people.staff("t")), at=make.at("2026-06-16 00:20"))
        == 1
    )
    application.refresh_from_db()
    assert application.state == State.DECIDING
    with pytest.raises(Refused, match="hearing is over"):
        make.opine(opinion)
    assert hearing(application).answered == 0


# --- deciding -------------------------------------------------------------------------------------


def test_what_is_admitted_is_a_demand_under_its_own_number():
    application = make.decide(make.deciding())
    demand = application.demand
    assert application.state == State.ADMITTED
    assert (demand.number, demand.origin) == (application.number, Demand.Origin.ADMITTED)
    assert (demand.valid_from, demand.valid_to) == (date(2026, 9, 1), date(2026, 12, 31))
    assert [each.name for each in demand.fields.order_by("position")] == make.WEEKLY
    assert Span.objects.get(demand=demand).valid_from == date(2026, 9, 1)
    account = burden_queries.account(CITY, date(2026, 9, 1)).total()
    assert (account.admitted, account.in_force, account.adds_up) == (1, 1, True)
    assert burden_queries.account(CITY, date(2026, 8, 31)).total().in_force == 0


def test_admitted_with_changes_asks_for_less():
    size = burden.Size(12, 20, 1)
    application = make.decide(make.deciding(), "change", size=size, fields=["本周督导次数"],
                              ends_on=date(2026, 10, 31))  # fmt: skip
    demand = application.demand
    assert (demand.times, demand.minutes, demand.valid_to) == (12, 20, date(2026, 10, 31))
    assert [each.name for each in demand.fields.all()] == ["本周督导次数"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"size": burden.Size(52, 41, 1)}, "asks for less"),
        ({"ends_on": date(2027, 1, 1)}, "ends no later"),
        ({"fields": ["身份证号"]}, "was not applied for"),
    ],
)
def test_a_change_never_asks_for_more(changed, sentence):
    with pytest.raises(Refused, match=sentence):
        make.decide(make.deciding(), "change", **changed)


def test_merged_into_a_demand_that_is_wider_from_then_on():
    monthly = make.monthly()
    application = make.decide(
        make.deciding(), "merge", heir=monthly, fields=["本周督导次数"], minutes=5
    )
    monthly.refresh_from_db()
    assert (application.state, application.heir) == (State.MERGED, monthly)
    assert monthly.minutes == 65
    assert monthly.fields.order_by("-position").first().name == "本周督导次数"
    assert [(each.minutes, each.valid_to) for each in monthly.spans.order_by("pk")] == [
        (60, MEETING.date()), (65, None)]  # fmt: skip
    total = burden_queries.account(CITY, MEETING.date()).total()
    assert (total.baseline, total.admitted, total.in_force) == (1, 0, 1)
    assert total.minutes_now == 3 * 12 * 65
    widened = monthly.decisions.get()
    with pytest.raises(Refused, match="taken back by reducing"):
        burden.undo(widened, on=MEETING.date(), at=MEETING)


def test_merged_into_what_asks_the_same_communities():
    street, city = make.monthly(scope=[STREET], place=STREET), make.deciding()
    with pytest.raises(Refused, match="is not asked of 3204;"):
        make.decide(city, "merge", heir=street)
    district = make.deciding(title="走访登记", scope=[TIANAN])
    for more in ({"fields": ["本周督导次数"], "minutes": 5}, {"minutes": 5}):
        with pytest.raises(Refused, match="is also asked of 320411002, for which"):
            make.decide(district, "merge", heir=street, **more)
    assert make.decide(district, "merge", heir=street).state == State.MERGED


def test_only_what_is_ones_own_and_in_force_is_renewed():
    monthly = make.monthly()
    make.draft(renews_id=monthly.pk)
    for by in (make.clerk(DISTRICT), make.clerk(CITY, "civil_affairs")):
        with pytest.raises(Refused, match="own unit"):
            make.draft(by, renews_id=monthly.pk, scope=[by.place])
    burden.decide(monthly, "stop")
    with pytest.raises(Refused, match="own unit"):
        make.draft(renews_id=monthly.pk)


def test_into_what_has_ended_nothing_is_merged():
    monthly, application = make.monthly(), make.deciding()
    burden.decide(monthly, "stop")
    monthly.refresh_from_db()
    with pytest.raises(Refused, match="is not in force"):
        make.decide(application, "merge", heir=monthly)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"basis": ""}, "Without a basis"),
        ({"ends_on": None}, "Without a last day"),
        ({"money": 0, "payer": None}, "Without money"),
    ],
)
def test_no_vote_admits_what_has_no_basis_end_or_payer(missing, sentence):
    application = make.deciding(**missing)
    with pytest.raises(Refused, match=sentence):
        make.decide(application)
    assert make.decide(application, "refuse").state == State.REFUSED


def test_the_vote_carries_the_decision():
    application = make.deciding()
    ballots = [Ballot("甲", "admit"), Ballot("乙", "refuse"), Ballot("丙", "abstain")]
    with pytest.raises(Refused, match="more than half"):
        make.decide(application, ballots=ballots)
    with pytest.raises(Refused, match="at least three"):
        make.decide(application, ballots=ballots[:2])
    with pytest.raises(Refused, match="named twice"):
        make.decide(application, ballots=[*ballots, Ballot("甲", "admit")])
    with pytest.raises(Refused, match="how “丁” voted"):
        make.decide(application, "refuse", ballots=[*ballots, Ballot("丁", "")])
    assert Vote.objects.count() == 0


def test_who_applied_does_not_vote_and_an_interest_is_named():
    application = make.deciding()
    ballots = [Ballot(each, "admit") for each in make.MEMBERS]
    own = Ballot("常州市城市管理局", "admit")
    with pytest.raises(Refused, match="does not vote on its own"):
        make.decide(application, ballots=[*ballots, own])
    with pytest.raises(Refused, match="what interest"):
        make.decide(application, ballots=[*ballots, replace(own, choice="recused")])
    recused = replace(own, choice="recused", interest="申请单位")
    decided = make.decide(application, ballots=[*ballots, recused])
    assert decided.votes.get(choice="recused").interest == "申请单位"


def test_a_decision_lies_between_the_hearing_and_today():
    application = make.deciding()
    for day in (date(2026, 5, 1), date(2026, 7, 1)):
        with pytest.raises(Refused, match="meeting lies between"):
            make.decide(application, decided_on=day)


def test_the_day_of_a_hearing_is_that_of_the_city():
    """Its last voice came at one in the morning, when in London it is the day before."""
    application = make.heard()
    for opinion in application.opinions.order_by("pk"):
        make.opine(opinion, at=make.at("2026-06-02 01:00"))
    application.refresh_from_db()
    with pytest.raises(Refused, match="meeting lies between"):
        make.decide(application, decided_on=date(2026, 6, 1))
    assert make.decide(application, decided_on=date(2026, 6, 2)).state == State.ADMITTED


def test_an_opinion_that_a_department_reads_has_no_number():
    opinion = make.heard().opinions.first()
    assert make.opine(opinion, text="可问13800000019").text == "可问138****0019"


def test_what_was_stopped_meanwhile_is_no_heir():
    chosen, application = make.monthly(), make.deciding()
    Demand.objects.filter(pk=chosen.pk).update(state=Demand.State.STOPPED)
    with pytest.raises(Refused, match="not in force"):
        make.decide(application, "merge", heir=chosen)


def test_a_renewal_closes_the_question_of_its_owner():
    admitted = make.decide(make.deciding()).demand
    assert (
        commands.ask_owners(by=people.actor(people.staff("s")), at=make.at("2026-11-20 08:00")) == 1
    )
    assert (
        commands.ask_owners(by=people.actor(people.staff("t")), at=make.at("2026-11-21 08:00")) == 0
    )
    duty = Duty.objects.get(kind="gate.expiring")
    assert (duty.place, duty.department, duty.closed_at) == (CITY, "urban_management", None)
    with pytest.raises(Refused, match="begin after that"):
        make.submitted(renews_id=admitted.pk, when=make.at("2026-11-25 10:00"),
                       starts_on=date(2026, 12, 31), ends_on=date(2027, 12, 31))  # fmt: skip
    make.submitted(title="周报（续）", renews_id=admitted.pk, when=make.at("2026-11-25 10:00"),
                   starts_on=date(2027, 2, 1), ends_on=date(2027, 12, 31))  # fmt: skip
    duty.refresh_from_db()
    assert duty.outcome == "renewed"
    assert Opinion.objects.filter(application__number=admitted.number).count() == 3
