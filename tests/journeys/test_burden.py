"""A burden office counts, loads and freezes a baseline, then cleans it with all five verbs."""

from datetime import date

import pytest

from shanzhi.burden import queries
from shanzhi.burden.models import Campaign, Demand

from .visitors import expect

pytestmark = pytest.mark.browser
HEAD = "类别,事项名称,发起部门,层级,涉及范围,周期,每次分钟,要求填报的字段\n"
LEDGERS = (
    "网格走访台账", "楼栋信息台账", "志愿活动台账", "河道巡查台账", "商户底数台账", "平安月报",
)  # fmt: skip
REGISTER = HEAD + "".join(
    f"台账资料,{title},城管,市级,常州市,每月,60,户数|常住人口\n" for title in LEDGERS
)
# Verb, demand, and what its form asks for beside the reason.
DECISIONS = (
    ("停", LEDGERS[0], {}),
    ("减", LEDGERS[1], {"times": "4"}),
    ("并", LEDGERS[2], {"heir": LEDGERS[5]}),
    ("转", LEDGERS[3], {"duty": "由水利部门自行巡查"}),
    ("限", LEDGERS[4], {"limits": "仅限沿街商户"}),
)


def test_from_the_launch_meeting_to_five_decisions(city, visitor, tmp_path):
    office = visitor(wide=True).signs_in_as("burden_office").open("/desk/burden/campaign/")
    office.press("开始新一轮清理").fill(title="台账专项清理", began_on=date.today().isoformat())
    office.fill(workers="9").page.locator("main form button").first.click()
    office.reads("台账专项清理", "正在录入")

    register = tmp_path / "register.csv"
    register.write_text(REGISTER, encoding="gb18030")
    office.page.locator("input[type=file]").set_input_files(register)
    office.press("导入").reads("已录入 6 项")
    for category in ("body", "venue", "target", "appraisal", "system", "certificate"):
        office.fill(**{category: "0"})
    office.fill(ledger="5").press("保存基数")
    freeze(office).reads("台账资料：基数为 5，登记事项为 6")
    office.open("/desk/burden/campaign/").fill(ledger="6").press("保存基数")
    freeze(office).reads("基数已冻结")
    campaign = Campaign.objects.get(title="台账专项清理")

    for verb, title, asked in DECISIONS:
        demand = Demand.objects.get(title=title, campaign=campaign)
        office.open(f"/desk/burden/demands/{demand.number}/").press(verb)
        if verb == "转":
            office.page.locator("[name=taken_by]").select_option("water")
        office.fill(reason="重复采集", decider="市社区减负工作联席会议", **asked)
        office.page.locator("main form button.act-primary").click()
        office.reads("已处置")
    states = dict(campaign.demands.values_list("title", "state"))
    assert [states[title] for title in LEDGERS] == [
        "stopped", "in_force", "merged", "transferred", "in_force", "in_force"]  # fmt: skip
    line = queries.account("3204", date.today()).total()
    assert line.adds_up
    office.open(f"/desk/burden/demands/?q={LEDGERS[4]}").reads(LEDGERS[4], "已限定")
    assert office.faults == []


def test_a_question_is_closed_again_by_escape(city, visitor):
    office = visitor(wide=True).signs_in_as("burden_office")
    page = office.open("/desk/burden/campaign/").page
    question = page.locator("details.confirm").first
    question.locator("summary").press("Enter")
    page.keyboard.press("Tab")
    expect(question.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).not_to_have_attribute("open", "")
    expect(question.locator("summary")).to_be_focused()
    assert office.faults == []


def freeze(office):
    office.page.locator("summary", has_text="冻结基数").click()
    office.page.locator("details[open] button").last.click()
    expect(office.main).to_be_visible()
    return office
