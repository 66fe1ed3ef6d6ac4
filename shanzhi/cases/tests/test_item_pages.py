"""The desk's pages of service items, as people with and without the right see them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shanzhi.cases import catalogue, commands, editing
from shanzhi.cases.models import Item
from shanzhi.journal.models import Entry
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people

from .factories import MONDAY
from .test_items import LAMP, published, save

EDIT = "/desk/items/elderly-allowance/edit/"


def enter(client, role, place, **post):
    return people.enter(client, people.post(role, place, **post))


def everything():
    return list(Item.objects.order_by("pk").values_list()), Entry.objects.count()


def posted(item, **changes):
    """What the browser sends of an item in the editor."""
    typed = editing.of_item(item)
    sent = {name: typed[name] for name in (*editing.SCALARS, *editing.LINES)}
    for name in editing.ROWS:
        for n, row in enumerate(typed[name]):
            sent |= {f"{name}-{n}-{part}": text for part, text in row.items() if part != "fields"}
    sent |= {f"instead-{part}": text for part, text in typed["instead"].items()}
    return sent | {"stamp": catalogue.stamp(item)} | changes


def item(code="elderly-allowance"):
    return Item.objects.filter(code=code).order_by("version").last()


# --- the list -------------------------------------------------------------------------------------


def test_the_list_shows_each_item_once_with_its_state(desk):
    save("elderly-allowance", **editing.values_of(editing.of_item(item())))

    page = desk.get("/desk/items/").text

    assert page.count("高龄津贴申请") == 1
    assert "draft of version 2" in page and "Published" in page


def test_the_list_finds_by_word_state_heading_department_and_provider(desk):
    save(theme="设施安全", provider="market")

    def found(query):
        page = desk.get(f"/desk/items/?{query}").text
        return {name for name in ("路灯损坏报修", "高龄津贴申请", "我要反映") if name in page}

    assert found("q=路灯") == found("state=draft") == found("theme=设施安全") == {"路灯损坏报修"}
    assert found("provider=market") == found("q=LAMP") == {"路灯损坏报修"}
    assert found("department=civil_affairs") == {"高龄津贴申请"}
    assert found("state=published") == {"高龄津贴申请", "我要反映"}
    assert "No item fits." in desk.get("/desk/items/?q=没有").text
    assert found("theme=nonsense&state=x") == {"路灯损坏报修", "高龄津贴申请", "我要反映"}


def test_an_empty_catalogue_says_what_to_do(db, english):
    people.city()
    client = enter(english, "city_clerk", people.CITY)

    page = client.get("/desk/items/").text

    assert "There are no items yet." in page and "/desk/items/import/" in page


def test_the_next_page_begins_after_the_last_line(desk):
    for n in range(31):
        save(f"lamp-{n}", name=f"路灯{n:02d}", theme="一")

    first = desk.get("/desk/items/")
    href = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = desk.get(f"/desk/items/{href}")

    assert "路灯26" in first.text
    assert "路灯00" not in second.text and "路灯27" in second.text
    assert desk.get("/desk/items/?cursor=broken").status_code == 409


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_one_item_and_for_three(desk, n):
    Item.objects.all().delete()
    for k in range(n):
        save(f"lamp-{k}")
    desk.get("/desk/items/")

    with CaptureQueriesContext(connection) as asked:
        desk.get("/desk/items/")

    assert sum("cases_item" in each["sql"] for each in asked) == 2  # the headings and the lines


# --- one item -------------------------------------------------------------------------------------


def test_the_page_of_an_item_shows_what_the_resident_is_shown(desk):
    resident_sees = desk.get("/serve/elderly-allowance/").text
    page = desk.get("/desk/items/elderly-allowance/").text

    for words in ("Decided by", "银行账号", "身份证号码", "Version 1 taken from a file"):
        assert words in page
    for line in re.findall(r"<dd>([^<]+)</dd>", resident_sees):
        assert line in page
    assert 'href="/apply/elderly-allowance/"' not in page


def test_the_page_names_who_did_what(desk):
    clerk = people.staff("li.si", "李四")
    by = people.actor(people.post("city_clerk", people.CITY, account=clerk))
    published(by=by)
    save(by=by, name="新的名字")

    page = desk.get("/desk/items/lamp/").text

    assert "新的名字" in page and "李四" in page
    assert page.index("Draft of version 2 saved") < page.index("Version 1 published")
    assert "路灯损坏报修" in desk.get("/desk/items/lamp/?version=1").text
    assert desk.get("/desk/items/lamp/?version=7").status_code == 404
    assert desk.get("/desk/items/nothing/").status_code == 404


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_costs_the_same_for_one_version_and_for_three(desk, n):
    by = people.actor(people.post("city_clerk", people.CITY))
    for k in range(n):
        published(name=f"第{k}版", by=by)
    desk.get("/desk/items/lamp/")

    with CaptureQueriesContext(connection) as asked:
        desk.get("/desk/items/lamp/")

    tables = ("cases_item", "journal_entry", "people_account")
    counts = [sum(table in each["sql"] for each in asked) for table in tables]
    assert counts == [1, 1, 2]  # the versions; the history; who reads, and who acted


def test_two_versions_stand_beside_each_other_where_they_differ(desk):
    published(conditions=["甲", "乙"], fee="")
    save(conditions=["甲", "丙"], fee="5 元")

    page = desk.get("/desk/items/lamp/compare/?a=1&b=2").text

    assert "<del>乙</del>" in page and "<ins>丙</ins>" in page and "<ins>5 元</ins>" in page
    assert "<del>甲</del>" not in page and "哪里坏了" not in page
    assert "the same" in desk.get("/desk/items/lamp/compare/?a=1&b=1").text
    assert desk.get("/desk/items/lamp/compare/?a=1&b=x").status_code == 404


def test_a_draft_is_published_retired_and_copied_from_its_page(desk):
    draft = save()
    desk.post("/desk/items/lamp/publish/", {"stamp": catalogue.stamp(draft)})
    assert item("lamp").state == "published"

    desk.post("/desk/items/lamp/retire/")
    assert item("lamp").state == "retired"

    page = desk.get("/desk/items/new/?like=lamp").text
    assert "路灯损坏报修" in page and 'name="code" value=""' in page


def test_the_only_draft_of_an_item_is_discarded(desk):
    save()

    answer = desk.post("/desk/items/lamp/discard/", follow=True)

    assert answer.redirect_chain == [("/desk/items/", 302)]
    assert "The draft was discarded." in answer.text
    assert not Item.objects.filter(code="lamp").exists()


def test_a_guide_that_cannot_be_published_says_why(desk):
    draft = save(form=[])
    before = everything()

    answer = desk.post("/desk/items/lamp/publish/", {"stamp": catalogue.stamp(draft)})

    assert answer.status_code == 422 and "at least one field" in answer.text
    stale = desk.post("/desk/items/lamp/publish/", {"stamp": "old"})
    assert stale.status_code == 422 and "Somebody else has changed" in stale.text
    assert everything() == before


# --- the editor -----------------------------------------------------------------------------------


def test_saving_begins_a_new_version_and_leaves_the_one_in_force(desk):
    answer = desk.post(EDIT, posted(item(), name="高龄津贴", press="save"), follow=True)

    assert "Residents do not see it yet." in answer.text
    assert list(
        Item.objects.filter(code="elderly-allowance")
        .order_by("version")
        .values_list("version", "state", "name")
    ) == [(1, "published", "高龄津贴申请"), (2, "draft", "高龄津贴")]
    first, second = Item.objects.filter(code="elderly-allowance").order_by("version")
    same = set(catalogue.EDITABLE) - {"name"}
    assert all(getattr(first, name) == getattr(second, name) for name in same)


def test_saving_and_publishing_is_one_step_or_none(desk):
    desk.post(EDIT, posted(item(), name="高龄津贴", press="publish"))
    assert item().state == "published" and item().version == 2

    before = everything()
    refused = posted(item(), press="publish", **{"materials-0-name": "户口簿",
                     "materials-0-needed": "on", "materials-0-obtainable": "on"})  # fmt: skip
    answer = desk.post(EDIT, refused)

    assert answer.status_code == 422 and "Do not ask for 户口簿" in answer.text
    assert everything() == before


def test_rows_are_added_moved_and_removed_without_losing_a_word(desk):
    before = everything()
    sent = posted(item(), name="改了一半", **{"faq-0-question": "甲", "faq-3-question": "乙"})

    page = desk.post(EDIT, sent | {"press": "faq.1.up"}).text
    assert page.index('value="乙"') < page.index('value="甲"')
    assert 'value="改了一半"' in page

    page = desk.post(EDIT, sent | {"press": "faq.add"}).text
    assert 'name="faq-2-question"' in page and 'name="faq-3-question"' not in page
    page = desk.post(EDIT, sent | {"press": "faq.0.remove"}).text
    assert 'value="甲"' not in page and 'value="乙"' in page
    assert everything() == before


def test_enter_in_a_line_of_text_saves_nothing(desk):
    before = everything()

    page = desk.post(EDIT, posted(item(), name="按了回车", press="stay")).text

    assert 'value="按了回车"' in page
    assert re.search(r"<button[^>]*>", page[page.index('name="stamp"') :])[0].count('"stay"') == 1
    assert everything() == before


def test_settings_follow_the_type_and_what_was_typed_for_another_goes_along(desk):
    row = {"form-0-label": "选", "form-0-type": "choice", "form-0-options": "甲\r\n乙"}
    page = desk.post(EDIT, posted(item(), press="stay", **row)).text
    assert re.search(r'<textarea name="form-0-options"', page)

    page = desk.post(EDIT, posted(item(), press="stay", **row | {"form-0-type": "date"})).text
    hidden = re.search(r'<input type="hidden" name="form-0-options"[^>]*>', page)[0]
    assert "甲\n乙" in hidden
    assert 'name="form-0-past"' in page

    group = {"form-0-type": "group", "form-0-fields-0-label": "姓名", "form-0-fields-0-key": "who",
             "form-0-fields-0-type": "name"}  # fmt: skip
    page = desk.post(EDIT, posted(item(), press="stay", **row | group)).text
    assert 'name="form-0-fields-0-label" value="姓名"' in page
    page = desk.post(EDIT, posted(item(), press="stay", **group | {"form-0-type": "text"})).text
    assert '<input type="hidden" name="form-0-fields-0-label" value="姓名">' in page


def test_what_does_not_fit_is_told_beside_its_field_and_at_the_top(desk):
    before = everything()
    wrong = {"name": "", "promised_amount": "bald", "steps-0-days": "viele", "steps-1-name": "",
             "form-0-key": "Groß", "form-1-type": "group", "conditions": "长" * 3}  # fmt: skip

    answer = desk.post(EDIT, posted(item(), press="save", **wrong))

    assert answer.status_code == 422
    assert "6 things do not fit" in answer.text
    for field in ("name", "promised_amount", "steps-0-days", "form-0-key"):
        assert f'id="id_{field}_error"' in answer.text, field
        assert f'href="#id_{field}"' in answer.text
    assert "A group needs its questions" in answer.text
    assert 'value="viele"' in answer.text
    assert everything() == before


def test_a_preview_shows_guide_and_form_and_saves_nothing(desk):
    before = everything()

    page = desk.post(EDIT, posted(item(), name="预览的名字", press="preview")).text

    assert page.count("预览的名字") >= 2 and "Nothing is saved yet." in page
    shown = page[page.index('id="preview"') : page.index('name="stamp"')]
    assert "银行账号" in shown and '<fieldset class="asked" disabled>' in shown
    assert everything() == before


def test_the_second_of_two_editors_keeps_the_words_and_gets_a_sentence(desk):
    sent = posted(item(), name="乙写的", press="save")
    desk.post(EDIT, posted(item(), name="甲写的", press="save"))
    before = everything()

    answer = desk.post(EDIT, sent)

    assert answer.status_code == 422
    assert "Somebody else has changed this item" in answer.text and 'value="乙写的"' in answer.text
    assert everything() == before


def test_a_new_item_is_written_under_a_code_of_its_own(desk):
    lamp = Item(code="", version=0, **LAMP)
    sent = posted(lamp, stamp="", code="lamp", press="save")

    assert desk.post("/desk/items/new/", sent).headers["Location"] == "/desk/items/lamp/"
    before = everything()
    for code, sentence in (("lamp", "exists already"), ("Bad code", "small letters")):
        answer = desk.post("/desk/items/new/", sent | {"code": code})
        assert answer.status_code == 422 and sentence in answer.text
        assert f'value="{code}"' in answer.text
    assert everything() == before


# --- who may --------------------------------------------------------------------------------------


def test_a_bureau_edits_its_own_items_and_reads_the_others(english, city):
    client = enter(english, "department_clerk", people.DISTRICT, department="civil_affairs")

    assert client.get(EDIT).status_code == 200
    page = client.get("/desk/items/security-door/").text
    assert "You can read this guide." in page and "/edit/" not in page
    assert client.get("/desk/items/security-door/edit/").status_code == 403
    own = item()
    client.post(EDIT, posted(own, name="本局写的", press="save"))
    assert item().name == "本局写的"
    taken = client.post(EDIT, posted(item(), department="", press="save"))
    assert taken.status_code == 422 and item().department == "civil_affairs"


READERS = [
    ("community_worker", people.TIANAN, {}),
    ("district_clerk", people.DISTRICT, {}),
    ("department_clerk", people.STREET, {"department": "civil_affairs"}),
    ("system_admin", people.CITY, {}),
]


@pytest.mark.parametrize(("role", "place", "post"), READERS)
def test_others_read_and_are_told_who_edits(english, city, role, place, post):
    client = enter(english, role, place, **post)
    save("lamp", department="")
    before = everything()

    assert "You can read the guides here." in client.get("/desk/items/").text
    assert "You can read this guide." in client.get("/desk/items/elderly-allowance/").text
    refusals = [
        client.get(EDIT),
        client.post(EDIT, posted(item(), press="save")),
        client.get("/desk/items/new/"),
        client.post("/desk/items/new/", {"press": "save"}),
        client.post("/desk/items/lamp/publish/"),
        client.post("/desk/items/lamp/discard/"),
        client.post("/desk/items/elderly-allowance/retire/"),
    ]
    for answer in refusals:
        assert answer.status_code == 403
        assert "edited by the city" in answer.text
    answer = client.post("/desk/items/import/")
    assert answer.status_code == 403 and "imported by the city" in answer.text
    assert everything() == before


def test_a_resident_and_a_stranger_see_no_desk(english, city):
    pages = ["/desk/items/", "/desk/items/elderly-allowance/", EDIT, "/desk/items/import/",
             "/desk/items/export.json"]  # fmt: skip
    assert {english.get(page).status_code for page in pages} == {302}
    client = people.enter(english, people.resident())
    assert {client.get(page).status_code for page in pages} == {403}


def test_every_page_has_its_name_and_the_side_bar_leads_there(desk):
    assert reverse("cases:items") == "/desk/items/"
    page = desk.get("/desk/items/").text
    assert 'href="/desk/items/" aria-current="page"' in page and "/desk/routes/" in page
    commands.retire_item(item=item(), by=SYSTEM, at=MONDAY)
    assert "Retired" in desk.get("/desk/items/elderly-allowance/").text
