"""The main job: a request goes from a phone to an answer."""

from datetime import timedelta

import pytest

from shanzhi.cases import commands, numbers, presenting, sweeping
from shanzhi.cases.commands.submitting import Request
from shanzhi.cases.models import Item
from shanzhi.cases.routing import Unit
from shanzhi.journal import queries as journal
from shanzhi.work.models import Duty

from .factories import (
    DAY,
    GRID,
    IDENTITY,
    MONDAY,
    PHONE,
    STREET,
    TIANAN,
    answered,
    ask,
    at,
    make_case,
    make_item,
    street,
    submission,
)


def told(case):
    return [
        entry.verb for entry in journal.about(f"cases.Case:{case.pk}") if entry.verb[:5] == "cases"
    ]


def test_the_allowance_goes_from_the_phone_to_the_community_to_the_street_and_back(
    resident, worker, clerk
):
    case = make_case("elderly-allowance", by=resident)
    assert (case.state, case.lead_place, case.lead_department) == ("submitted", TIANAN, "")

    case = commands.accept(case=case, by=worker, at=MONDAY + DAY)
    assert (case.state, case.lead_place, case.lead_department) == (
        "handling", STREET, "civil_affairs",
    )  # fmt: skip
    assert case.promised_due_at == at("2026-03-10 17:30")
    assert case.statutory_due_at == at("2026-03-31 17:30")

    case = commands.decide(
        case=case, decision="granted", text="符合条件。", grounds="", remedy="", by=clerk,
        at=MONDAY + 2 * DAY,
    )  # fmt: skip
    case = commands.reply(case=case, text="从下月起发放。", by=clerk, at=MONDAY + 2 * DAY)
    rating = commands.rate(case=case, score=5, words="很快", by=resident, at=MONDAY + 3 * DAY)

    case.refresh_from_db()
    assert (case.state, case.decision, rating.score) == ("replied", "granted", 5)
    assert told(case) == [
        "cases.submitted", "cases.accepted", "cases.decided", "cases.replied", "cases.rated",
    ]  # fmt: skip
    assert [duty.kind for duty in Duty.objects.filter(closed_at=None)] == ["cases.deliver"]


def test_a_worker_takes_down_a_request_of_someone_without_a_phone(worker):
    receipt = commands.submit(
        request=ask("elderly-allowance", phone=""), submission=submission(), by=worker, at=MONDAY
    )

    case = receipt.case
    assert (case.channel, case.applicant_id, case.assisted_by) == (
        "counter", None, worker.account_id,
    )  # fmt: skip
    assert (case.phone, len(receipt.code), receipt.code.isdigit()) == (None, 6, True)
    assert journal.about(f"cases.Case:{case.pk}")[0].behalf == "resident"


def test_a_reported_door_is_passed_on_and_closed(resident, worker):
    case = make_case(by=resident)
    case = commands.accept(case=case, by=worker, at=MONDAY + DAY)
    due = case.promised_due_at

    case = commands.transfer(
        case=case, to=Unit(STREET), reason="需要街道协调物业", by=worker, at=MONDAY + 2 * DAY
    )
    lead = street()
    case = commands.reply(case=case, text="已更换闭门器。", by=lead, at=MONDAY + 3 * DAY)
    case = commands.close(case=case, by=lead, at=MONDAY + 4 * DAY)

    assert (case.state, case.lead_place, case.promised_due_at) == ("closed", STREET, due)
    assert not Duty.objects.filter(closed_at=None).exists()


def test_the_resident_follows_four_steps(resident, worker, clerk):
    case = make_case("elderly-allowance", by=resident)
    states = [[step.state for step in presenting.four_steps(presenting.as_row(case))]]
    case = commands.accept(case=case, by=worker, at=MONDAY)
    states.append([step.state for step in presenting.four_steps(presenting.as_row(case))])
    commands.decide(
        case=case, decision="granted", text="符合条件。", grounds="", remedy="", by=clerk, at=MONDAY
    )
    case = commands.reply(case=case, text="从下月起发放。", by=clerk, at=MONDAY)
    states.append([step.state for step in presenting.four_steps(presenting.as_row(case))])

    assert states == [
        ["done", "now", "todo", "todo"],
        ["done", "done", "now", "todo"],
        ["done", "done", "done", "done"],
    ]


def test_a_repeated_press_is_one_case(resident):
    pressed = submission()
    first = commands.submit(request=ask(), submission=pressed, by=resident, at=MONDAY)
    again = commands.submit(request=ask(), submission=pressed, by=resident, at=MONDAY)

    assert again.case == first.case
    assert (first.code != "", again.code) == (True, "")
    assert told(first.case) == ["cases.submitted"]


def test_a_receipt_number_has_twelve_digits_and_a_check(resident):

    case = make_case(by=resident)

    assert numbers.read(numbers.spoken(case.number)) == case.number
    wrong = case.number[:-1] + str((int(case.number[-1]) + 1) % 10)
    assert numbers.read(wrong) is None


def test_a_case_from_the_hotline_keeps_its_number_and_comes_once(worker):
    asked = {"request": ask(), "source": "12345", "external_number": "GD2026030200017"}
    first = commands.receive(submission=submission(), by=worker, at=MONDAY, **asked)
    again = commands.receive(submission=submission(), by=worker, at=MONDAY, **asked)

    assert (first.case.channel, first.case.external_number) == ("hotline", "GD2026030200017")
    assert again.case == first.case


def test_nobody_spoke_for_five_working_days_so_it_counts_as_accepted_from_the_start(resident):
    case = make_case("elderly-allowance", by=resident)

    case = commands.accept_deemed(case=case, at=at("2026-03-09 18:00"))

    assert (case.state, case.deemed, case.accepted_at) == ("handling", True, MONDAY)
    assert case.promised_due_at == at("2026-03-09 17:30")


def test_what_is_missing_is_asked_once_and_the_five_days_begin_anew(resident, worker):
    case = make_case("elderly-allowance", by=resident)
    case = commands.ask_correction(
        case=case, gaps=["银行账号不是老人本人的", ""], by=worker, at=MONDAY + DAY
    )
    assert (case.state, case.corrections.get().gaps) == ("correcting", ["银行账号不是老人本人的"])

    case = commands.correct(
        case=case, raw=ask("elderly-allowance").answers, by=resident, at=MONDAY + 3 * DAY
    )

    assert case.state == "submitted"
    duty = Duty.objects.get(closed_at=None)
    assert duty.opened_at == MONDAY + 3 * DAY


def test_while_the_clock_stands_still_no_day_is_counted(resident, worker):
    case = make_case(by=resident)
    case = commands.accept(case=case, by=worker, at=MONDAY)
    assert case.promised_due_at == at("2026-03-16 17:30")

    case = commands.suspend(
        case=case, reason="inspection", document="鉴定委托书 3 号", by=worker, at=MONDAY + DAY
    )
    case = commands.resume(case=case, by=worker, at=MONDAY + 3 * DAY)

    assert (case.state, case.promised_due_at) == ("handling", at("2026-03-18 17:30"))


def test_a_helping_unit_is_waited_for(resident, worker, clerk):
    case = make_case(by=resident)
    case = commands.accept(case=case, by=worker, at=MONDAY)
    helper = commands.ask_help(
        case=case, unit=Unit(STREET, "civil_affairs"), task="核实是否困难家庭", days=3,
        by=worker, at=MONDAY,
    )  # fmt: skip
    with pytest.raises(Exception, match="helping unit"):
        commands.reply(case=case, text="已经修好了。", by=worker, at=MONDAY)

    commands.answer_help(helper=helper, opinion="是低保家庭", by=clerk, at=MONDAY + DAY)
    case = commands.reply(case=case, text="已经修好了。", by=worker, at=MONDAY + DAY)

    assert case.state == "replied"
    helper.refresh_from_db()
    assert (helper.opinion, helper.ended_at) == ("是低保家庭", MONDAY + DAY)


def test_work_outside_the_two_lists_stays_with_the_street_and_the_clock_runs_on(resident, worker):
    case = make_case(by=resident)
    case = commands.accept(case=case, by=worker, at=MONDAY)
    due = case.promised_due_at

    case = commands.pass_up(case=case, reason="不在两份清单", by=worker, at=MONDAY + DAY)

    assert (case.lead_place, case.state, case.promised_due_at) == (STREET, "accepted", due)
    assert Duty.objects.get(closed_at=None).place == STREET


def test_finishing_a_step_brings_the_case_to_the_unit_of_the_next(city, worker, clerk, resident):
    make_item("visit", name="上门核实", steps=[
        {"name": "社区核实", "level": "community"},
        {"name": "街道确认", "level": "subdistrict", "department": "civil_affairs"},
    ])  # fmt: skip

    asked = ask("elderly-allowance")
    request = Request(
        item=Item.objects.get(code="visit"), place=GRID, name="张示例", phone=PHONE,
        answers=asked.answers,
    )  # fmt: skip
    case = commands.submit(request=request, submission=submission(), by=resident, at=MONDAY).case
    case = commands.accept(case=case, by=worker, at=MONDAY)
    assert (case.state, case.lead_place) == ("accepted", TIANAN)

    case = commands.finish_step(case=case, step=0, by=worker, at=MONDAY + DAY)

    assert (case.state, case.lead_place, case.steps_done) == ("handling", STREET, 1)


def test_a_bad_rating_opens_a_call_back_with_its_own_clock(resident, worker):
    case = answered(by=worker)
    case.applicant_id = resident.account_id
    case.save(update_fields=["applicant"])

    commands.rate(case=case, score=2, words="没修好", by=resident, at=MONDAY + DAY)

    duty = Duty.objects.get(closed_at=None)
    assert (duty.kind, duty.due_at) == ("cases.call_back", at("2026-03-04 17:30"))
    commands.call_back(case=case, text="已致歉并安排返修", by=worker, at=MONDAY + 2 * DAY)
    assert not Duty.objects.filter(closed_at=None).exists()


def test_not_solved_is_opened_again_with_the_clock_anew_and_rated_again(resident, worker):
    case = make_case(by=resident)
    case = commands.accept(case=case, by=worker, at=MONDAY)
    case = commands.reply(case=case, text="已经修好了。", by=worker, at=MONDAY + DAY)
    commands.rate(case=case, score=1, words="", by=resident, at=MONDAY + DAY)

    case = commands.reopen(case=case, reason="又坏了", by=resident, at=MONDAY + 2 * DAY)

    assert (case.state, case.promised_due_at) == ("handling", at("2026-03-18 17:30"))
    case = commands.reply(case=case, text="重新修好了。", by=worker, at=MONDAY + 3 * DAY)
    assert commands.rate(case=case, score=5, words="", by=resident, at=MONDAY + 4 * DAY).round == 2


def test_an_answer_nobody_objects_to_closes_by_itself(resident, worker):
    case = answered(by=worker)
    early = sweeping.close_answered(at=case.replied_at + 14 * DAY)
    late = sweeping.close_answered(at=case.replied_at + 15 * DAY + timedelta(minutes=1))

    case.refresh_from_db()
    assert (early, late, case.state) == (0, 1, "closed")


def test_silence_is_swept_into_acceptance(resident):
    case = make_case("elderly-allowance", by=resident)

    early = sweeping.accept_silent(at=at("2026-03-09 17:00"))
    late = sweeping.accept_silent(at=at("2026-03-09 17:31"))

    case.refresh_from_db()
    assert (early, late, case.state, case.deemed) == (0, 1, "handling", True)


def test_masked_values_are_shown_for_a_reason_and_that_is_recorded(resident, worker):
    case = make_case("elderly-allowance", by=resident)

    shown = commands.reveal(
        case=case, fields=["identity", "bank"], reason="核对身份", by=worker, at=MONDAY
    )

    assert shown == {"identity": IDENTITY, "bank": "6222000000000000004"}
    entry = journal.about(f"cases.Case:{case.pk}")[-1]
    assert (entry.verb, entry.data["fields"]) == ("cases.revealed", ["bank", "identity"])
    assert case.reveals.get().reason == "核对身份"
