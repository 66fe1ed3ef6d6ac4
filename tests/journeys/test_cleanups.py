"""A plaque that nobody owns comes down; a system is led into another and its closing announced."""

import pytest

from shanzhi.burden.models import Plaque

from .visitors import expect

pytestmark = pytest.mark.browser
TIANAN = "/desk/burden/wall/?place=320411002018"


def test_a_community_records_a_plaque_and_takes_it_down(city, visitor):
    worker = visitor(wide=True).signs_in_as("community_worker").open(TIANAN)
    worker.reads("天安社区牌匾", "超过上限").press("补登牌匾")
    worker.fill(text="无人认领的牌子").press("保存").reads("已登记：无人认领的牌子")
    plaque = Plaque.objects.get(text="无人认领的牌子")

    worker.open(f"/desk/burden/wall/{plaque.pk}/").reads("归属不明", "不在清单，退回")
    worker.page.get_by_label("摘除", exact=True).check()
    worker.fill(reason="没有单位认领").press("保存决定")
    worker.open(f"/desk/burden/wall/{plaque.pk}/").fill(evidence="移交清单第4号").press("已摘除")
    row = worker.page.locator("tr", has_text="无人认领的牌子")
    expect(row).to_contain_text("已摘除")

    office = visitor(wide=True).signs_in_as("burden_office").open("/desk/burden/four/")
    office.reads("把门", "清墙", "规账", "整网")
    assert worker.faults + office.faults == []


def test_a_closing_is_announced_and_read_without_signing_in(city, visitor):
    office = visitor(wide=True).signs_in_as("burden_office").open("/desk/burden/systems/")
    office.press("矛盾纠纷调解信息系统").reads("综治信息系统", "登录情况")
    office.press("公告草稿").reads("草稿，尚未公告", "调解卷宗导入综治信息系统")
    office.page.go_back()
    office.page.locator("summary", has_text="发布公告").click()
    office.page.locator(".confirm-box button").click()
    office.reads("公告已发布")

    guest = visitor().open("/closings/").reads("即将关停", "矛盾纠纷调解信息系统")
    assert office.faults + guest.faults == []
