"""The guides, departments and routing rules we ship hold together."""

import csv
import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from shanzhi.cases import catalogue, kinds, routing, shapes
from shanzhi.cases.models import Item, Route

DATA = Path(__file__).parent.parent / "data"
FILES = sorted((DATA / "items").glob("*.json"))
COLUMNS = [
    "code", "version", "name", "summary", "theme", "kind", "department", "level", "provider",
    "audience", "basis", "conditions", "materials", "steps", "form", "statutory_amount",
    "statutory_unit", "promised_amount", "promised_unit", "fee", "result", "delivery", "window",
    "phone", "faq", "instead",
]  # fmt: skip
PROMISED_BY_THE_ARTICLE = {
    "elderly-allowance": "高龄津贴",
    "subsistence-allowance": "低保申请",
    "temporary-relief": "临时救助",
    "residence-proof": "居住证明",
    "elderly-card": "老年优待证",
    "elderly-visit": "独居老人探访",
    "corridor-clutter": "楼道堆物",
    "street-light": "路灯损坏",
    "security-door": "楼道防盗门维修",
    "leak-dispute": "邻里漏水纠纷",
    "dog-nuisance": "犬只扰民",
    "party-transfer": "组织关系转接",
}
PUBLIC_NUMBERS = {"110", "119", "120", "12333", "12345", "12348", "12393"}
COMMUNITY_CATEGORIES = {"010203", "010212"}
PLACE = "320411002018003"


@cache
def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def items():
    return {path.stem: read(path) for path in FILES}


def departments():
    return {row["code"] for row in read(DATA / "departments.json")}


def routes():
    rows = read(DATA / "routes.json")
    return [Route(position=n, **row) for n, row in enumerate(rows, start=1)]


@cache
def categories():
    """Codes of all levels: two digits a level, in order of first appearance."""
    with (DATA / "categories.csv").open(encoding="utf-8") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    seen = {(): ""}
    for row in rows:
        for depth in (1, 2, 3):
            path = row[:depth]
            if path not in seen:
                siblings = sum(known[:-1] == path[:-1] for known in seen if known)
                seen[path] = f"{seen[path[:-1]]}{siblings + 1:02d}"
    return {code for code in seen.values() if code}


def unit_of(code, category=""):
    row = items()[code]
    item = Item(code=code, steps=row["steps"], level=row["level"], department=row["department"])
    chosen = routing.choose(
        routes(), item=item, category=category, place=PLACE, day=date(2026, 11, 23)
    )
    return chosen.unit.place, chosen.unit.department


def fields_of(form):
    for each in form:
        yield each
        yield from fields_of(each.get("fields", []))


each_item = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@each_item
def test_a_guide_has_the_columns_of_the_model_in_their_order(path):
    item = read(path)

    assert list(item) == COLUMNS
    assert item["code"] == path.stem
    assert item["version"] == 1


@each_item
def test_a_guide_can_be_imported_as_it_is(path):
    row = {k: v for k, v in read(path).items() if k not in {"code", "version"}}

    values = catalogue.checked(row)

    assert values == row  # nothing dropped, nothing written that is a default anyway


@each_item
def test_a_guide_can_be_published(path):
    catalogue.check_publishable(Item(state=Item.State.DRAFT, **read(path)))


@each_item
def test_a_guide_says_what_a_resident_must_know(path):
    item = read(path)

    for name in ("summary", "theme", "audience", "basis", "conditions", "window", "phone", "faq"):
        assert item[name], name
    if kinds.get(item["kind"]).sent:
        assert item["steps"]
        assert item["result"]
        assert item["delivery"]
        assert item["instead"] == {}
    else:
        assert item["form"] == []
        assert item["instead"]["reason"]


@each_item
def test_a_form_is_short_and_repeats_nothing_the_application_asks(path):
    form = read(path)["form"]

    assert len(form) <= 8
    assert not {"name", "phone", "community", "place", "category"} & {each["key"] for each in form}


@each_item
def test_names_and_numbers_of_people_are_sealed(path):
    for each in fields_of(read(path)["form"]):
        if each["type"] in {"name", *shapes.SEALED}:
            assert shapes.FormField.model_validate(each).sealed, each["key"]


@pytest.mark.parametrize(
    "code",
    ["blocked-drain", "ebike-charging", "falling-objects", "security-door", "street-light"],
)
def test_who_repairs_something_outdoors_reads_where_it_is(code):
    [where] = [each for each in items()[code]["form"] if each["key"] == "address"]
    assert not shapes.FormField.model_validate(where).sealed


@each_item
def test_the_first_long_text_can_be_searched(path):
    first = next((each for each in read(path)["form"] if each["type"] == "longtext"), None)

    assert first is None or not first.get("sensitive")


@each_item
def test_the_steps_fit_into_the_promise(path):
    item = read(path)
    days = sum(step.get("days", 0) for step in item["steps"])

    if item["promised_unit"] == "hours":
        assert days == 0
    else:
        assert days <= item["promised_amount"]
    if item["promised_unit"] == "working_days" and kinds.get(item["kind"]).sent:
        assert days == item["promised_amount"]


@each_item
def test_the_promise_is_shorter_than_the_law_allows(path):
    item = read(path)

    if item["statutory_amount"] is not None:
        assert item["statutory_unit"] == item["promised_unit"]
        assert item["promised_amount"] < item["statutory_amount"]


@each_item
def test_every_department_and_item_a_guide_names_exists(path):
    item = read(path)
    named = {item["department"], *(step.get("department", "") for step in item["steps"])}

    assert named - {""} <= departments()
    assert set(item["instead"].get("items", [])) <= set(items()) - {item["code"]}


@each_item
def test_what_stands_above_the_community_names_its_department(path):
    item = read(path)

    for part in (item, *item["steps"]):
        assert (part["level"] == "community") == (not part.get("department")), part["level"]


@each_item
def test_a_guide_names_no_phone_but_the_public_ones(path):
    item = read(path)
    text = json.dumps(item, ensure_ascii=False)

    assert item["phone"] in PUBLIC_NUMBERS
    assert not re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)|0\d{2,3}-?\d{7,8}", text)
    assert set(re.findall(r"(?<!\d)1[12]\d{1,3}(?!\d)", text)) <= PUBLIC_NUMBERS


def test_the_items_of_the_article_are_there():
    for code, words in PROMISED_BY_THE_ARTICLE.items():
        assert words in items()[code]["name"]


def test_names_are_different():
    names = [item["name"] for item in items().values()]

    assert len(names) == len(set(names))


def test_every_provider_level_unit_kind_and_field_type_occurs():
    shipped = items().values()
    types = {each["type"] for item in shipped for each in fields_of(item["form"])}

    assert {item["provider"] for item in shipped} == {"government", "market", "society"}
    assert {item["level"] for item in shipped} == {"community", "subdistrict", "district", "city"}
    assert {item["kind"] for item in shipped} == {"application", "report", "service", "referral"}
    assert {i["promised_unit"] for i in shipped} == {"working_days", "calendar_days", "hours"}
    assert types == set(shapes.FieldType.__args__)


def test_the_elderly_allowance_asks_for_no_paper():
    item = items()["elderly-allowance"]

    assert all(paper["obtainable"] and not paper["needed"] for paper in item["materials"])
    assert "file" not in {each["type"] for each in item["form"]}


def test_certificates_that_communities_may_not_issue_are_not_sent():
    for code in ("residence-proof", "kinship-proof"):
        assert not kinds.get(items()[code]["kind"]).sent


def test_the_free_report_asks_what_and_little_else():
    form = items()["open-report"]["form"]

    assert [each["key"] for each in form] == ["what", "address", "photos"]
    assert [each.get("required", True) for each in form] == [True, False, False]


def test_departments_are_complete_and_different():
    rows = read(DATA / "departments.json")

    assert len(departments()) == len(rows)
    for row in rows:
        assert list(row) == ["code", "name", "bureau", "office"]
        assert all(row.values())


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name)
def test_a_rule_names_items_a_category_and_a_unit_that_exist(route):
    assert set(route.items) <= set(items())
    assert route.category == "" or route.category in categories()
    assert bool(route.items) != bool(route.category)
    assert route.place == ""
    assert route.level in Item.Level.values
    assert (route.department == "") == (route.level == "community")
    assert route.department in departments() | {""}


def test_no_rule_is_hidden_by_an_earlier_one():
    held = routes()

    for n, route in enumerate(held):
        wider = [e.name for e in held[:n] if e.category and route.category.startswith(e.category)]
        assert wider == [], route.name
        assert not any(set(route.items) & set(earlier.items) for earlier in held[:n])


def test_every_category_has_a_rule():
    item = Item(code="open-report")

    for category in sorted(code for code in categories() if len(code) == 6):
        fitting = [
            route
            for route in routes()
            if routing.fits(
                route, item_code=item.code, category=category, place=PLACE, day=date(2026, 11, 23)
            )
        ]
        assert fitting, category


def test_what_a_department_must_do_is_not_sent_to_a_community():
    to_community = {
        code
        for code in categories()
        if len(code) == 6 and unit_of("open-report", code) == (PLACE[:12], "")
    }

    assert to_community == COMMUNITY_CATEGORIES


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("elderly-allowance", ("320411002018", "")),
        ("subsistence-allowance", ("320411002", "civil_affairs")),
        ("street-light", ("320411002", "urban_management")),
        ("dog-nuisance", ("320411002", "police")),
        ("party-transfer", ("320411002018", "")),
        ("school-entry", ("320411", "education")),
        ("corridor-clutter", ("320411002018", "")),
        ("leak-dispute", ("320411002018", "")),
        ("open-report", ("320411002018", "")),
    ],
)
def test_an_item_reaches_its_unit(code, unit):
    assert unit_of(code) == unit


# Their first step is the community's, so they need no rule.
BY_FIRST_STEP = {"elderly-allowance", "party-transfer", "residence-registration"}


def test_every_item_that_is_sent_has_a_rule_or_begins_in_the_community():
    ruled = {code for route in routes() for code in route.items}
    sent = {code for code, item in items().items() if kinds.get(item["kind"]).sent}

    assert ruled == sent - {"open-report"} - BY_FIRST_STEP


def test_a_complaint_about_the_police_or_the_community_does_not_go_to_them():
    assert unit_of("open-report", "130602") == ("3204", "police")
    assert unit_of("open-report", "090303") == ("320411002", "social_work")
    assert unit_of("open-report", "050103") == ("320411", "discipline")
