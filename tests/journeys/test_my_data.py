"""A resident and their own data: prove who one is, correct a number, see who read it, a copy."""

import pytest

from shanzhi.people.models import Notice
from shanzhi.registry.models import Binding, ChangeRequest, Person

from .city import catch_up
from .visitors import Visitor, expect

pytestmark = pytest.mark.browser


def card_of(visitor: Visitor, title: str):
    return visitor.page.locator("dl.facts > div", has_text=title).first


def test_a_resident_corrects_the_own_phone_number_and_sees_who_read_it(city, visitor):
    catch_up()  # a new follower begins with the next entry
    resident = visitor().signs_in_as("resident").open("/me/").press("我的数据")
    resident.reads("张演示", "13800000001", "社区采集", "32****************")
    card_of(resident, "联系电话").get_by_role("link", name="内容有误").click()
    resident.fill(value="13800000081", reason="号码已经停用，换了新号。").press("提交")
    resident.reads("已提交，10 个工作日内答复。", "更正：联系电话", "核实中", "三井街道民政办")
    resident.open("/me/data/")
    expect(card_of(resident, "联系电话")).to_contain_text("有异议")

    clerk = visitor(wide=True).signs_in_as("department_clerk").open("/desk/")
    clerk.page.locator("main a", has_text="更正：联系电话").first.click()
    clerk.reads("张演示", "13800000001", "13800000081", "号码已经停用，换了新号。")
    clerk.fill(answer="已电话核实。").press("予以更正").reads("已决定，将通知居民。")

    change = ChangeRequest.objects.get()
    assert (change.state, change.place, change.department) == (
        "accepted", "320411002", "civil_affairs",
    )  # fmt: skip
    assert Person.objects.get(pk=change.person_id).phone == "13800000081"
    catch_up()
    assert Notice.objects.filter(text="registry.correction_accepted").count() == 1
    resident.open("/me/data/requests/").reads("已更正", "已电话核实。")
    resident.open("/me/data/").reads("13800000081", "居民本人")
    expect(card_of(resident, "联系电话")).not_to_contain_text("有异议")
    expect(resident.main).not_to_contain_text("13800000001")
    resident.page.locator("main a", has_text="谁看过我的数据").click()
    resident.reads("三井街道民政办", "核实本人提出的更正申请", "联系电话")
    expect(resident.main).not_to_contain_text("赵演示")
    assert resident.faults + clerk.faults == []


def test_at_the_counter_a_phone_becomes_a_person(city, visitor):
    guest = visitor().signs_in_by_phone("13800000062").open("/me/data/")
    guest.reads("单凭手机号不能查看任何人的数据").press("显示核验码")
    code = guest.page.locator(".number-big b").inner_text().replace(" ", "")

    worker = visitor(wide=True).signs_in_as("community_worker").open("/desk/registry/bindings/")
    worker.page.locator("main input[name=q]").fill("李演示")
    worker.page.locator("main form[role=search] button").click()
    worker.page.locator("main a", has_text="李演示").click()
    worker.fill(digits=code).press("绑定").reads("已绑定。", "窗口核验")

    guest.open("/me/data/").reads("李演示", "13800000002")
    guest.open("/apply/elderly-allowance/").reads("李演示").open("/me/data/copy/")
    with guest.page.expect_download() as told:  # the code of signing in was typed just now
        guest.press("PDF，便于阅读和打印")
    assert told.value.suggested_filename.endswith(".pdf")
    assert told.value.path().read_bytes()[:5] == b"%PDF-"
    assert Binding.objects.filter(person__name="李演示", ended_at=None).count() == 1
    assert guest.faults + worker.faults == []


def test_by_the_identity_service_and_without_javascript(city, visitor):
    guest = visitor(java_script_enabled=False).signs_in_by_phone("13800000063")
    guest.open("/me/data/bind/").press("身份认证服务（演示）").reads("此页模拟省级统一身份认证")
    guest.press("我是李演示").reads("身份已核验。", "李演示")
