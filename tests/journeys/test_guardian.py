"""Those who speak for somebody else: a mother for her child until it is of age, and a neighbour
whom an old man names for a year."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate, make_aware

from shanzhi.kernel import identifiers
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Account
from shanzhi.registry import commands, queries
from shanzhi.registry.models import Binding, ChangeRequest, Person

from .city import catch_up
from .visitors import Visitor, expect

pytestmark = pytest.mark.browser

MOTHER, NEIGHBOUR = "13800000068", "13800000069"  # nobody else asks for a code by them


def number(birth: date) -> str:
    first = f"320499{birth:%Y%m%d}908"
    return first + identifiers.check_digit(first)


@pytest.fixture
def child(city):
    """Lives in the worker's community and is of age in two days."""
    today = localdate(timezone.now())
    birth = queries.years_after(today + timedelta(days=2), -18)
    home = Person.objects.get(pk=queries.holders_of("320499194503150016")[0])
    return commands.add_person(
        values={"name": "周示童", "sex": "2", "identity": number(birth), "phone": "13800000066"},
        presences=[commands.NewPresence(kind=2, place=queries.places_of(home)[0])],
        source=queries.source("community"), by=SYSTEM, at=timezone.now(),
    )  # fmt: skip


def shows_a_code(phone: Visitor) -> str:
    phone.open("/me/data/bind/").press("显示核验码")
    return phone.page.locator(".number-big b").inner_text().replace(" ", "")


def finds(worker: Visitor, name: str) -> Visitor:
    worker.open("/desk/registry/bindings/")
    worker.page.locator("main input[name=q]").fill(name)
    worker.page.locator("main form[role=search] button").click()
    worker.page.locator("main a", has_text=name).first.click()
    return worker


def night(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(0, 20)))


def test_a_mother_speaks_for_her_child_until_it_is_of_age(city, visitor, child):
    catch_up()
    mother = visitor().signs_in_by_phone(MOTHER)
    worker = finds(visitor(wide=True).signs_in_as("community_worker"), "周示童")
    worker.choose("relation", "guardian").fill(
        digits=shows_a_code(mother), proof="居民身份证、户口簿"
    ).press("绑定").reads("已绑定。", "监护人", "窗口核验")

    mother.open("/me/data/").reads("您正在以监护人身份查看 周示童 的数据。", "13800000066")
    row = mother.page.locator("dl.facts > div", has_text="联系电话").first
    row.get_by_role("link", name="内容有误").click()
    mother.fill(value="13800000067", reason="孩子换了号码。").press("提交")
    mother.reads("已提交，10 个工作日内答复。", "更正：联系电话", "核实中")

    clerk = visitor(wide=True).signs_in_as("department_clerk").open("/desk/registry/corrections/")
    clerk.page.locator("main a.row-link", has_text="联系电话").first.click()
    clerk.reads("周示童", "提出人", "监护人：", "13800000066", "13800000067", "孩子换了号码。")
    clerk.fill(answer="已电话核实。").press("予以更正").reads("已决定，将通知居民。")
    assert ChangeRequest.objects.get(person=child).state == "accepted"

    catch_up()
    mother.open("/notices/").reads("已更正")
    mother.open("/me/data/").reads("13800000067")
    mother.open("/me/data/readers/").reads("三井街道民政办", "核实本人提出的更正申请", "监护人查看")

    of_age = Binding.objects.get(person=child).until
    commands.end_bindings_outlived(by=SYSTEM, at=night(of_age))
    catch_up()
    mother.open("/notices/").reads("孩子已成年", "监护人绑定已结束。")
    mother.open("/me/data/").reads("孩子已成年")
    expect(mother.main).not_to_contain_text("周示童")
    assert mother.faults + worker.faults + clerk.faults == []


def test_a_neighbour_is_named_for_a_year_and_told_before_it_is_over(city, visitor):
    neighbour = visitor().signs_in_by_phone(NEIGHBOUR)
    worker = finds(visitor(wide=True).signs_in_as("community_worker"), "张演示")
    worker.choose("relation", "proxy").choose("scope", "read").fill(
        digits=shows_a_code(neighbour), proof="双方居民身份证"
    ).press("绑定").reads("已绑定。", "代办人", "查看数据")

    neighbour.open("/me/data/").reads("您正在以代办人身份查看 张演示 的数据。")
    expect(neighbour.page.get_by_role("link", name="内容有误")).to_have_count(0)
    visitor().signs_in_as("resident").open("/me/data/people/").reads("代办人", "查看数据")

    binding = Binding.objects.get(relation="proxy")
    last = binding.last_day
    commands.tell_of_ends_to_come(by=SYSTEM, at=night(binding.until - timedelta(days=30)))
    catch_up()
    neighbour.open("/notices/").reads(
        "代办即将到期", f"{last.year}年{last.month}月{last.day}日", "重新指定"
    )
    neighbour.page.locator("#main a[href^='/notices/']", has_text="代办即将到期").click()
    neighbour.reads("张演示", str(last.year))

    commands.end_bindings_outlived(by=SYSTEM, at=night(binding.until))
    catch_up()
    neighbour.open("/notices/").reads("绑定已到期")
    neighbour.open("/me/data/").reads("到期")
    expect(neighbour.main).not_to_contain_text("张演示")
    assert Account.objects.get(pk=binding.account_id).is_active
    assert neighbour.faults + worker.faults == []
