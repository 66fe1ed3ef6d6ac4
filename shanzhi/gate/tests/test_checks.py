"""What each check says of an application."""

from datetime import date

import pytest

from shanzhi.burden.models import ListEntry
from shanzhi.burden.tests import factories as burden

from .. import checks, commands, presenting
from ..kinds import Plan, Verdict
from ..queries.checking import known, plan_of
from . import factories as make
from .factories import CITY, DISTRICT, NOW, STREET

pytestmark = pytest.mark.usefixtures("city")
TODAY = NOW.date()


def said(application) -> dict[str, object]:
    plan = plan_of(application)
    return {each.key: each for each in checks.run(plan, known(plan, TODAY))}


def negative(**changed) -> ListEntry:
    entry = burden.edition(burden.NEGATIVE, "negative").entries.first()
    known_as = {"code": "7", "title": "市级部门不得要求社区报送纸质台账或周报。", "words": ["周报"],
                "categories": ["ledger"], "levels": ["city"], "verdict": "stop",
                "confirmed": True, "clause": "减负要求"}  # fmt: skip
    ListEntry.objects.filter(pk=entry.pk).update(**known_as | changed)
    entry.refresh_from_db()
    return entry


def test_a_complete_application_has_nothing_against_it():
    application = make.draft(
        title="社区消防通道普查", purpose="查明消防通道是否畅通", fields=["通道宽度"]
    )
    found = said(application)
    assert {"terms_right", "paid", "no_overlap", "fields_new", "load_light"} <= set(found)
    assert [key for key, each in found.items() if each.verdict == Verdict.STOP] == []


def test_the_negative_list_stops_by_word_category_and_level():
    negative()
    hit = said(make.draft())["on_list"]
    assert (hit.verdict, hit.values["code"], hit.values["word"]) == (Verdict.STOP, "7", "周报")
    assert "on_list" not in said(make.draft(category="target"))
    assert "on_list" not in said(make.draft(make.clerk(DISTRICT), scope=[DISTRICT]))
    assert "on_no_negative_list" in said(make.draft(title="垃圾分类月表", fields=["户数"]))


def test_an_entry_without_a_confirmed_clause_only_raises_a_doubt():
    negative(confirmed=False)
    assert said(make.draft())["on_list_unconfirmed"].verdict == Verdict.DOUBT


def test_an_entry_without_words_never_hits():
    negative(words=[])
    assert "on_no_negative_list" in said(make.draft())


def test_fields_on_file_are_named_with_where_they_stand():
    make.monthly()
    found = said(make.draft())["fields_known"]
    values = found.values
    assert (values["all"], values["known"]) == (8, 6)
    assert values["new"] == ["本周督导次数"]
    assert values["needless"] == ["现场照片"]
    assert values["sources"]["投放点位"] == "生活垃圾分类月报"
    assert found.verdict == Verdict.STOP


def test_overlaps_are_told_with_percentage_and_pairs():
    made = make.monthly()
    [row] = said(make.draft())["overlaps"].values["rows"]
    assert (row["demand"], row["title"], row["percent"]) == (made.pk, "生活垃圾分类月报", 88)
    assert ["户数", "户数"] in row["pairs"]
    assert row["same"]


def test_what_ended_overlaps_no_longer():
    made = make.monthly()
    assert "overlaps" in said(make.draft())
    burden.decide(made, "stop")
    assert "no_overlap" in said(make.draft())


@pytest.mark.parametrize(
    ("changed", "key", "verdict"),
    [
        ({"basis": ""}, "no_basis", "stop"),
        ({"basis": "上级要求"}, "basis_unclear", "doubt"),
        ({"ends_on": None}, "no_end", "stop"),
        ({"ends_on": date(2031, 1, 1)}, "long_time", "doubt"),
        ({"starts_on": None}, "no_start", "stop"),
        ({"starts_on": date(2026, 6, 8)}, "too_soon", "stop"),
        ({"money": 0, "payer": None}, "no_money", "stop"),
        ({"payer": None}, "no_payer", "stop"),
        ({"minutes": 60_000}, "load_heavy", "doubt"),
    ],
)
def test_what_is_missing_or_too_much_is_said(changed, key, verdict):
    assert said(make.draft(**changed))[key].verdict == verdict


def test_lead_is_counted_in_working_days():
    found = said(make.draft(starts_on=date(2026, 6, 8)))["too_soon"]
    assert (found.values["days"], found.values["least"]) == (5, 30)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"medium": "paper"}, "city_paper_ledger"),
        ({"medium": "both"}, "city_paper_ledger"),
        ({"category": "appraisal"}, "city_appraisal"),
        ({"purpose": "实行一票否决"}, "veto"),
    ],
)
def test_what_is_cancelled_by_rule_stops(changed, key):
    assert said(make.draft(**changed))[key].verdict == Verdict.STOP


def test_paper_ledgers_of_a_district_are_not_cancelled_by_this_rule():
    clerk = make.clerk(DISTRICT)
    assert "city_paper_ledger" not in said(make.draft(clerk, scope=[DISTRICT], medium="paper"))


def test_a_second_assessment_is_stopped():
    make.monthly(category="assessment", title="年度综合考核")
    found = said(make.draft(category="assessment", title="环境卫生考核"))
    assert found["second_assessment"].verdict == Verdict.STOP


def test_a_demand_applied_for_in_parts_is_noticed():
    make.draft(title="垃圾分类统计表（一）", fields=["户数"], minutes=20)
    found = said(make.draft(title="垃圾分类统计表（二）", fields=["桶数"], minutes=20))["split"]
    assert found.values["hours"] == round(2 * 52 * 20 / 60, 1)
    other = make.draft(make.clerk(STREET), title="垃圾分类统计表（三）", scope=[STREET])
    assert "split" not in said(other)


SPLITS = {
    "by table": ("小区环境整治统计表（一）", "小区环境整治统计表（二）"),
    "by half-year": ("上半年独居老人走访登记表", "下半年独居老人走访登记表"),
    "by street": ("三井街道出租房屋核查表", "龙虎塘街道出租房屋核查表"),
    "by group": ("独居老人走访登记", "空巢老人走访登记"),
    "by month": ("3月份消防隐患排查台账", "4月份消防隐患排查台账"),
}


@pytest.mark.parametrize("titles", SPLITS.values(), ids=SPLITS)
def test_the_ways_in_which_one_table_is_split_are_noticed(titles):
    first, second = titles
    make.draft(title=first, fields=["户数"], minutes=20)
    found = said(make.draft(title=second, fields=["人数"], minutes=20))["split"]
    assert first in found.values["parts"][0]


def test_one_table_split_by_its_fields_is_noticed_under_any_title():
    make.draft(title="居民信息核对", fields=[*make.KNOWN, "楼栋号"])
    assert "split" in said(make.draft(title="楼栋长工作手册", fields=[*make.KNOWN, "单元号"]))


@pytest.mark.parametrize("titles", [("独居老人走访登记", "沿街店铺门前卫生检查"),
                                    ("消防通道普查", "社区图书室借阅统计")])  # fmt: skip
def test_what_only_comes_from_the_same_unit_is_no_split(titles):
    first, second = titles
    make.draft(title=first, fields=["户数"])
    assert "split" not in said(make.draft(title=second, fields=["人数"]))


DAILY = {"cycle": "daily", "times": 250, "minutes": 30, "staff": 9}  # 93.75 hours a month
UNLIKE = ("独居老人每日问候", "消防通道巡查", "垃圾投放点核对", "出租房屋登记", "门前三包检查")


def test_a_load_split_into_unlike_parts_is_told_together():
    """Each of them is light, nothing is in force, and no title or field is like another."""
    for number, title in enumerate(UNLIKE, 1):
        found = said(make.draft(title=title, fields=[f"甲{number}"], **DAILY))
        assert "load_light" in found and "split" not in found
    sixth = make.draft(title="电动车充电设施排查", fields=["己"], **DAILY)
    found = said(sixth)["load_split"]
    assert found.verdict == Verdict.DOUBT
    assert (found.values["then"], found.values["together"]) == (93.8, 562.5)
    assert (found.values["share"], found.values["whole"], found.values["limit"]) == (6, 36, 33)
    assert len(found.values["parts"]) == 5

    line = next(each for each in presenting.findings([found]))
    assert "Alone it stays below the limit: 93.8 hours, 6%" in line["text"]
    assert "独居老人每日问候" in line["text"]


def test_parts_elsewhere_decided_or_of_others_do_not_count():
    for title in UNLIKE:
        make.draft(make.clerk(CITY, "civil_affairs"), title=title, fields=[title], **DAILY)
        make.draft(title=title, fields=[title], scope=["320411003"], **DAILY)
        withdrawn = make.draft(title=title, fields=[title], **DAILY)
        commands.withdraw(application=withdrawn, by=make.clerk(), at=NOW)
    found = said(make.draft(title="电动车充电设施排查", fields=["己"], scope=[STREET], **DAILY))
    assert "load_light" in found


def test_the_load_counts_demands_in_force_in_its_communities():
    before = said(make.draft())["load_light"].values
    make.monthly(times=12, minutes=600)
    after = said(make.draft())["load_light"].values
    assert round(after["now"] - before["now"], 1) == 10.0
    assert round(after["then"] - after["now"], 1) == round(52 * 40 / 60 / 12, 1)


def test_a_renewal_does_not_overlap_with_what_it_renews():
    made = make.monthly()
    found = said(make.draft(renews_id=made.pk))
    assert "no_overlap" in found


def test_nothing_typed_yet_is_no_fault():
    plan = Plan(place=CITY, level="city")
    keys = {each.key for each in checks.run(plan, known(plan, TODAY))}
    assert keys == {"no_basis", "no_end", "no_start", "no_money"}
