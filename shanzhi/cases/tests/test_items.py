"""Service items: drafts, versions, who may change them, and imports."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from shanzhi.cases import catalogue, commands, editing, importing, queries
from shanzhi.cases.models import Item
from shanzhi.journal import queries as journal
from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.commands import load_departments
from shanzhi.people.tests import factories as people
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import factories
from .factories import DAY, MONDAY

LAMP = {
    "name": "路灯损坏报修",
    "kind": "report",
    "level": "subdistrict",
    "department": "",
    "promised_amount": 2,
    "promised_unit": "working_days",
    "form": [{"key": "what", "label": "哪里坏了", "type": "longtext"}],
}


def city_clerk():
    return people.actor(people.post("city_clerk", people.CITY))


def bureau(department="civil_affairs", place=people.DISTRICT):
    return people.actor(people.post("department_clerk", place, department=department))


def save(code="lamp", by=SYSTEM, at=MONDAY, stamp=None, **columns):
    return commands.save_item(code=code, values=LAMP | columns, by=by, at=at, stamp=stamp)


def published(code="lamp", **columns):
    return commands.publish_item(item=save(code, **columns), by=SYSTEM, at=MONDAY)


def everything():
    return list(Item.objects.order_by("pk").values_list()), Entry.objects.count()


# --- drafts and versions --------------------------------------------------------------------------


def test_a_draft_is_written_over_until_it_is_published(city):
    clerk = city_clerk()
    first = save(by=clerk)
    again = save(by=clerk, name="路灯不亮报修")

    assert (again.pk, again.version, again.state, again.name) == (
        first.pk, 1, "draft", "路灯不亮报修",
    )  # fmt: skip
    assert [(e.verb, e.by, e.data) for e in journal.about("cases.Item:lamp")] == [
        ("cases.item_saved", clerk.account_id, {"item": "lamp", "version": 1})
    ] * 2


def test_publishing_retires_the_version_before(city):
    published()
    second = commands.publish_item(item=save(name="路灯报修"), by=SYSTEM, at=MONDAY + DAY)

    assert list(
        Item.objects.filter(code="lamp").order_by("version").values_list("version", "state", "name")
    ) == [(1, "retired", "路灯损坏报修"), (2, "published", "路灯报修")]
    assert second.published_at == MONDAY + DAY
    assert [e.verb for e in journal.about("cases.Item:lamp")][-1] == "cases.item_published"


def test_a_retired_item_is_no_longer_found_but_its_cases_keep_it(city):
    case = factories.make_case("security-door")

    commands.retire_item(item=case.item, by=SYSTEM, at=MONDAY)

    assert queries.item("security-door") is None
    case.refresh_from_db()
    assert case.item.name == "楼道防盗门维修"


def test_a_discarded_draft_leaves_the_version_in_force(city):
    published()
    draft = save(name="写错了")

    commands.discard_item(item=draft, by=SYSTEM, at=MONDAY)

    assert list(Item.objects.filter(code="lamp").values_list("version", "state")) == [
        (1, "published")
    ]
    assert journal.about("cases.Item:lamp")[-1].verb == "cases.item_discarded"


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"name": " "}, "needs a name"),
        ({"level": "county"}, "Choose one"),
        ({"kind": "wish"}, "does not exist"),
        ({"promised_amount": 0}, "Promise a time limit"),
        ({"promised_amount": 9, "statutory_amount": 5, "statutory_unit": "working_days"}, "longer"),
        ({"statutory_amount": 5}, "a number and its unit"),
        ({"summary": "长" * 301}, "At most 300"),
        ({"summary": None}, "Enter text"),
        ({"fee": "a\0b"}, "cannot be stored"),
        ({"basis": "law"}, "must be a list"),
        ({"wrong": 1}, "no field wrong"),
        ({"department": "moon"}, "no department moon"),
        ({"steps": [{"name": "x", "level": "city", "department": "moon"}]}, "no department moon"),
        ({"materials": [{"name": "户口簿", "copies": 0}]}, "Papers row 1 Copies: Not less than 1"),
        ({"materials": [{"name": ""}]}, "Papers row 1 Name: Please fill this in"),
        ({"form": [{"key": "a", "label": "a", "type": "choice"}]}, "A choice needs its options"),
        ({"form": [{"key": "A", "label": "a", "type": "text"}]}, "Small letters"),
        ({"form": [{"key": "phone", "label": "a", "type": "phone"}]}, "asks for this itself"),
        ({"form": LAMP["form"] * 2}, "same key"),
        ({"form": [{"key": "a", "label": "a", "type": "text", "min": 9, "max": 2}]}, "larger"),
        (
            {"form": [{"key": "g", "label": "g", "type": "group", "fields": [
                {"key": "f", "label": "f", "type": "file"}]}]},
            "nor files",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_and_nothing_is_kept(city, columns, sentence):
    before = everything()

    with pytest.raises(Refused, match=sentence):
        save(**columns)

    assert everything() == before


@pytest.mark.parametrize("code", ["", "A", "Lamp", "lamp_1", "new", "import", "x" * 41, "a b",
                                  "13800000001", "lamp-13800000001"])  # fmt: skip
def test_a_code_is_a_word_that_no_page_and_no_person_has(city, code):
    before = everything()

    with pytest.raises(Refused, match="small letters") as refusal:
        save(code)

    assert refusal.value.field == "code"
    assert everything() == before


def test_all_that_is_wrong_is_told_at_once_by_path():
    _values, wrong = catalogue.examined(
        LAMP | {"name": "", "materials": [{"name": "a" * 61}, {"name": "ok", "days": 1}]}
    )

    assert {path: str(sentence) for path, sentence in wrong.items()} == {
        "name": "An item needs a name.",
        "materials.0.name": "At most 60 characters.",
        "materials.1.days": "There is no such field.",
    }


# --- two editors ----------------------------------------------------------------------------------


def test_the_second_of_two_editors_gets_a_sentence_instead_of_writing_over_the_first(city):
    stamp = catalogue.stamp(published())
    save(name="甲写的", stamp=stamp)
    before = everything()

    with pytest.raises(Refused, match="Somebody else has changed this item"):
        save(name="乙写的", stamp=stamp)

    assert everything() == before


def test_one_editor_saves_again_with_the_stamp_of_what_was_saved(city):
    first = save(stamp="")
    first.refresh_from_db()

    assert save(name="路灯报修", stamp=catalogue.stamp(first)).name == "路灯报修"


def test_a_new_item_does_not_write_over_one_with_the_same_code(city):
    save(stamp="")
    before = everything()

    with pytest.raises(Refused, match="exists already") as refusal:
        save(name="另一件", stamp="")

    assert refusal.value.field == "code"
    assert everything() == before


def test_a_draft_that_changed_under_the_reader_is_not_published(city):
    seen = catalogue.stamp(save())
    draft = save(name="改过了")

    with pytest.raises(Refused, match="Somebody else"):
        commands.publish_item(item=draft, by=SYSTEM, at=MONDAY, stamp=seen)

    draft.refresh_from_db()
    assert draft.state == "draft"


def test_of_two_who_write_a_new_item_at_once_the_second_is_told(transactional_db):
    factories.city()
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            save(stamp="")
            second = second_request.submit(in_own_connection, save, stamp="", name="另一件")
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused) as refusal:
            second.result(timeout=5)

    assert refusal.value.field == "code"
    assert list(Item.objects.filter(code="lamp").values_list("name")) == [("路灯损坏报修",)]


# --- who may --------------------------------------------------------------------------------------


def test_a_bureau_edits_publishes_and_retires_what_it_decides(city):
    clerk = bureau()
    draft = save(by=clerk, department="civil_affairs")
    item = commands.publish_item(item=draft, by=clerk, at=MONDAY)

    assert commands.retire_item(item=item, by=clerk, at=MONDAY).state == "retired"


def others():
    return {
        "another bureau": lambda: bureau("police"),
        "a sub-district's office": lambda: bureau(place=people.STREET),
        "a community": factories.worker,
        "a district": lambda: people.actor(people.post("district_clerk", people.DISTRICT)),
        "a resident": factories.resident,
    }


@pytest.mark.parametrize("who", others())
def test_nobody_else_changes_an_item(city, who):
    police = {"code": "police", "name": "公安", "bureau": "公安局", "office": "派出所"}
    load_departments(rows=[police], by=SYSTEM, at=MONDAY)
    item = Item.objects.get(code="elderly-allowance")
    draft = save("lamp", department="civil_affairs")
    by = others()[who]()
    before = everything()
    attempts = [
        lambda: save("elderly-allowance", by=by, department="civil_affairs"),
        lambda: save("elderly-allowance", by=by, department=by.department),
        lambda: commands.publish_item(item=draft, by=by, at=MONDAY),
        lambda: commands.retire_item(item=item, by=by, at=MONDAY),
        lambda: commands.discard_item(item=draft, by=by, at=MONDAY),
    ]

    for attempt in attempts:
        with pytest.raises(Refused, match="city's desk and by the department"):
            attempt()
    assert everything() == before


def test_only_the_city_imports(city):
    clerk, before = bureau(), everything()

    with pytest.raises(Refused, match="imported by the city's desk"):
        commands.import_items(rows=[], publish=False, by=clerk, at=MONDAY)

    assert everything() == before


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"form": []}, "at least one field"),
        ({"kind": "referral", "form": []}, "where this is done instead"),
        ({"materials": [{"name": "户口簿", "obtainable": True}]}, "Do not ask for 户口簿"),
    ],
)
def test_a_guide_that_tells_too_little_stays_a_draft(city, columns, sentence):
    draft = save(**columns)
    before = everything()

    with pytest.raises(Refused, match=sentence):
        commands.publish_item(item=draft, by=SYSTEM, at=MONDAY)

    assert everything() == before


def test_what_is_in_force_is_neither_published_nor_discarded_and_a_draft_is_not_retired(city):
    item = published()
    draft = save(name="新")
    before = everything()

    with pytest.raises(Refused, match="Only a draft can be published"):
        commands.publish_item(item=item, by=SYSTEM, at=MONDAY)
    with pytest.raises(Refused, match="Only a draft can be discarded"):
        commands.discard_item(item=item, by=SYSTEM, at=MONDAY)
    with pytest.raises(Refused, match="Only a published item"):
        commands.retire_item(item=draft, by=SYSTEM, at=MONDAY)

    assert everything() == before


def test_a_draft_discarded_meanwhile_is_not_published(city):
    draft = save()
    commands.discard_item(item=draft, by=SYSTEM, at=MONDAY)
    draft.pk = 10**9

    with pytest.raises(Refused, match="deleted this meanwhile"):
        commands.publish_item(item=draft, by=SYSTEM, at=MONDAY)


# --- lists ----------------------------------------------------------------------------------------


def test_the_list_has_one_line_an_item_with_the_version_in_force_first(city):
    published()
    save(name="路灯新稿")
    save("only-draft", name="只有草稿")

    page = queries.item_list(text="lamp")

    assert [(r["name"], r["version"], r["state"], r["draft_version"]) for r in page.rows] == [
        ("路灯损坏报修", 1, "published", 2)
    ]
    assert [r["code"] for r in queries.item_list(state="draft").rows] == ["only-draft", "lamp"]
    assert "only-draft" not in [r["code"] for r in queries.item_list(state="published").rows]


def test_pages_of_the_list_hold_every_item_once(city):
    for n in range(7):
        save(f"item-{n}", theme="养老" if n % 2 else "邻里", name="同名")

    seen, cursor = [], ""
    for _page in range(5):
        page = queries.item_list(cursor, size=3)
        seen += [row["code"] for row in page.rows]
        cursor = page.next
        if not cursor:
            break

    assert len(seen) == len(set(seen)) == 10
    assert seen == [row["code"] for row in queries.item_list(size=100).rows]


# --- the editor's texts ---------------------------------------------------------------------------


@pytest.mark.parametrize("row", importing.shipped_items(), ids=lambda row: row["code"])
def test_an_item_goes_through_the_editor_unchanged(row):
    code = row["code"]
    values = {name: value for name, value in row.items() if name not in ("code", "version")}
    item = Item(code=code, version=1, **values)

    shaped, wrong = editing.examine(editing.tidy(editing.of_item(item)))

    assert not wrong
    assert {name: shaped[name] for name in values} == values


def test_buttons_beside_rows_add_move_and_remove_them():
    typed = editing.blank()
    for button in ("faq.add", "faq.add", "form.add", "form.0.fields.add"):
        typed = editing.press(typed, button)
    typed["faq"][0]["question"], typed["faq"][1]["question"] = "甲", "乙"

    editing.press(typed, "faq.1.up")
    assert [row["question"] for row in typed["faq"]] == ["乙", "甲"]
    editing.press(typed, "faq.1.down")  # the last one stays
    editing.press(typed, "faq.0.remove")
    assert [row["question"] for row in typed["faq"]] == ["甲"]
    editing.press(typed, "form.0.fields.0.remove")
    assert typed["form"][0]["fields"] == []


@pytest.mark.parametrize(
    "button", ["", "x", "x.add", "faq.9.up", "faq.x.up", "form.3.fields.add", "faq.0.0.0.add", "."]
)
def test_a_button_nobody_drew_changes_nothing(button):
    assert editing.press(editing.blank(), button) == editing.blank()


def test_rows_nobody_filled_are_dropped_and_questions_get_keys():
    typed = editing.blank()
    for _n in range(3):
        editing.press(typed, "form.add")
    typed["form"][0]["label"] = "你好"
    typed["form"][2] |= {"label": "再见", "key": "q1"}

    tidy = editing.tidy(typed)

    assert [(row["label"], row["key"]) for row in tidy["form"]] == [("你好", "q2"), ("再见", "q1")]
