"""Agreements of the next year: made for all, commented, agreed, signed twice, verified."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone

from shanzhi.agreements import queries, tasks
from shanzhi.agreements.models import Run
from shanzhi.agreements.pades import seal as pades
from shanzhi.files import disk
from tests.concurrency import in_own_connection

from .visitors import expect

pytestmark = pytest.mark.browser
STREET, COMMUNITY, WISH = "320411002", "320411002018", "经费请在六月底前付一半"


def test_made_for_all_commented_agreed_signed_by_both_and_verified(city, visitor):
    clerk = visitor(wide=True).signs_in_as("subdistrict_clerk").open("/desk/agreements/")
    clerk.fill(year=str(timezone.localdate().year + 1))
    clerk.press("全部生成").reads("正在生成协议书")
    run = Run.objects.latest("pk")
    tasks.make(run=run.pk)
    clerk.page.reload()
    clerk.reads("全部社区处理完毕", str(run.total))
    agreement = queries.yearly(run.year).get(place=COMMUNITY)
    path = f"/desk/agreements/{agreement.number}/"

    clerk.open(path).page.locator("tr", has_text="X01").get_by_role("link").click()
    clerk.fill(
        target="当日代填，全部办结", amount="2400", due_on=f"{run.year}-06-30 {run.year}-12-20"
    )
    clerk.press("保存").reads("当日代填，全部办结", f"{run.year}-06-30 · 1,200.00")
    clerk.press("发起协商").reads("协商中")

    secretary = visitor().signs_in_as("community_secretary")
    secretary.open("/desk/?kind=agreements.negotiate")
    expect(secretary.main).to_contain_text(agreement.number)
    secretary.open(path)
    row = secretary.page.locator("tr", has_text="X01")
    row.locator("summary", has_text="意见").click()
    row.locator("textarea").fill(WISH)
    row.get_by_role("button", name="提交").click()
    assert secretary.axe() == []

    row = clerk.open(path).reads(WISH).page.locator("tr", has_text="X01")
    row.locator("summary", has_text="答复").click()
    row.locator(".said textarea").fill("同意，已按两次支付安排")
    row.get_by_role("button", name="答复").click()
    clerk.reads("同意，已按两次支付安排")
    assert clerk.axe() == []
    secretary.open(path).press("已解决").press("同意")
    clerk.open(path).press("同意").reads("已同意，待签署")

    for visitor_, state in ((secretary, "社区已签署"), (clerk, "生效")):
        visitor_.open(path).press("签署").reads("演示，无法律效力")
        visitor_.page.locator("[name=sure]").check()
        visitor_.press("签署").reads(state)
    clerk.press("验证").reads("全部签名有效", "天安社区居委会", "常州市新北区三井街道办事处")
    agreement.refresh_from_db()
    content = b"".join(disk.read(agreement.document))
    with ThreadPoolExecutor(1) as beside:  # pyHanko wants a loop of its own; here is Playwright's
        examined = beside.submit(in_own_connection, pades.examine, content=content).result()
    assert examined.good and len(examined.signatures) == 2
    assert clerk.faults == secretary.faults == []
