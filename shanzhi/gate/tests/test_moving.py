"""Communities merge while something is applied for, heard, called or asked in an emergency."""

from datetime import date, time, timedelta

import pytest

from shanzhi.burden import commands as burden
from shanzhi.burden.queries import following as asked
from shanzhi.journal.labels import label
from shanzhi.journal.tests.factories import catch_up
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Department
from shanzhi.places import commands as divisions
from shanzhi.work.models import Duty

from .. import commands
from ..kinds import Plan
from ..models import Application, Call, Evaluation, Return, Review
from ..queries.hearing import hearing
from . import factories as make
from .factories import CITY, FUDU, NOW, PANLONG, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")
NEW = "320411002100"
ON = date(2026, 6, 2)
AT = make.at("2026-06-02 10:00")
FOLLOWERS = ("work.moves", "people.moves", "burden.moves", "gate.moves")


def merge(*olds, new=NEW, name="新天社区"):
    for each in FOLLOWERS:
        catch_up(each, at=NOW)
    divisions.merge(olds=list(olds), new=new, name=name, on=ON, reason="调整", by=SYSTEM, at=AT)
    for each in FOLLOWERS:
        catch_up(each, at=AT)


def of(row):
    row.refresh_from_db()
    return row.scope, row.communities


def opinions(application):
    rows = application.opinions.order_by("community")
    return list(rows.values_list("community", "answer"))


def test_a_draft_of_both_follows_and_one_of_a_part_its_unit_widens_itself():
    both, part = make.draft(scope=[TIANAN, FUDU]), make.draft(scope=[TIANAN])
    merge(TIANAN, FUDU)
    assert of(both) == ([NEW], 1)
    assert of(part) == ([TIANAN], 0)
    (waiting,) = asked.open_changes(label(part))
    burden.answer_scope(change=waiting, take=True, by=make.clerk(), at=AT)
    assert of(part) == ([NEW], 1)


def test_what_is_decided_keeps_the_old_codes_and_its_demand_follows():
    make.monthly()
    decided = make.decide(make.deciding(scope=[TIANAN, FUDU]))
    divisions.merge(
        olds=[TIANAN, FUDU], new=NEW, name="新天社区", on=date(2026, 6, 19), reason="调整",
        by=SYSTEM, at=make.at("2026-06-19 10:00"),
    )  # fmt: skip
    catch_up("burden.moves")
    assert of(decided)[0] == [TIANAN, FUDU]
    assert of(decided.demand) == ([NEW], 1)


def test_two_that_are_heard_are_heard_as_one_and_what_was_said_is_kept():
    application = make.heard()
    make.opine(application.opinions.get(community=TIANAN))
    merge(TIANAN, FUDU)
    assert opinions(application) == [(NEW, "against"), (PANLONG, "")]
    for each in application.opinions.filter(answer=""):
        make.opine(each)
    application.refresh_from_db()
    assert application.state == Application.State.DECIDING


def test_a_merged_community_that_changes_its_mind_keeps_what_it_said_under_its_old_code():
    application = make.heard()
    make.opine(application.opinions.get(community=TIANAN))
    merge(TIANAN, FUDU)
    make.opine(application.opinions.get(community=NEW), "for", "")
    (voice,) = hearing(application).voices
    assert (voice.answer, [each[1] for each in voice.earlier]) == ("for", ["against"])
    codes = application.said.order_by("pk").values_list("community", flat=True)
    assert list(codes) == [TIANAN, NEW]


def test_two_that_have_not_answered_answer_once():
    application = make.heard(scope=[STREET])
    merge(TIANAN, FUDU)
    assert opinions(application) == [(NEW, "")]
    make.opine(application.opinions.get())
    assert not Duty.objects.filter(kind="gate.hear", closed_at=None).exists()
    application.refresh_from_db()
    assert application.state == Application.State.DECIDING


def test_both_said_something_and_the_hearing_keeps_both():
    application = make.heard()
    for code, answer in ((TIANAN, "for"), (FUDU, "against")):
        make.opine(application.opinions.get(community=code), answer)
    merge(TIANAN, FUDU)
    assert sorted(answer for _code, answer in opinions(application)) == ["", "against", "for"]


def test_a_hearing_that_waits_for_nobody_any_more_goes_on():
    application = make.heard(scope=[STREET])
    make.opine(application.opinions.get(community=TIANAN))
    merge(FUDU, new=TIANAN, name="")
    application.refresh_from_db()
    assert (application.state, opinions(application)) == ("deciding", [(TIANAN, "against")])


def test_an_evaluation_follows_and_a_closed_one_does_not():
    (demand,) = [make.monthly()]
    rows = [Review.objects.create(demand=demand, opened_on=ON, until=ON, closed_at=closed)
            for closed in (AT, None)]  # fmt: skip
    for review in rows:
        Evaluation.objects.create(review=review, community=TIANAN)
    merge(TIANAN, FUDU)
    assert [review.evaluations.get().community for review in rows] == [TIANAN, NEW]


def test_a_call_to_come_follows_and_one_that_is_over_does_not():
    rows = [_call([TIANAN, FUDU], day) for day in (ON + timedelta(days=3), ON - timedelta(days=3))]
    merge(TIANAN, FUDU)
    assert [of(each)[0] for each in rows] == [[NEW], [TIANAN, FUDU]]


def test_a_call_of_a_demand_calls_nobody_whom_the_demand_does_not_ask():
    demand = make.monthly(scope=[TIANAN])
    call = _call([TIANAN], ON + timedelta(days=3), demand)
    merge(TIANAN, FUDU)
    (waiting,) = asked.open_changes(label(call))
    with pytest.raises(Refused, match="is not asked of"):
        burden.answer_scope(change=waiting, take=True, by=make.clerk(), at=AT)
    (of_demand,) = asked.open_changes(label(demand))
    burden.answer_scope(change=of_demand, take=True, by=make.office(), at=AT)
    burden.answer_scope(change=waiting, take=True, by=make.clerk(), at=AT)
    assert (of(demand)[0], of(call)[0]) == ([NEW], [NEW])


def _call(scope, on, demand=None):
    return Call.objects.create(
        number=f"C26-{on:%m%d}", kind="meeting", title="会议", place=CITY, demand=demand, on=on,
        department=Department.objects.get(pk="urban_management"), scope=scope, communities=2,
        begins=time(9), minutes=60, heads=1, announced_at=NOW,
    )  # fmt: skip


def test_an_emergency_follows():
    bypass = commands.file_emergency(
        plan=Plan(title="高温问候", category="target", scope=(TIANAN, FUDU), communities=2,
                  cycle="daily", times=20, minutes=20),
        event="高温红色预警", approver="市应急局", approved_on=NOW.date(), by=make.clerk(), at=NOW,
    )  # fmt: skip
    merge(TIANAN, FUDU)
    assert of(bypass.demand) == ([NEW], 1)


def test_a_unit_that_is_merged_keeps_its_applications_and_what_came_back_to_it():
    clerk = make.clerk(STREET)
    application = make.draft(clerk, scope=[STREET])
    letter = commands.give_back(
        place=STREET, department="urban_management", way="phone", what="报名单", entry=None,
        by=make.worker(), at=NOW,
    )  # fmt: skip
    merge(STREET, "320411003", new="320411009", name="新三井街道")
    application.refresh_from_db()
    assert application.place == "320411009"
    assert Return.objects.get(pk=letter.pk).place == "320411009"
