"""A resident of 天安社区 with a phone: whom to call, apply, report, read the answer, rate it."""

import re

import pytest

from shanzhi.cases.models import Case
from shanzhi.files.models import File
from shanzhi.files.tests.factories import jpeg
from shanzhi.journal.queries import about
from shanzhi.people.models import Notice

from .city import catch_up
from .visitors import Visitor, expect

pytestmark = pytest.mark.browser

ANSWERS = {
    "identity": "320499194503150016",
    "address": "天安别墅12幢301室",
    "bank": "6222000000000000004",
}
MASKED = ANSWERS | {"identity": "32****************", "bank": "***************0004"}
GRANTED = "符合条件，从下月起按月发放到您提供的银行账号。"


def apply_for_allowance(resident: Visitor, shown: dict[str, str]) -> str:
    """Three screens, nothing typed and no paper: the registry has it all. The receipt's number."""
    resident.open("/serve/elderly-allowance/").press("立即办理")
    resident.reads("第 1 步（共 3 步）：填写", "三井街道 天安社区", "老人的身份证号码")
    resident.reads(*shown.values(), "来自居民档案：社区采集")
    for name in ANSWERS:
        expect(resident.page.locator(f"[name={name}]")).to_have_count(0)
    expect(resident.page.locator("input[type=file]")).to_have_count(0)
    resident.press("下一步：核对")
    resident.reads("第 2 步（共 3 步）：核对", *shown.values()).press("提交")
    resident.reads("第 3 步（共 3 步）：回执", "天安社区将在 5 个工作日内告知是否受理。")
    number = re.fullmatch(r"/receipt/(\d{12})/", resident.path)[1]
    resident.reads(f"{number[:4]} {number[4:8]} {number[8:]}")
    return number


def verbs(case: Case) -> list[str]:
    return [entry.verb for entry in about(f"cases.Case:{case.pk}")]


def test_a_resident_finds_whom_to_call_applies_and_rates_the_answer(city, visitor):
    resident = visitor().signs_in_by_phone("13800000001")
    expect(resident.page.get_by_role("heading", level=1)).to_have_text("天安社区")
    call = resident.page.get_by_role("link", name="拨打网格长电话")
    expect(call).to_have_attribute("href", "tel:051988000011")

    number = apply_for_allowance(resident, ANSWERS)  # just signed in by a code of the phone
    case = Case.objects.get(number=number)
    assert (case.state, case.lead_place, case.channel) == ("submitted", "320411002018", "phone")

    worker = visitor(wide=True).signs_in_as("community_worker")
    worker.open(f"/desk/cases/{number}/").reads("待受理", "32****************", "138****0001")
    worker.press("受理").reads("受理后开始计时，并告知申请人。").press("受理")
    worker.reads("已受理，开始计时。", "办理中")
    case.refresh_from_db()
    assert (case.lead_place, case.lead_department) == ("320411002", "civil_affairs")

    clerk = visitor(wide=True).signs_in_as("department_clerk")
    expect(clerk.page.locator(".whereabouts")).to_contain_text("三井街道民政办")
    clerk.open(f"/desk/cases/{number}/").press("决定并答复")
    clerk.choose("decision", "granted").fill(text=GRANTED).press("决定并答复")
    clerk.reads("已作出决定并答复。", GRANTED)

    catch_up()
    resident.open("/notices/").reads("未读", "已受理", "已答复")
    resident.page.locator("#main a[href^='/notices/']", has_text="已答复").first.click()
    assert resident.path == f"/mine/{number}/"
    resident.reads("准予", GRANTED, "您对办理结果满意吗？").choose("score", "5")
    resident.fill(words="很快，谢谢。").press("提交评价").reads("感谢您的评价。", "非常满意")

    case.refresh_from_db()
    assert (case.state, case.decision) == ("replied", "granted")
    assert [(each.score, each.words) for each in case.ratings.all()] == [(5, "很快，谢谢。")]
    assert Notice.objects.filter(account=case.applicant_id, values__number=number).count() == 3
    assert verbs(case) == [
        "cases.submitted", "cases.accepted", "cases.decided", "cases.replied", "cases.rated",
    ]  # fmt: skip
    assert resident.faults + worker.faults + clerk.faults == []


def test_a_broken_door_is_reported_with_a_photo_passed_on_answered_and_closed(city, visitor):
    resident = visitor().signs_in_as("resident")
    resident.open("/apply/security-door/").fill(
        what="12幢2单元楼道防盗门损坏，关不上。", address="天安别墅12幢2单元"
    )
    resident.choose("managed", "有物业")
    photo = {"name": "门.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    resident.page.locator("input[type=file]").set_input_files(photo)
    expect(resident.page.locator(".upload")).to_contain_text("门.jpg")
    resident.press("下一步：核对").reads("楼道防盗门损坏", "1 个文件").press("提交")
    number = re.search(r"\d{12}", resident.path)[0]
    case = Case.objects.get(number=number)
    assert File.objects.filter(owner=f"cases.Case:{case.pk}").count() == 1

    worker = visitor(wide=True).signs_in_as("community_worker").open(f"/desk/cases/{number}/")
    expect(worker.main.locator("a[href^='/files/'] img")).to_be_visible()
    worker.press("受理").press("受理").reads("已受理，开始计时。").press("转办")
    worker.page.locator("[name=unit]").select_option("320411002/urban_management")
    worker.fill(reason="需要专业队伍处理").press("转办").reads("已转办，时限连续计算。")

    clerk = visitor(wide=True).signs_in_as("department_clerk").acts_as("三井街道城管办")
    clerk.open(f"/desk/cases/{number}/").press("答复")
    clerk.fill(text="闭门器已经换新，门可以关上了。").press("答复").reads("已答复。")
    clerk.press("办结").press("办结").reads("已办结。")

    resident.open(f"/mine/{number}/").reads("闭门器已经换新，门可以关上了。")
    steps = resident.page.locator(".timeline li b").all_inner_texts()
    assert steps == [
        "已办结",
        "三井街道城管办已答复",
        "转办至三井街道城管办",
        "天安社区已受理",
        "已收件",
    ]
    case.refresh_from_db()
    assert case.state == "closed"
    assert resident.faults + worker.faults + clerk.faults == []


def test_whom_nobody_has_proved_types_the_same_form(city, visitor):
    guest = visitor().signs_in_by_phone("13800000061").open("/apply/elderly-allowance/")
    guest.fill(name="杨示例", where="天安社区", **ANSWERS).press("搜索")
    guest.press("下一步：核对").reads(*ANSWERS.values()).press("提交").reads("受理编号")
    case = Case.objects.get(number=re.search(r"\d{12}", guest.path)[0])
    assert (case.identity, case.fillings.count()) == (ANSWERS["identity"], 0)
    assert guest.faults == []


def test_without_javascript_one_applies_just_the_same(city, visitor):
    resident = visitor(java_script_enabled=False).signs_in_as("resident")

    number = apply_for_allowance(resident, MASKED)

    case = Case.objects.get(number=number)
    assert (case.state, case.identity, case.sealed["bank"]) == (
        "submitted", ANSWERS["identity"], ANSWERS["bank"],
    )  # fmt: skip
