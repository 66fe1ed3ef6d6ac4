"""A certificate on the ban list ends in the way out; one that may be issued can be verified."""

import re

import pytest

from shanzhi.certificates.models import Application, Certificate, Refusal
from shanzhi.people.models import Account, Notice
from shanzhi.registry.models import Person

from .city import catch_up
from .visitors import expect

pytestmark = pytest.mark.browser


def looks_for(visitor, text):
    """In the page's own search, not in that of the frame."""
    visitor.page.locator("main input[name=q]").fill(text)
    visitor.page.locator("main form[role=search] button").click()


def test_a_certificate_on_the_ban_list_is_refused_with_the_way_out(city, visitor):
    worker = visitor(wide=True).signs_in_as("community_worker").open("/desk/certificates/")
    looks_for(worker, "收入证明")
    worker.press("居民财产证明").reads(
        "社区不出具这项证明", "不动产登记机构、银行", "民发〔2020〕20号"
    )
    worker.press("不予出具，打印告知单").fill(unit="示例信托公司", purpose="个人贷款")
    worker.press("登记并生成告知单").reads("示例信托公司", "家庭经济状况告知承诺书")
    refusal = Refusal.objects.get(unit__name="示例信托公司")
    worker.press("打印告知单").reads("示例信托公司", refusal.number, "我社区不予出具")

    office = visitor(wide=True).signs_in_as("burden_office").open("/desk/certificates/report/")
    row = office.page.locator("tr", has_text="示例信托公司")
    expect(row).to_contain_text("居民财产证明 1")

    resident = visitor().open("/serve/").press("盖章证明").reads("这些证明不用到社区开")
    assert worker.faults + office.faults + resident.faults == []


def test_one_is_issued_verified_and_revoked(city, visitor):
    person = Person.objects.get(name="张演示")
    worker = visitor(wide=True).signs_in_as("community_worker").open("/desk/certificates/?q=居住")
    worker.press("居住情况证明").press("选择居民")
    looks_for(worker, "张演示")
    worker.page.locator(".picks a", has_text="张演示").click()
    worker.reads("张演示的档案记载", "与档案一致", "天安别墅")
    worker.fill(unit="示例小学", purpose="孙辈入学").press("提交书记用印").reads("待用印")
    certificate = Certificate.objects.get(person=person.pk, unit__name="示例小学")

    secretary = visitor(wide=True).signs_in_as("community_secretary").open("/desk/")
    secretary.open(f"/desk/certificates/register/{certificate.pk}/").press("同意并用印")
    secretary.reads("已用印", "演示，无法律效力")
    certificate.refresh_from_db()
    sealer = Account.objects.get(username="demo-community_secretary")
    assert (certificate.state, certificate.sealed_by) == ("sealed", sealer.pk)
    paper = worker.page.request.get(f"/desk/certificates/register/{certificate.pk}/pdf/")
    assert paper.body().startswith(b"%PDF-")

    guest = visitor().open(f"/c/{certificate.token}/")
    guest.reads("该证明真实有效。", certificate.number, "天安社区居委会", "张**")
    expect(guest.main).not_to_contain_text(re.compile("张演示|居住情况|天安别墅|孙辈|示例小学"))
    secretary.fill(reason="学校已可查询").press("撤销")
    guest.open(f"/c/{certificate.token}/").reads("该证明已撤销，无效。")
    assert worker.faults + secretary.faults + guest.faults == []


def test_one_is_asked_for_on_the_phone_completed_sealed_and_collected(city, visitor):
    catch_up()
    resident = visitor().signs_in_as("resident").open("/certificates/")
    resident.page.locator("details", has_text="居住情况证明").locator("summary").click()
    resident.page.locator("details[open]").get_by_role("link", name="申请", exact=True).click()
    resident.reads("证明将载明", "天安别墅", "32****************")
    resident.fill(unit="示例少年宫", purpose="接送孙辈").press("提交")
    resident.reads("已提交，社区 2 个工作日内答复。", "待社区办理")
    application = Application.objects.get(unit="示例少年宫")

    worker = visitor(wide=True).signs_in_as("community_worker").open("/desk/certificates/")
    worker.page.locator("tr", has_text="示例少年宫").locator("a.row-link").click()
    worker.reads("张演示的档案记载", "与档案一致", "接送孙辈")
    worker.fill(missing="请写明少年宫的全称。").press("通知居民补充").reads("待补充")
    resident.open(f"/certificates/mine/{application.pk}/").reads("请写明少年宫的全称。")
    resident.press("去补充").fill(unit="示例市少年宫").press("重新提交").reads("待社区办理")

    worker.open(f"/desk/certificates/applications/{application.pk}/").press("提交书记用印")
    worker.reads("待用印", "示例市少年宫")
    application.refresh_from_db()
    secretary = visitor(wide=True).signs_in_as("community_secretary").open("/desk/")
    address = f"/desk/certificates/register/{application.certificate_id}/"
    secretary.open(address).press("同意并用印").reads("已用印")
    catch_up()
    texts = Notice.objects.filter(account=application.account, link__contains="/mine/")
    assert list(texts.order_by("pk").values_list("text", flat=True))[-3:] == [
        "certificates.incomplete", "certificates.taken", "certificates.ready_to_collect",
    ]  # fmt: skip
    resident.open("/notices/").reads("证明已办好")
    resident.open(f"/certificates/mine/{application.pk}/")
    resident.reads("已办好", "请带身份证到社区服务窗口领取", "天安社区居委会")
    worker.open(address).press("确认交付")
    resident.open("/me/").press("我的证明").reads("已领取", "示例市少年宫")
    assert resident.faults + worker.faults + secretary.faults == []


def test_a_resident_takes_the_letter_and_nobody_unproved_asks_for_a_person(city, visitor):
    resident = visitor().signs_in_as("resident").open("/certificates/?q=收入证明")
    resident.page.locator("details", has_text="居民财产证明").get_by_role(
        "link", name="不予出具告知单"
    ).click()
    resident.reads("社区不出具这项证明", "不动产登记机构、银行")
    resident.fill(unit="示例担保公司", purpose="贷款").press("生成告知单").reads("示例担保公司")
    refusal = Refusal.objects.get(unit__name="示例担保公司")
    resident.press("打开告知单").reads(refusal.number, "示例担保公司", "我社区不予出具")

    guest = visitor().signs_in_by_phone("13800000064").open("/certificates/?q=居住")
    guest.page.locator("details", has_text="居住情况证明").locator("summary").click()
    guest.page.locator("details[open]").get_by_role("link", name="申请", exact=True).click()
    guest.reads("先核验身份", "也可到社区办理").press("核验身份").reads("单凭手机号")
    assert resident.faults + guest.faults == []


def test_the_office_declares_two_spellings_one_unit(city, visitor):
    office = visitor(wide=True).signs_in_as("burden_office")
    office.open("/desk/certificates/report/").press("单位名称归并")
    office.fill(unit="示例健身俱乐部", into="示例物业公司").press("归并").reads("已归并")
    row = office.page.locator("tr", has_text="示例健身俱乐部")
    expect(row).to_contain_text("示例物业公司")
    row.get_by_role("button", name="分开").click()
    office.reads("已分开计数。", "还没有归并过名称。")
    assert office.faults == []
