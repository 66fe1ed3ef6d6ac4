"""A department finds what it needs in the catalogue, asks for it, and its program reads no more."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.commands import issue_key
from shanzhi.people.models import Post
from shanzhi.registry.models import Grant, ReadEntry

from .visitors import expect

pytestmark = pytest.mark.browser
OFFICE, STREET = "三井街道民政办", "320411002"


def secret_of(department, place):
    at = timezone.now()
    post = Post.objects.get(
        account__username="demo-department_clerk", department=department, place=place
    )
    _key, secret = issue_key(
        post=post, name="走访名单", place=place, items=[], may_write=False,
        valid_to=timezone.localdate(at) + timedelta(days=30), by=SYSTEM, at=at,
    )  # fmt: skip
    return secret


def test_asked_agreed_read_on_the_desk_and_by_a_program_and_refused_more(city, visitor):
    clerk = visitor(wide=True).signs_in_as("department_clerk").open("/desk/registry/catalogue/")
    clerk.page.locator("main input[name=q]").press_sequentially("手机")
    expect(clerk.page.locator("#elements .row-link")).to_have_text(["联系电话"])
    clerk.page.locator("#elements .row-link").click()
    clerk.reads("person.phone", "常州市民政局", "有条件共享").press("申请共享")
    clerk.fill(
        purpose="独居老人冬季走访", basis="社会救助暂行办法第十条",
        scenario="电话预约上门，走访结束后删除", age_from="60",
    )  # fmt: skip
    clerk.choose("element", "person.name").choose("full", "person.name").choose("method", "both")
    clerk.press("提交数源部门").reads("待审核", "三井街道", "60 岁及以上")
    grant = Grant.objects.get(purpose="独居老人冬季走访")
    path = f"/desk/registry/grants/{grant.number}/"

    for bureau in ("常州市民政局", "常州市公安局"):
        clerk.acts_as(bureau).open("/desk/")
        clerk.page.locator("main a", has_text="独居老人冬季走访").first.click()
        clerk.press("同意共享").press("同意共享").reads("已同意并提供")

    clerk.acts_as(OFFICE).open(path).reads("使用中").press("查阅数据")
    expect(clerk.page.locator("main tbody")).to_contain_text("138****")
    assert ReadEntry.objects.filter(grant=grant.pk, through="grant").count() == 1
    clerk.open(f"{path}log/").reads(OFFICE, "按共享授权查阅")

    asked = clerk.page.request
    headers = {"Authorization": f"Bearer {secret_of('civil_affairs', STREET)}"}
    address = f"{city.address}/api/v1/registry/grants/{grant.number}/persons"
    rows = asked.get(address, headers=headers).json()["rows"]
    assert rows and set(rows[0]["values"]) == {"person.name", "person.phone"}
    phones = {row["values"]["person.phone"] for row in rows} - {"", None}
    assert phones and all(re.fullmatch(r"138\*{4}\d{4}", each) for each in phones)
    by_program = ReadEntry.objects.filter(grant=grant.pk, key__isnull=False)
    assert [len(each.persons) for each in by_program] == [len(rows)]

    refused = asked.get(f"{address}?elements=person.identity", headers=headers)
    assert refused.status == 403
    assert "person.identity" in refused.json()["detail"]
    assert asked.get(f"{address}?place=320411003", headers=headers).status == 403
    assert asked.get(address).status == 401
    assert by_program.count() == 1  # who is refused reads nothing

    clerk.acts_as("常州市民政局").open(f"{path}suspend/")
    clerk.fill(reason="用途与申请不符，核查").press("暂停授权").reads("已暂停")
    assert asked.get(address, headers=headers).status == 403
    assert clerk.faults == []
