"""Every step of a case by a program: done by the right one, refused to others, never halfway."""

import pytest

from ... import commands
from ...api.steps import STEPS
from ...models import Case, Involvement
from .. import factories
from . import calls
from .calls import problem

pytestmark = pytest.mark.django_db
HELP = {"unit": {"place": factories.STREET}, "task": "请派维修工", "days": 3}
PASS_ON = {"unit": {"place": factories.STREET, "department": "civil_affairs"}, "reason": "归民政"}
REFUSAL = {
    "decision": "refused", "text": "不符合条件。", "grounds": "条例第三条", "remedy": "可申请复议",
}  # fmt: skip


def take(program, case, *steps, **fields):
    for step in steps:
        name, body = step if isinstance(step, tuple) else (step, None)
        answer = program.send(f"/cases/{case.number}/{name}", body)
        assert answer.status_code == 200, answer.json()
    return answer.json()


def assisted(community) -> Case:
    number = community.send("/cases", calls.submission(), once=calls.fresh()).json()["case"]
    return Case.objects.get(number=number["number"])


def test_accepted_started_answered_closed_and_reopened(community):
    case = calls.recent()

    assert take(community, case, "accept")["state"] == "accepted"
    assert take(community, case, "start")["state"] == "handling"
    assert take(community, case, ("reply", {"text": "已经修好了。"}))["state"] == "replied"
    assert take(community, case, "close")["state"] == "closed"
    assert take(community, case, ("reopen", {"reason": "又坏了"}))["state"] == "handling"


def test_what_is_missing_is_asked_for_and_sent(community):
    case = assisted(community)
    gaps = {"gaps": ["门牌号"]}

    assert take(community, case, ("ask-correction", gaps))["state"] == "correcting"
    correction = community.get(f"/cases/{case.number}").json()["correction"]
    assert (correction["gaps"], correction["answered_at"]) == (["门牌号"], None)
    before = factories.everything(case)
    path = f"/cases/{case.number}/correct"
    problem(community.send(path, {"answers": {"what": ""}}), "invalid", 422)
    assert factories.everything(case) == before
    answers = {"what": "12 幢单元门关不上"}
    assert take(community, case, ("correct", {"answers": answers}))["state"] == "submitted"
    assert community.get(f"/cases/{case.number}").json()["answers"][0]["value"] == answers["what"]


def test_not_accepted_with_reason_and_remedy(community):
    case = calls.recent()
    body = {"reason": "duplicate", "text": "已有同样的办件。", "remedy": "请查 12345。"}

    assert take(community, case, ("not-accept", body))["state"] == "not_accepted"


def test_passed_up_and_on_and_decided_by_the_office(community, street, office):
    case = calls.recent("elderly-allowance")

    accepted = take(community, case, "accept")
    assert accepted["unit"]["name"] == "三井街道民政办"
    assert take(office, case, ("finish-step", {"step": 1}))["state"] == "handling"
    grant = {"decision": "granted", "text": "同意发放。"}
    assert take(office, case, ("decide", grant))["decision"] == "granted"
    take(office, case, ("reply", {"text": "同意发放。"}))
    assert take(office, case, ("deliver", {"method": "打到账户"}))["state"] == "delivered"

    door = calls.recent()
    up = take(community, door, ("pass-up", {"reason": "不在清单内"}))
    assert up["unit"]["name"] == "三井街道"
    assert take(street, door, ("transfer", PASS_ON))["unit"]["name"] == "三井街道民政办"


def test_a_refusal_names_grounds_and_remedy(community, office):
    case = calls.recent("elderly-allowance")
    take(community, case, "accept")
    before = factories.everything(case)
    path = f"/cases/{case.number}/decide"

    document = problem(office.send(path, REFUSAL | {"grounds": ""}), "invalid", 422)
    assert [each["path"] for each in document["errors"]] == ["grounds"]
    assert factories.everything(case) == before
    assert take(office, case, ("decide", REFUSAL))["decision"] == "refused"


def test_the_clock_stops_runs_on_and_is_lengthened_from_above(community, street):
    case = calls.recent()
    take(community, case, "accept")
    stop = {"reason": "inspection", "document": "检测通知 3 号"}

    assert take(community, case, ("suspend", stop))["state"] == "suspended"
    assert take(community, case, "resume")["state"] == "handling"
    longer = {"days": 5, "reason": "等配件"}
    problem(community.send(f"/cases/{case.number}/extend", longer), "refused", 409)
    due = Case.objects.get(pk=case.pk).promised_due_at
    take(street, case, ("extend", longer))
    assert Case.objects.get(pk=case.pk).promised_due_at > due


def test_a_unit_helps_or_is_released(community, street):
    case = calls.recent()
    take(community, case, "accept", ("ask-help", HELP))
    helper = Involvement.objects.get(case=case, leads=False)
    answer = {"helper": helper.pk, "opinion": "已派人"}
    problem(community.send(f"/cases/{case.number}/answer-help", answer), "refused", 409)
    take(street, case, ("answer-help", answer))

    take(community, case, ("ask-help", HELP))
    second = Involvement.objects.get(case=case, leads=False, ended_at=None)
    take(community, case, ("release-helper", {"helper": second.pk}))
    document = problem(
        community.send(f"/cases/{case.number}/release-helper", {"helper": 2**62}), "invalid", 422
    )
    assert document["errors"][0]["path"] == "helper"


def test_withdrawn_for_whom_a_worker_typed(community):
    case = assisted(community)

    assert take(community, case, "withdraw")["state"] == "withdrawn"


def test_ended_without_an_answer(community):
    case = calls.recent()
    take(community, case, "accept")

    assert take(community, case, ("terminate", {"reason": "申请人已搬走"}))["state"] == "terminated"


def test_called_back_after_a_bad_rating(community):
    case = calls.recent()
    take(community, case, "accept", ("reply", {"text": "已经修好了。"}))
    path = f"/cases/{case.number}/call-back"
    problem(community.send(path, {"text": "打过电话"}), "refused", 409)
    by = factories.Actor(account_id=case.applicant_id)
    replied = Case.objects.get(pk=case.pk).replied_at
    commands.rate(case=case, score=2, words="", by=by, at=replied)

    take(community, case, ("call-back", {"text": "打过电话"}))
    assert case.replies.filter(kind="call_back").count() == 1


@pytest.mark.parametrize(
    "unit",
    [
        {"place": "3204999"}, {"place": "320599"}, {"place": factories.STREET, "department": "x"},
        {"place": factories.TIANAN, "department": "civil_affairs"},
    ],
)  # fmt: skip
def test_a_case_goes_only_to_units_there_are(community, unit):
    case = calls.recent()
    before = factories.everything(case)

    answer = community.send(f"/cases/{case.number}/transfer", {"unit": unit, "reason": "转"})

    document = problem(answer, "invalid", 422)
    assert document["errors"] == [{"path": "unit", "detail": "Choose a unit of this city."}]
    assert factories.everything(case) == before


BODIES = {
    "ask-correction": {"gaps": ["x"]},
    "correct": {"answers": {"what": "x"}},
    "not-accept": {"reason": "duplicate", "text": "x", "remedy": "x"},
    "finish-step": {"step": 0},
    "transfer": PASS_ON,
    "pass-up": {"reason": "x"},
    "ask-help": HELP,
    "answer-help": {"helper": 1, "opinion": "xx"},
    "release-helper": {"helper": 1},
    "suspend": {"reason": "hearing", "document": "x"},
    "extend": {"days": 1, "reason": "x"},
    "decide": {"decision": "granted", "text": "xxxxx"},
    "reply": {"text": "xxxxx"},
    "deliver": {"method": "x"},
    "terminate": {"reason": "x"},
    "call-back": {"text": "x"},
    "note": {"text": "x"},
    "reopen": {"reason": "x"},
}
NAMES = [step.name for step in STEPS]


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_refused_from_another_place_and_to_readers(community, elsewhere, name):
    reader = calls.of(community.post, writes=False)
    case = calls.recent()
    before, path = factories.everything(case), f"/cases/{case.number}/{name}"

    problem(elsewhere.send(path, BODIES.get(name)), "not-found", 404)
    problem(reader.send(path, BODIES.get(name)), "out-of-scope", 403)
    assert factories.everything(case) == before


@pytest.mark.parametrize("name", [name for name in NAMES if name != "note"])
def test_a_step_that_the_state_forbids_is_refused_with_a_sentence(community, name):
    """Withdrawn is the end: nothing but remarks is possible afterwards."""
    case = assisted(community)
    take(community, case, "withdraw")
    before = factories.everything(case)

    answer = community.send(f"/cases/{case.number}/{name}", BODIES.get(name))

    assert answer.status_code in (409, 422), answer.json()
    assert factories.everything(case) == before


@pytest.mark.parametrize("name", sorted(BODIES))
def test_a_body_of_the_wrong_shape_is_refused(community, name):
    case = calls.recent()
    before, path = factories.everything(case), f"/cases/{case.number}/{name}"

    for body in ({}, [], {"x": 1}, BODIES[name] | {"more": 1}):
        problem(community.send(path, body), "invalid", 422)
    assert factories.everything(case) == before
