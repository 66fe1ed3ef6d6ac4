"""The catalogue and grants as posts click through them."""

import csv
import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.people.models import Post
from shanzhi.people.tests.factories import enter
from shanzhi.registry import commands
from shanzhi.registry.commands import reading
from shanzhi.registry.models import Grant, ReadEntry

from . import sharing_factories as factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    factories.city()


def client(actor):
    return enter(Client(), Post.objects.get(pk=actor.post_id))


@pytest.fixture
def health():
    return factories.clerk("health")


@pytest.fixture
def desk(health):
    return client(health)


def page(client, name, *args, status=200, **query):
    answer = client.get(reverse(f"registry:{name}", args=args), query)
    assert answer.status_code == status
    return answer.content.decode()


def posted(client, name, *args, status=302, **data):
    answer = client.post(reverse(f"registry:{name}", args=args), data)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer


# --- the catalogue --------------------------------------------------------------------------------


def test_every_post_reads_the_catalogue(desk):
    for each in (desk, client(factories.worker()), client(factories.security())):
        text = page(each, "catalogue")
        assert "person.phone" in text and "bank.number" in text


def test_a_search_answers_with_the_list_alone_where_only_it_changes(desk):
    whole = page(desk, "catalogue", q="手机")
    assert "<html" in whole and "person.phone" in whole and "bank.number" not in whole
    part = desk.get(reverse("registry:catalogue"), {"q": "手机"}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content and b"person.phone" in part.content
    assert "没有这个" not in page(desk, "catalogue", section="bank")
    assert "bank.number" in page(desk, "catalogue", section="bank")


def test_a_word_nobody_uses_leads_back_to_the_whole(desk):
    text = page(desk, "catalogue", q="没有这个数据项")
    assert reverse("registry:catalogue") in text and "person.phone" not in text


def test_an_element_says_everything_of_itself(desk):
    text = page(desk, "element", "person.marital")
    for words in ("person.marital", "GB/T 2261.2-2003", "常州市民政局", "婚姻登记条例", "婚否"):
        assert words in text
    page(desk, "element", "person.shoe", status=404)


def test_only_owners_and_watchers_see_which_grants_read_it(health):
    grant = factories.granted(health, timezone.now(), **period())
    for actor, seen in (
        (health, False), (factories.owner(), True), (factories.security(), True),
        (factories.owner("police"), False),
    ):  # fmt: skip
        assert (grant.number in page(client(actor), "element", "person.phone")) is seen


def period(**changes):
    today = localdate(timezone.now())
    return {"since": today, "until": today + timedelta(days=30)} | changes


def test_it_is_taken_out_as_csv_and_json(desk):
    text = page(desk, "catalogue_csv", q="手机")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert (rows[1][0], len(rows[0]), len(rows)) == ("person.phone", 18, 2)
    found = json.loads(page(desk, "catalogue_json"))
    assert len(found) > 30 and found[0]["code"] == "person.name"


def test_code_lists_have_their_standard_and_users(desk):
    assert "GB/T 3304-1991" in page(desk, "code_lists")
    text = page(desk, "code_list", "ethnic")
    assert "基诺族" in text and reverse("registry:element", args=["person.ethnic"]) in text
    page(desk, "code_list", "shoes", status=404)
    assert "person.phone" in page(desk, "catalogue_paper")


def test_the_catalogue_asks_few_queries(desk, django_assert_max_num_queries):
    page(desk, "catalogue")
    with django_assert_max_num_queries(12):
        page(desk, "catalogue")


# --- asking and deciding --------------------------------------------------------------------------


def form(**changes):
    today = localdate(timezone.now())
    return {
        "purpose": "老年人健康体检", "basis": "公共卫生服务规范", "scenario": "通知体检，用后删除",
        "scope": "新北区", "kind": "2", "age_from": "65", "age_to": "", "sex": "",
        "since": today.isoformat(), "until": (today + timedelta(days=30)).isoformat(),
        "method": "both", "element": ["person.name", "person.phone"], "full": ["person.name"],
        "press": "send", "confidential_basis": "", "review_on": "",
    } | changes  # fmt: skip


def test_from_the_form_to_the_first_page_read(desk, health):
    assert "person.phone" in page(desk, "grant_new", element="person.phone")
    answer = posted(desk, "grant_new", **form())
    grant = Grant.objects.get()
    assert answer["Location"] == reverse("registry:grant", args=[grant.number])
    assert (grant.state, grant.scope) == ("asked", factories.DISTRICT)

    civil = client(factories.owner())
    assert grant.number in page(civil, "grants", side="owner")
    assert reverse("registry:grant_part_step", args=[grant.number, "civil_affairs", "agree"]) in (
        page(civil, "grant", grant.number)
    )
    posted(civil, "grant_part_step", grant.number, "civil_affairs", "gaps", gaps="条款\n期限")
    page(desk, "grant_part_step", grant.number, "civil_affairs", "complete")
    posted(desk, "grant_part_step", grant.number, "civil_affairs", "complete", answer="第十二条")
    extend = ("grant_part_step", grant.number, "civil_affairs", "extend")
    posted(civil, *extend, days=5, approved="局长")
    posted(civil, "grant_part_step", grant.number, "civil_affairs", "agree", provided="0")
    posted(civil, "grant_part_step", grant.number, "civil_affairs", "provide")
    police = client(factories.owner("police"))
    posted(
        police, "grant_part_step", grant.number, "police", "agree", provided="1",
        full=["person.name"], conditions="不得转交",
    )  # fmt: skip
    text = page(desk, "grant", grant.number)
    assert "不得转交" in text and reverse("registry:grant_persons", args=[grant.number]) in text

    factories.person("欧阳示例", phone="13800000071")
    text = page(desk, "grant_persons", grant.number)
    assert "欧阳示例" in text and "138****0071" in text and "13800000071" not in text
    assert "1 人" in page(desk, "grant_log", grant.number) or ReadEntry.objects.count() == 1
    page(client(factories.owner()), "grant_log", grant.number)


def test_a_form_that_says_too_little_is_shown_again(desk):
    posted(desk, "grant_new", status=422, **form(purpose="", element=[]))
    posted(desk, "grant_new", status=422, **form(element=[]))
    posted(desk, "grant_new", status=422, **form(scope="没有的地方"))
    posted(desk, "grant_new", status=422, **form(scope="320402"))
    assert not Grant.objects.exists()


def test_a_draft_is_saved_changed_sent_and_discarded(desk):
    posted(desk, "grant_new", **form(press="save"))
    grant = Grant.objects.get()
    assert grant.state == "draft"
    assert "老年人健康体检" in page(desk, "grant_edit", grant.number)
    posted(desk, "grant_edit", grant.number, **form(press="save", purpose="体检"))
    page(desk, "grant_step", grant.number, "send")
    posted(desk, "grant_step", grant.number, "send")
    page(desk, "grant_edit", grant.number, status=403)
    posted(desk, "grant_step", grant.number, "withdraw")
    posted(desk, "grant_new", **form(press="save"))
    draft = Grant.objects.get(state="draft")
    answer = posted(desk, "grant_step", draft.number, "discard")
    assert answer["Location"] == reverse("registry:grants")


def test_a_step_that_is_not_possible_says_why(desk, health):
    grant = factories.asked(health, timezone.now(), **period())
    posted(desk, "grant_step", grant.number, "send", status=422)
    posted(
        desk, "grant_part_step", grant.number, "civil_affairs", "agree", provided="1", status=422
    )
    page(desk, "grant_step", grant.number, "dance", status=404)
    page(desk, "grant_part_step", grant.number, "health", "agree", status=404)


def test_others_do_not_find_it(health):
    grant = factories.granted(health, timezone.now(), **period())
    stranger = client(factories.clerk("health", factories.TIANNING))
    for name in ("grant", "grant_persons", "grant_log"):
        page(stranger, name, grant.number, status=404)
    page(client(factories.worker()), "grant", grant.number, status=403)


def test_owners_see_a_grant_but_do_not_read_by_it(health):
    grant = factories.granted(health, timezone.now(), **period())
    civil = client(factories.owner())
    page(civil, "grant", grant.number)
    page(civil, "grant_persons", grant.number, status=403)


def test_misuse_is_stopped_on_the_page(desk, health):
    grant = factories.granted(health, timezone.now(), **period())
    security = client(factories.security())
    posted(security, "grant_step", grant.number, "suspend", reason="用途不符")
    assert "用途不符" in page(desk, "grant", grant.number)
    page(desk, "grant_persons", grant.number, status=403)
    posted(security, "grant_step", grant.number, "resume")
    posted(desk, "grant_step", grant.number, "end", reason="工作已完成")


# --- reading --------------------------------------------------------------------------------------


def test_one_number_is_looked_up_by_post(desk, health):
    grant = factories.granted(health, timezone.now(), **period())
    number = factories.identity(factories.date(1945, 3, 15), 904)
    factories.person("甲示例", identity=number)
    path = reverse("registry:grant_persons", args=[grant.number])
    assert "甲示例" in desk.post(path, {"identity": number}).content.decode()
    assert desk.post(path, {"identity": "1"}).status_code == 422
    assert desk.get(path, {"place": factories.TIANNING}).status_code == 403


def test_a_list_of_persons_asks_a_fixed_number_of_queries(
    desk, health, django_assert_max_num_queries
):
    grant = factories.granted(health, timezone.now(), **period())
    for n in range(10):
        factories.person(f"{'甲乙丙丁戊己庚辛壬癸'[n]}示例")
    page(desk, "grant_persons", grant.number)
    with django_assert_max_num_queries(32):
        page(desk, "grant_persons", grant.number)


def test_a_worker_is_shown_a_value_in_full_once(health):
    person = factories.person(phone="13800000091")
    worker = client(factories.worker())
    assert "13800000091" not in page(worker, "reveal", person.pk)
    path = reverse("registry:reveal", args=[person.pk])
    answer = worker.post(path, {"elements": ["person.phone"], "reason": "上门前核对"})
    assert "13800000091" in answer.content.decode()
    posted(worker, "reveal", person.pk, status=422, elements=["person.phone"], reason="看")
    page(client(factories.worker(factories.FUDU)), "reveal", person.pk, status=404)


def test_security_looks_at_many_reveals_and_settles_them(health, settings):
    settings.SHANZHI_REVEALS_A_DAY = 1
    person, by = factories.person(), factories.worker()
    commands.reveal(
        person=person, elements=["person.phone"], reason="上门前核对", by=by, at=timezone.now()
    )
    security = client(factories.security())
    assert "上门前核对" in page(security, "reveals", by.post_id)
    posted(security, "reveals", by.post_id, reason="情况属实")
    page(client(factories.worker()), "reveals", by.post_id, status=403)


# --- a file of what a grant gives -----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_a_grant_gives_is_taken_along_masked_and_logged(desk, health, kind):
    grant = factories.granted(health)
    person = factories.person("王示例")
    file = desk.get(reverse(f"registry:grant_{kind}", args=[grant.number]))
    assert file.status_code == 200
    rows = as_rows(file.content, kind)
    assert rows[1][0] == "王示例"
    assert person.phone not in "".join(rows[1]) and person.phone[-4:] in "".join(rows[1])
    line = ReadEntry.objects.get(through="export")
    assert (line.persons, line.grant, line.purpose) == ([person.pk], grant.pk, grant.purpose)


def as_rows(content, kind):
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[str(cell or "") for cell in row] for row in book.active.iter_rows(values_only=True)]


def test_a_file_is_as_long_as_may_be_and_logged_in_pieces(desk, health, monkeypatch):
    grant = factories.granted(health)
    for name in "甲乙丙":
        factories.person(f"{name}示例")
    monkeypatch.setattr(reading, "A_LINE", 2)
    address = reverse("registry:grant_csv", args=[grant.number])
    assert len(as_rows(desk.get(address).content, "csv")) == 4
    assert [len(line.persons) for line in ReadEntry.objects.order_by("id")] == [2, 1]
    monkeypatch.setattr(reading, "MOST", 2)
    assert desk.get(address).status_code == 403
    assert len(as_rows(desk.get(address, {"q": "甲"}).content, "csv")) == 2


def test_a_suspended_or_foreign_grant_gives_no_file(desk, health):
    grant = factories.granted(health)
    commands.suspend_grant(
        grant=grant, reason="滥用数据", by=factories.security(), at=timezone.now()
    )
    address = reverse("registry:grant_csv", args=[grant.number])
    assert desk.get(address).status_code == 403
    assert client(factories.clerk("education")).get(address).status_code == 404
    assert not ReadEntry.objects.exists()
