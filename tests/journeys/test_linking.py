"""A second list without identity numbers: the same, not the same, and undone; also by keys."""

from datetime import date
from itertools import count

import pytest
from django.utils import timezone

from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands, comparing, queries
from shanzhi.registry.commands import NewPresence
from shanzhi.registry.models import LinkJob, Merge, NotSame, Person, Presence
from shanzhi.registry.tests import factories

from .visitors import expect

pytestmark = pytest.mark.browser
KNOWN = (("示佳", "1971-03-08", "1"), ("示敏", "1980-11-20", "2"), ("示刚", "1955-06-01", "1"))
LISTED = (("示嘉", "1971-08-03", "1"), ("示闽", "1980-11-20", "2"), ("示钢", "1955-01-01", "1"))
_visits = count()


def enter(name, birth, sex, phone, number=None):
    values = {"name": name, "sex": sex, "birth": birth, "phone": phone}
    if number:
        values["identity"] = number
    return commands.add_person(
        values=values, presences=[NewPresence(Presence.Kind.LIVING, "320411002018001")],
        source=queries.source("community"), by=SYSTEM, at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def surname(city):
    """Three who are known with their number, and again as an older list has them. All of one test
    have one surname, as the city is there for all tests.
    """
    visit = next(_visits)
    surname = "苏傅邹姚"[visit]
    for n, (name, birth, sex) in enumerate(KNOWN):
        number = factories.identity(date.fromisoformat(birth), sex, 400 + visit * 10 + n)
        enter(surname + name, birth, sex, f"138000007{visit}{n}", number)
    for n, (name, birth, sex) in enumerate(LISTED):
        enter(surname + name, birth, sex, f"138000007{visit}{n}")
    return surname


def test_a_list_without_numbers_is_linked_pair_by_pair_and_a_decision_is_undone(surname, visitor):
    worker = visitor(wide=True).signs_in_as("community_worker").open("/desk/registry/comparisons/")
    begun = LinkJob.objects.count()
    worker.page.locator("main aside button, main form button").last.click()
    worker.page.wait_for_url("**/comparisons/*/")
    assert LinkJob.objects.count() == begun + 1
    job = LinkJob.objects.latest("id")
    comparing.run(job, now=timezone.now)
    worker.open(f"/desk/registry/comparisons/{job.pk}/").reads(f"{surname}示佳", f"{surname}示嘉")
    assert worker.axe() == []

    worker.page.locator("tr", has_text=f"{surname}示嘉").get_by_role("link").click()
    worker.reads("是否同一人", "姓名读音相同。", "出生月和日互换。", "138****0700")
    assert "13800000700" not in worker.page.content()
    assert worker.axe() == []
    worker.page.locator("[name='value.person.name'][value=other]").check()
    worker.press("是同一人")
    worker.reads("已合并。")
    kept = Person.objects.get(name=f"{surname}示嘉")
    assert (kept.birth, kept.identity[:6]) == (date(1971, 3, 8), "320499")
    assert Person.objects.get(merged_into=kept).identity in {None, ""}

    worker.press("撤销上一步").reads("已撤销。", f"{surname}示佳", f"{surname}示嘉")
    assert Merge.objects.latest("id").undone_at
    assert Person.objects.filter(name=f"{surname}示嘉").count() == 1
    worker.press("不是同一人").reads("今后不再提示")
    assert NotSame.objects.count() == 1
    worker.open(f"/desk/registry/comparisons/{job.pk}/")
    expect(worker.page.locator("tr", has_text=f"{surname}示嘉")).to_have_count(0)
    assert worker.faults == []


def test_pairs_are_gone_through_by_keys_that_can_be_switched_off(surname, visitor):
    job = commands.start_comparison(place="320411002018", by=SYSTEM, at=timezone.now())
    comparing.run(job, now=timezone.now)
    worker = visitor(wide=True).signs_in_as("community_worker")
    worker.open(f"/desk/registry/comparisons/{job.pk}/").press("逐对核对").reads("是否同一人")
    keys = worker.page.keyboard
    first = worker.path
    keys.press("j")
    worker.page.wait_for_url(lambda url: first not in url)
    keys.press("k")
    worker.page.wait_for_url(lambda url: first in url)

    before = Merge.objects.count()
    keys.press("s")
    worker.reads("已合并。")
    assert Merge.objects.count() == before + 1
    keys.press("u")
    worker.reads("已撤销。")
    assert Merge.objects.latest("id").undone_at
    assert first.split("?")[0].split("/")[-3:] == worker.path.split("?")[0].split("/")[-3:]

    worker.page.get_by_label("使用快捷键").uncheck()
    worker.page.locator("h1").click()
    here, decided = worker.path, (NotSame.objects.count(), Merge.objects.count())
    keys.press("n")
    keys.press("s")
    worker.page.wait_for_timeout(300)
    assert worker.path == here
    assert (NotSame.objects.count(), Merge.objects.count()) == decided
    assert "逐项对照" in worker.page.content()
    expect(worker.page.locator("kbd:visible")).to_have_count(1)  # of the search
    assert worker.faults == []


def test_a_pair_can_be_decided_on_a_phone(surname, visitor):
    job = commands.start_comparison(place="320411002018", by=SYSTEM, at=timezone.now())
    comparing.run(job, now=timezone.now)
    leader = visitor().signs_in_as("community_worker")
    leader.open(f"/desk/registry/comparisons/{job.pk}/").press("逐对核对").reads("是否同一人")
    wide = leader.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    leader.press("稍后核对").reads("已暂缓。")
    assert leader.faults == []
