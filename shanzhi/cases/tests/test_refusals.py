"""Whoever may not, may not; and a refusal changes nothing."""

from datetime import timedelta

import pytest

from shanzhi.cases import answers, commands, kinds
from shanzhi.cases.models import Case
from shanzhi.cases.routing import Unit
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from . import factories
from .factories import (
    DAY,
    FUDU,
    MONDAY,
    STREET,
    TIANAN,
    accepted,
    answered,
    ask,
    make_case,
    submission,
)

LATER = MONDAY + DAY
REFUSAL = {"text": "条件不符", "remedy": "可向街道申诉"}


def refuses(case, sentence, command, **values):
    before = factories.everything(case)
    with pytest.raises(Refused, match=sentence):
        command(case=case, **values)
    assert factories.everything(case) == before


@pytest.mark.parametrize(
    ("command", "values"),
    [
        (commands.accept, {}),
        (commands.ask_correction, {"gaps": ["身份证"]}),
        (commands.not_accept, {"reason": "duplicate", **REFUSAL}),
        (commands.transfer, {"to": Unit(STREET), "reason": "转办"}),
        (commands.pass_up, {"reason": "不在清单"}),
    ],
)
def test_only_the_leading_unit_takes_a_step_on_a_new_case(worker, command, values):
    case = make_case()
    someone = factories.resident("13800009999")
    for stranger in (factories.worker(FUDU), factories.street(), factories.clerk(), someone):
        refuses(case, "another unit", command, by=stranger, at=LATER, **values)


@pytest.mark.parametrize(
    ("command", "values"),
    [
        (commands.start, {}),
        (commands.suspend, {"reason": "hearing", "document": "听证通知 1 号"}),
        (commands.reply, {"text": "已经修好了。"}),
        (commands.terminate, {"reason": "申请人已故"}),
        (commands.ask_help, {"unit": Unit(STREET), "task": "协助", "days": 3}),
        (commands.finish_step, {"step": 0}),
    ],
)
def test_only_the_leading_unit_takes_a_step_on_an_accepted_case(worker, command, values):
    case = accepted(by=worker)
    stranger = factories.worker(FUDU)

    refuses(case, "another unit", command, by=stranger, at=LATER, **values)


def test_a_step_that_does_not_fit_the_state_is_refused(worker):
    case = make_case()
    refuses(case, "no longer possible", commands.reply, text="已经修好了。", by=worker, at=LATER)
    case = answered(by=worker)
    refuses(case, "no longer possible", commands.accept, by=worker, at=LATER)
    refuses(case, "before it is answered", commands.transfer, to=Unit(STREET), reason="转",
            by=worker, at=LATER)  # fmt: skip


def test_missing_papers_are_asked_for_only_once(worker, resident):
    case = make_case("elderly-allowance", by=resident)
    refuses(case, "every missing paper", commands.ask_correction, gaps=[" "], by=worker, at=LATER)
    case = commands.ask_correction(case=case, gaps=["银行账号"], by=worker, at=LATER)
    case = commands.correct(case=case, raw=ask("elderly-allowance").answers, by=resident, at=LATER)

    refuses(case, "asked for once", commands.ask_correction, gaps=["还缺"], by=worker, at=LATER)


def test_nobody_is_turned_away_because_the_work_is_another_units(worker):
    case = make_case()

    refuses(
        case, "pass it on", commands.not_accept, reason="not_ours", **REFUSAL, by=worker, at=LATER
    )
    refuses(case, "object or go", commands.not_accept, reason="duplicate", text="重复", remedy=" ",
            by=worker, at=LATER)  # fmt: skip


def test_the_clock_stops_only_for_a_listed_reason_with_its_paper(worker):
    case = accepted(by=worker)

    refuses(
        case, "listed reason", commands.suspend, reason="busy", document="x", by=worker, at=LATER
    )
    refuses(case, "paper", commands.suspend, reason="hearing", document=" ", by=worker, at=LATER)
    refuses(case, "is running", commands.resume, by=worker, at=LATER)


def test_help_that_was_answered_is_not_released_and_keeps_its_words(worker):
    case = accepted(by=worker)
    unit = Unit(STREET)
    helper = commands.ask_help(case=case, unit=unit, task="协助", days=3, by=worker, at=LATER)
    commands.answer_help(helper=helper, opinion="已经查看。", by=factories.street(), at=LATER)
    before = factories.everything(case)

    with pytest.raises(Refused, match="ended already"):
        commands.release_helper(helper=helper, by=worker, at=LATER)

    assert factories.everything(case) == before
    assert case.involvements.get(leads=False).opinion == "已经查看。"


def test_a_longer_limit_is_for_the_level_above_and_once(worker):
    case = accepted(by=worker)
    more = {"days": 5, "reason": "需要检测", "at": LATER}

    refuses(case, "level above", commands.extend, by=worker, **more)
    above = factories.street()
    refuses(case, "At most 10", commands.extend, by=above, **more | {"days": 11})
    refuses(case, "told why", commands.extend, by=above, **more | {"reason": " "})
    due = case.promised_due_at
    case = commands.extend(case=case, by=above, **more)
    assert case.promised_due_at == due + 7 * DAY
    refuses(case, "second time", commands.extend, by=above, **more)


def test_a_refusal_names_its_grounds_and_the_way_to_object(clerk, worker):
    case = accepted("elderly-allowance", by=worker)
    no = {"decision": "refused", "text": "年龄不足", "by": clerk, "at": LATER}

    refuses(case, "legal grounds", commands.decide, grounds="", remedy="", **no)
    refuses(case, "Choose granted", commands.decide, **no | {"decision": "maybe"},
            grounds="x", remedy="y")  # fmt: skip
    refuses(case, "Decide first", commands.reply, text="年龄不足八十周岁。", by=clerk, at=LATER)


def test_a_unit_below_does_not_decide(worker, city):
    factories.make_item("district-item", name="区级事项", level="district", steps=[])
    item = factories.Item.objects.get(code="district-item")
    request = factories.Request(
        item=item, place=TIANAN, name="张示例", phone="13800000077",
        answers=ask("elderly-allowance").answers,
    )  # fmt: skip
    case = commands.submit(
        request=request, submission=submission(), by=factories.resident("13800000077"), at=MONDAY
    ).case
    case.lead_place, case.lead_department, case.state = TIANAN, "", "accepted"
    Case.objects.filter(pk=case.pk).update(lead_place=TIANAN, lead_department="", state="accepted")

    refuses(case, "higher unit decides", commands.decide, decision="granted", text="同意。",
            grounds="", remedy="", by=worker, at=LATER)  # fmt: skip


def test_staff_cannot_rate_nor_can_another_resident(worker, resident):
    case = make_case(by=resident)
    refuses(
        case, "once you have been answered", commands.rate, score=5, words="", by=resident, at=LATER
    )
    case = commands.accept(case=case, by=worker, at=MONDAY)
    case = commands.reply(case=case, text="已经修好了。", by=worker, at=MONDAY)

    refuses(case, "Staff cannot rate", commands.rate, score=5, words="", by=worker, at=LATER)
    other = factories.resident("13800008888")
    refuses(case, "Only the person who sent", commands.rate, score=5, words="", by=other, at=LATER)
    refuses(case, "five levels", commands.rate, score=6, words="", by=resident, at=LATER)
    commands.rate(case=case, score=5, words="", by=resident, at=LATER)
    refuses(
        case, "rated this answer already", commands.rate, score=1, words="", by=resident, at=LATER
    )


def test_rating_and_reopening_end_after_their_time(worker, resident):
    case = make_case(by=resident)
    case = commands.accept(case=case, by=worker, at=MONDAY)
    case = commands.reply(case=case, text="已经修好了。", by=worker, at=MONDAY)

    refuses(case, "more than 30 days", commands.reopen, reason="又坏了", by=resident,
            at=MONDAY + 31 * DAY)  # fmt: skip
    refuses(case, "over", commands.rate, score=5, words="", by=resident, at=MONDAY + 91 * DAY)
    refuses(case, "15 days", commands.close, by=Actor(account_id=None), at=MONDAY + DAY)


def test_only_the_applicant_withdraws_or_corrects(worker, resident):
    case = make_case(by=resident)
    other = factories.resident("13800008888")

    refuses(case, "Only the person who sent", commands.withdraw, by=other, at=LATER)
    refuses(case, "Only the person who sent", commands.withdraw, by=worker, at=LATER)


def test_masked_values_are_shown_only_to_a_unit_on_the_case_and_for_a_reason(worker, clerk):
    case = make_case("elderly-allowance")

    refuses(case, "handling this case", commands.reveal, fields=["identity"], reason="看看",
            by=clerk, at=LATER)  # fmt: skip
    refuses(
        case, "why you need", commands.reveal, fields=["identity"], reason="", by=worker, at=LATER
    )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"place": "320411"}, "Choose the community"),
        ({"place": "320411002999"}, "Choose the community"),
        ({"name": "张"}, "full name"),
        ({"phone": "123"}, "mobile"),
        ({"phone": ""}, "can be reached"),
    ],
)
def test_a_request_without_a_place_or_a_person_is_refused(resident, asked, sentence):
    with pytest.raises(Refused, match=sentence):
        commands.submit(request=ask(**asked), submission=submission(), by=resident, at=MONDAY)
    assert not Case.objects.exists()


def test_answers_that_do_not_fit_name_the_fields(resident):
    wrong = {"identity": "320499194503150017", "bank": "12", "address": "", "extra": "x"}

    with pytest.raises(answers.Invalid) as refused:
        commands.submit(
            request=ask("elderly-allowance", **wrong),
            submission=submission(),
            by=resident,
            at=MONDAY,
        )

    assert set(refused.value.errors) == {"identity", "bank", "address", "extra"}
    assert not Case.objects.exists()


def test_a_worker_types_only_for_places_of_the_post(city):
    stranger = factories.worker(FUDU)

    with pytest.raises(Refused, match="places of your post"):
        commands.submit(request=ask(), submission=submission(), by=stranger, at=MONDAY)
    assert not Case.objects.exists()


def test_a_case_whose_line_is_off_can_be_read_but_not_moved(worker):
    case = make_case()
    type(case.item).objects.filter(pk=case.item_id).update(kind="circus")

    assert kinds.get("circus").title == "circus"
    refuses(case, "switched off", commands.accept, by=worker, at=LATER)


def test_papers_that_never_come_end_the_case_after_thirty_days(worker, resident):
    case = make_case("elderly-allowance", by=resident)
    case = commands.ask_correction(case=case, gaps=["银行账号"], by=worker, at=MONDAY)

    refuses(case, "30 days", commands.terminate, reason="未补正", by=worker, at=MONDAY + 29 * DAY)
    case = commands.terminate(
        case=case, reason="未补正", by=worker, at=MONDAY + 30 * DAY + timedelta(minutes=1)
    )
    assert case.state == "terminated"


def test_help_ends_with_a_case_that_is_ended(worker):
    case = accepted(by=worker)
    unit = Unit(STREET)
    helper = commands.ask_help(case=case, unit=unit, task="协助", days=3, by=worker, at=LATER)

    commands.terminate(case=case, reason="申请人已搬走", by=worker, at=LATER)

    helper.refresh_from_db()
    assert helper.ended_at == LATER
    street = factories.street()
    with pytest.raises(Refused, match="ended already"):
        commands.answer_help(helper=helper, opinion="已经查看。", by=street, at=LATER)
