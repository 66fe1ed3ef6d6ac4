"""A department applies for a weekly report, the checks say what they know, the meeting merges it; a
community returns what is on no list."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from shanzhi.burden.models import Demand
from shanzhi.gate import commands
from shanzhi.gate import demo as gate
from shanzhi.gate.models import Application, Return
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Account

from .visitors import expect

pytestmark = pytest.mark.browser
COMMUNITY = "320411002018"
TITLE = "垃圾分类周报表（街巷）"


def filled(clerk):
    """The weekly report of the demonstration, typed by hand: 20 fields and no payer."""
    start = date.today() + timedelta(days=90)
    clerk.acts_as("常州市城市管理局").open("/desk/gate/").press("新申请")
    page = clerk.page
    page.locator("[name=category]").select_option("ledger")
    page.locator("[name=cycle]").select_option("weekly")
    page.locator("[name=medium]").select_option("electronic")
    clerk.fill(
        title=TITLE, purpose="每周掌握各小区垃圾分类投放情况", basis="《江苏省生活垃圾管理条例》",
        scope="常州市", minutes="40", alternatives="月报不能按周调度",
        starts_on=start.isoformat(), ends_on=(start + timedelta(days=200)).isoformat(),
    )  # fmt: skip
    page.locator("[name=fields_asked]").press_sequentially("\n".join(gate.WEEKLY), delay=0)
    return page.locator("#checked")


def test_a_weekly_report_is_checked_heard_and_merged(city, visitor):
    clerk = visitor(wide=True).signs_in_as("department_clerk")
    said = filled(clerk)
    for words in ("36,365", "负面清单第 7 条", "市级部门不得要求社区报送纸质台账或周报。",
                  "20 个字段中 18 个已在档案", "新增：“本周督导次数”", "非必要采集：“现场照片”",
                  "“生活垃圾分类月报”重叠 95%", "“环境整治台账”重叠 60%", "未写明经费",
                  "1,049 小时", "仅 1 个新增字段"):  # fmt: skip
        expect(said).to_contain_text(words)
    clerk.press("保存并提交").reads("形式审查", "已提交，编号")
    application = Application.objects.get(title=TITLE)
    url = f"/desk/gate/{application.number}/"

    office = visitor(wide=True).signs_in_as("burden_office").open(url)
    office.page.locator("summary", has_text="转社区听证").click()
    office.press("转社区听证").reads("抽样 12 个社区 · 0 个已回复")
    everybody_objects(application)

    office.open(url).press("录入联席会议决定")
    office.choose("choice", "merge").fill(
        reason="并入月报，增加一栏", minutes_number="联席〔2026〕20号"
    )
    expect(office.page.locator("[name=added]")).to_have_value("5")
    for number, tap in enumerate(("merge", "merge", "merge", "absent", "pays")):
        office.page.locator(f"[name=seat-{number}-choice][value={tap}]").check()
    expect(office.page.locator("[name=seat-5-choice][value=applied]")).to_be_checked()
    office.press("保存决定").reads("已并入", "生活垃圾分类月报", "新增字段：本周督导次数")
    monthly = Demand.objects.get(title="生活垃圾分类月报")
    assert monthly.fields.filter(name="本周督导次数").exists()
    assert office.faults == clerk.faults == []


def everybody_objects(application):
    """By the desks of the twelve communities, whose workers are not part of the demonstration."""
    account = Account.objects.get(username="demo-community_worker").pk
    for opinion in application.opinions.order_by("pk"):
        commands.give_opinion(
            opinion=opinion, answer="against", text="系统里都有", minutes=45, at=timezone.now(),
            by=Actor(account, role="community_worker", place=opinion.community),
        )  # fmt: skip


def test_what_is_on_no_list_goes_back_in_three_taps(city, visitor):
    worker = (
        visitor().signs_in_as("community_worker").open("/desk/returns/").press("不在清单，退回")
    )
    worker.page.locator("[name=department]").select_option("commerce")
    worker.choose("level", "city").choose("way", "message")
    worker.fill(what="工作群要求上报招商引资线索").press("退回", nth=-1)
    expect(worker.page.locator("#main")).to_contain_text("负面清单第 2 条")
    expect(worker.page.locator("#main")).to_contain_text("常州市商务局")
    assert Return.objects.filter(community=COMMUNITY, department="commerce").count() == 1

    office = visitor(wide=True).signs_in_as("burden_office").open("/desk/returns/")
    office.reads("常州市商务局", "工作群要求上报招商引资线索", "天安社区")
    assert worker.faults == office.faults == []
