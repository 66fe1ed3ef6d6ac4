"""A ledger as the community keeps it: brought in, its columns seen, checked, taken over, undone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from shanzhi.registry import importing
from shanzhi.registry.models import Batch, Person
from shanzhi.registry.tests import imports_factories as shapes
from shanzhi.registry.tests.imports_factories import TITLES, families

from .visitors import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def ledger(city, tmp_path, settings):
    """Under a caption, with households merged over their members; one number is mistyped."""
    settings.FILES_ROOT = city.home / "files"
    people = families(6, first=301)
    people[4].number = people[4].number[:-1] + ("1" if people[4].number[-1] != "1" else "2")
    path = tmp_path / "天安社区居民台账.xlsx"
    path.write_bytes(shapes.merged_households(people))
    return path, people


def work():
    batch = Batch.objects.latest("id")
    importing.run(batch.pk, now=timezone.now)
    return batch


def written(batch):
    """The names of those who are in the registry by this file."""
    rows = Person.objects.filter(batch=batch.pk)
    return sorted(rows.values_list("name", flat=True))


def test_a_ledger_is_brought_in_checked_taken_over_and_undone(ledger, visitor, shot):
    path, people = ledger
    worker = visitor(wide=True).signs_in_as("community_worker").open("/desk/registry/imports/")
    shot(worker, "list-empty")
    worker.press("导入文件")
    worker.page.set_input_files("[name=file]", str(path))
    shot(worker, "new")
    worker.press("读取文件").reads("对应列", "138****")
    assert people[0].number not in worker.page.content()
    expect(worker.page.locator("select[name=column_7]")).to_have_value("person.identity")
    expect(worker.page.locator(f"select[name=column_{TITLES.index('备注')}]")).to_have_value("")
    shot(worker, "columns")
    assert worker.axe() == []

    worker.press("逐行检查").reads("正在逐行检查")
    shot(worker, "progress")
    batch = work()
    worker.page.reload()
    worker.reads("文件内容", "问题行")
    told = worker.page.locator(".outcomes div")
    expect(told.filter(has_text="新增").locator("dd")).to_have_text(str(len(people) - 1))
    expect(told.filter(has_text="不能导入").locator("dd")).to_have_text("1")
    assert not written(batch)  # checked is not taken over
    shot(worker, "checked")
    assert worker.axe() == []
    worker.page.locator(".problem-kinds a").first.click()
    worker.reads("32****************", "校验位不符")
    shot(worker, "problems")
    assert worker.axe() == []

    left_out = worker.page.request.get(f"/desk/registry/imports/{batch.pk}/left-out.csv").text()
    assert len(left_out.splitlines()) == 2
    assert people[4].name in left_out
    assert "校验位不符" in left_out

    worker.open(f"/desk/registry/imports/{batch.pk}/").press("导入合格的行")
    work()
    worker.page.reload()
    worker.reads("已导入", "撤销整批")
    shot(worker, "opened")
    good = sorted(each.name for n, each in enumerate(people) if n != 4)
    assert written(batch) == good
    worker.open(f"{reverse('registry:residents')}?q={people[0].name}").reads(people[0].name)

    worker.open(f"/desk/registry/imports/{batch.pk}/")
    worker.page.locator("summary", has_text="撤销整批").click()
    worker.fill(reason="传错了年份").press("撤销整批")
    work()
    worker.page.reload()
    worker.reads("该批次已撤销：传错了年份")
    shot(worker, "undone")
    assert not written(batch)
    worker.open(f"{reverse('registry:residents')}?q={people[0].name}")
    expect(worker.page.locator("main tbody")).to_have_count(0)
    worker.open("/desk/registry/imports/").reads("天安社区居民台账.xlsx", "已撤销")
    shot(worker, "list")
    assert worker.faults == []


@pytest.fixture
def shot():
    """Pictures of each page, where somebody wants to look at them."""
    import os
    from pathlib import Path

    def take(visitor, name):
        if not (folder := os.environ.get("SHANZHI_SHOTS")):
            return
        for width, height in ((1440, 900), (390, 844)):
            visitor.page.set_viewport_size({"width": width, "height": height})
            visitor.page.wait_for_timeout(400)
            path = Path(folder) / f"{name}-{width}.png"
            visitor.page.screenshot(path=path, full_page=True)
        visitor.page.set_viewport_size({"width": 1440, "height": 900})

    return take
