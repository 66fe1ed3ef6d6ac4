"""A certificate on the ban list ends in the way out; one that may be issued can be verified."""

import re

import pytest

from shanzhi.certificates.models import Certificate, Refusal
from shanzhi.people.models import Account
from shanzhi.registry.models import Person

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
    certificate = Certificate.objects.get(person=person.pk)

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
