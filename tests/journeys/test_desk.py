"""At the desk: typing for a resident who has no phone, and working by the keyboard alone."""

import re

import pytest
from allauth.mfa.totp.internal.auth import TOTP

from shanzhi.cases.models import Case
from shanzhi.cases.tests import factories as cases
from shanzhi.people.tests import factories as people
from shanzhi.shell.demo.people import GRID
from shanzhi.work.models import Duty

from ..world import SECRET
from .test_resident import ANSWERS, GRANTED, verbs
from .visitors import Visitor, digits, expect

pytestmark = pytest.mark.browser


def test_a_worker_types_for_a_resident_without_a_phone_who_follows_it_by_the_receipt(city, visitor):
    worker = visitor(wide=True).signs_in_as("community_worker")
    worker.open("/desk/cases/new/").page.locator("main a", has_text="高龄津贴申请").click()
    worker.fill(name="王示例", **ANSWERS).press("下一步：核对").press("提交").reads("提交成功")
    number = re.search(r"\d{12}", worker.path)[0]
    code = worker.page.locator(".number-big b").nth(1).inner_text()
    assert re.fullmatch(r"\d{6}", code)
    worker.press("打印回执")
    expect(worker.page.get_by_role("heading", level=1)).to_have_text("回执")
    spoken = f"{number[:4]} {number[4:8]} {number[8:]}"
    worker.reads(spoken, code, "高龄津贴申请", "王**", "天安社区")
    expect(worker.page.get_by_role("button", name="打印")).to_be_visible()

    case = Case.objects.get(number=number)
    assert (case.applicant_id, case.phone, case.channel) == (None, None, "counter")
    worker.open(f"/desk/cases/{number}/").press("受理").press("受理").reads("已受理，开始计时。")
    clerk = visitor(wide=True).signs_in_as("department_clerk").open(f"/desk/cases/{number}/")
    clerk.press("决定并答复").choose("decision", "granted").fill(text=GRANTED)
    clerk.press("决定并答复").reads("已作出决定并答复。")

    resident = visitor().open("/progress/").fill(number=spoken, code="000000").press("查询进度")
    resident.reads("受理编号或查询码不正确。")
    resident.fill(number=spoken, code=code).press("查询进度")
    resident.reads("高龄津贴申请", "已答复", spoken)
    assert "王示例" not in resident.page.content()
    resident.choose("score", "4").press("提交评价").reads("感谢您的评价。")
    case.refresh_from_db()
    assert [each.score for each in case.ratings.all()] == [4]
    assert verbs(case)[-1] == "cases.rated"
    assert resident.faults + worker.faults + clerk.faults == []


# --- the keyboard ---------------------------------------------------------------------------------


@pytest.fixture
def newcomer(city):
    """Of the community, with a password and an authenticator."""
    post = people.post(
        "community_worker", "320411002018", account=people.staff("ding.ding", "丁演示")
    )
    TOTP.activate(post.account, SECRET)
    return post


def tab_to(visitor: Visitor, selector: str, most: int = 60) -> None:
    """Press Tab until it has the focus, which must be seen."""
    for _n in range(most):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("css => document.activeElement.matches(css)", selector):
            assert visitor.page.evaluate(SEEN), f"the focus on {selector} is not seen"
            return
    raise AssertionError(f"Tab does not come to {selector}")


SEEN = """() => {
    const style = getComputedStyle(document.activeElement);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    return drawn || style.boxShadow !== "none";
}"""


def test_the_keyboard_alone_signs_in_and_accepts_the_first_duty(city, newcomer, visitor):
    case = cases.make_case("open-report", place=GRID)
    duty = Duty.objects.get(about=f"cases.Case:{case.pk}", kind="cases.accept")
    clerk = visitor(wide=True).open("/staff/sign-in/")
    keyboard = clerk.page.keyboard
    tab_to(clerk, "[name=login]")
    keyboard.type("ding.ding")
    tab_to(clerk, "[name=password]")
    keyboard.type(people.PASSWORD)
    keyboard.press("Enter")
    clerk.page.wait_for_url("**/me/security/authenticate/*")
    if not clerk.page.evaluate("document.activeElement.matches('[name=code]')"):
        tab_to(clerk, "[name=code]")
    keyboard.type(digits(SECRET))
    keyboard.press("Enter")
    clerk.page.wait_for_url("**/desk/")

    keyboard.press("/")
    expect(clerk.page.locator(".find input")).to_be_focused()
    first = clerk.page.locator("a.row-link").first.get_attribute("href")
    assert first == duty.link
    tab_to(clerk, "a.row-link")
    keyboard.press("Enter")
    clerk.page.wait_for_url(f"**{first}")
    tab_to(clerk, "a.act-primary[href$='/accept/']")
    keyboard.press("Enter")
    clerk.page.wait_for_url("**/accept/")
    tab_to(clerk, "main form button.act-primary")
    keyboard.press("Enter")

    clerk.reads("已受理，开始计时。")
    case.refresh_from_db()
    assert case.state in ("accepted", "handling")
    assert clerk.faults == []
