"""The desk's pages of routing: the rules in words, their form, and the simulator."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanzhi.cases import catalogue, commands
from shanzhi.cases.models import Category, Route
from shanzhi.journal.models import Entry
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people

from .factories import MONDAY
from .test_item_pages import enter
from .test_routing import order, save

RULE = {
    "name": "反映：街道民政", "position": "1", "items": ["open-report"], "category": "",
    "place": "", "level": "subdistrict", "department": "civil_affairs", "valid_from": "",
    "last_day": "", "save": "1",
}  # fmt: skip


@pytest.fixture
def categories(city):
    rows = [("城乡建设", "市政", "路灯"), ("城乡建设", "市政", "下水道")]
    commands.load_categories(rows=rows, by=SYSTEM, at=MONDAY)


def everything():
    return list(Route.objects.order_by("pk").values_list()), Entry.objects.count()


# --- the list -------------------------------------------------------------------------------------


def test_rules_are_read_in_words(desk, categories):
    save("路灯", items=["open-report", "security-door"], category="0101", place=people.STREET,
         valid_from="2026-01-01", valid_to="2027-01-01")  # fmt: skip

    page = desk.get("/desk/routes/").text

    for words in ("No. 1", "我要反映、楼道防盗门维修", "城乡建设 / 市政", "三井街道",
                  "→ Sub-district, 民政", "from 2026-01-01 to 2026-12-31"):  # fmt: skip
        assert words in page, words


def test_a_rule_that_never_decides_or_is_over_is_marked(desk):
    save("全部")
    save("反映", items=["open-report"])
    save("过去", position=1, valid_to="2020-01-01")

    page = desk.get("/desk/routes/").text

    assert "never decides: see No. 2" in page and "One rule never decides" in page
    assert page.count(">expired</span>") == 1


def test_without_rules_the_page_says_what_holds(desk):
    assert "There are no rules yet." in desk.get("/desk/routes/").text


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_one_rule_and_for_three(desk, categories, n):
    for k in range(n):
        save(f"第{k}条", items=["open-report"], category="0101", place=people.STREET)
    desk.get("/desk/routes/")

    with CaptureQueriesContext(connection) as asked:
        desk.get("/desk/routes/")

    tables = ("cases_route", "cases_item", "cases_category", "places_division")
    assert [sum(table in each["sql"] for each in asked) for table in tables] == [1, 1, 1, 0]


# --- changing -------------------------------------------------------------------------------------


def test_a_rule_is_added_changed_moved_and_deleted(desk):
    save("旧的")
    desk.post("/desk/routes/new/", RULE | {"last_day": "2026-12-31"})
    route = Route.objects.get(name="反映：街道民政")
    assert (route.position, route.items, str(route.valid_to)) == (1, ["open-report"], "2027-01-01")
    assert 'value="2026-12-31"' in desk.get(f"/desk/routes/{route.pk}/").text

    changed = RULE | {"name": "改了", "position": "2", "stamp": catalogue.route_stamp(route)}
    desk.post(f"/desk/routes/{route.pk}/", changed)
    assert order() == [(1, "旧的"), (2, "改了")]

    late = desk.post(f"/desk/routes/{route.pk}/", changed | {"name": "又改"})
    assert (late.status_code, order()) == (422, [(1, "旧的"), (2, "改了")])

    answer = desk.post(f"/desk/routes/{route.pk}/move/", {"to": "up"}, follow=True)
    assert "Rule 2 is now rule 1." in answer.text
    assert answer.redirect_chain[0][0] == f"/desk/routes/#rule-{route.pk}"
    desk.post(f"/desk/routes/{route.pk}/delete/")
    assert order() == [(1, "旧的")]
    assert desk.post(f"/desk/routes/{route.pk}/delete/").status_code == 404


def test_items_and_places_are_found_without_losing_what_was_typed(desk):
    find = RULE | {"find": "1", "item_words": "防盗门", "place_words": "龙虎塘", "name": "写了一半"}

    page = desk.post("/desk/routes/new/", find).text

    assert 'value="security-door"' in page and 'value="320411003"' in page
    assert 'value="写了一半"' in page
    assert re.search(r'<input[^>]*value="open-report"[^>]* checked', page)
    assert not Route.objects.exists()
    saved = find | {"items": ["open-report", "security-door"], "place": "320411003"}
    del saved["find"]
    desk.post("/desk/routes/new/", saved)
    route = Route.objects.get()
    assert (route.items, route.place) == (["open-report", "security-door"], "320411003")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "id_name_error"),
        ({"position": "0"}, "id_position_error"),
        ({"items": ["moon"]}, "id_items_error"),
        ({"category": "99"}, "id_category_error"),
        ({"department": "moon"}, "id_department_error"),
        ({"place": "320499"}, "id_place_error"),
        ({"valid_from": "2026-03-02", "last_day": "2026-03-01"}, "ends before it begins"),
        ({"last_day": "9999-12-31"}, "less than or equal to"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told_beside_its_field(desk, changes, sentence):
    before = everything()

    answer = desk.post("/desk/routes/new/", RULE | changes)

    assert answer.status_code == 422 and sentence in answer.text
    assert everything() == before


# --- who may --------------------------------------------------------------------------------------


def test_a_district_changes_the_rules_of_its_own_places(english, city):
    everywhere, own = save("全市"), save("本区", place=people.STREET)
    client = enter(english, "district_clerk", people.DISTRICT)

    page = client.get("/desk/routes/").text
    assert f"/desk/routes/{own.pk}/" in page and f"/desk/routes/{everywhere.pk}/" not in page
    assert 'value="320411" ' in client.get("/desk/routes/new/").text
    before = everything()
    for path in ("", "move/", "delete/"):
        answer = client.post(f"/desk/routes/{everywhere.pk}/{path}", RULE)
        assert answer.status_code == 403 and "places in its district" in answer.text
    answer = client.post("/desk/routes/new/", RULE)
    assert answer.status_code == 422 and "places in its district" in answer.text
    assert everything() == before


@pytest.mark.parametrize("role", ["community_worker", "department_clerk", "system_admin"])
def test_others_read_the_rules_and_are_told_who_sets_them(english, city, role):
    place = {"community_worker": people.TIANAN}.get(role, people.CITY)
    department = {"department_clerk": "civil_affairs"}.get(role, "")
    route = save()
    client = enter(english, role, place, department=department)
    before = everything()

    assert "You can read the rules." in client.get("/desk/routes/").text
    assert client.get("/desk/routes/try/").status_code == 200
    refusals = [
        client.get("/desk/routes/new/"),
        client.post("/desk/routes/new/", RULE),
        client.get(f"/desk/routes/{route.pk}/"),
        client.post(f"/desk/routes/{route.pk}/", RULE),
        client.post(f"/desk/routes/{route.pk}/move/", {"to": "up"}),
        client.post(f"/desk/routes/{route.pk}/delete/"),
    ]
    for answer in refusals:
        assert answer.status_code == 403 and "or district" in answer.text
    assert everything() == before


# --- the simulator --------------------------------------------------------------------------------

TRY = "/desk/routes/try/?items=open-report&place=320411002018&day=2026-03-02"


def test_the_simulator_says_where_a_request_goes_because_of_which_rule(desk, categories):
    save("防盗门", items=["security-door"])
    save("龙虎塘", place="320411003")
    save("去年", valid_to="2026-01-01")
    save("明年", valid_from="2027-01-01")
    save("路灯", category="010101", level="district")
    save("市政", category="0101")

    page = desk.get(f"{TRY}&category=010102").text

    assert "三井街道民政办" in page and "because of rule 6:" in page
    assert "5 rules were passed over" in page
    for reason in ("for other items", "another place", "no longer", "not hold yet",
                   "another subject"):  # fmt: skip
        assert reason in page
    assert "新北区民政局" in desk.get(f"{TRY}&category=010101").text


def test_without_a_rule_the_first_step_decides(desk):
    page = desk.get(TRY).text

    assert "because no rule fits" in page and "天安社区" in page


def test_words_find_item_and_place_and_the_only_one_is_chosen(desk):
    page = desk.get("/desk/routes/try/?item_words=防盗门&place_words=盘龙").text
    assert "盘龙社区" in page and "because no rule fits" in page

    page = desk.get("/desk/routes/try/?item_words=防盗门&place_words=社区").text
    assert "Choose one item and one place." in page and page.count('name="place"') == 3
    page = desk.get("/desk/routes/try/?item_words=没有的&place_words=没有的").text
    assert "No item has these words." in page and "No community or estate" in page


@pytest.mark.parametrize(
    "query",
    ["items=moon&place=320411002018", "items=open-report&place=320411",
     "items=open-report&place=x", "items=open-report&place=320411002018&day=x",
     "items=open-report&place=320411002018&category=9", "place=320411002018",
     "items=%00&place=%00"],
)  # fmt: skip
def test_a_link_that_makes_no_sense_shows_the_form(desk, query):
    answer = desk.get(f"/desk/routes/try/?{query}")

    assert answer.status_code == 200 and 'id="outcome"' not in answer.text


def test_a_category_that_is_gone_does_not_break_the_words(desk, categories):
    save("路灯", category="010101")
    Category.objects.all().delete()

    assert "010101" in desk.get("/desk/routes/").text
