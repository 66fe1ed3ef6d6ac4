"""Items, categories, routes, places, files, duties, counts, and the document of it all."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.files.models import File
from shanzhi.files.tests.factories import jpeg
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places.commands import add_estate, set_grid

from ... import commands
from ...api.schemas import of_form
from ...models import Category
from .. import factories
from . import calls
from .calls import problem

pytestmark = pytest.mark.django_db


# --- items ----------------------------------------------------------------------------------------


def test_items_in_force_are_listed_by_code(community):
    first = community.get("/items", size=2).json()
    second = community.get("/items", size=2, cursor=first["next"]).json()

    codes = [row["code"] for row in first["rows"] + second["rows"]]
    assert codes == ["elderly-allowance", "open-report", "security-door"]
    assert second["next"] == ""


def test_an_item_comes_with_its_form_in_two_shapes(community):
    item = community.get("/items/elderly-allowance").json()

    assert [(field["key"], field["type"], field["required"]) for field in item["form"]] == [
        ("identity", "identity", True), ("address", "address", True), ("bank", "bank", True),
    ]  # fmt: skip
    assert item["answers_schema"]["required"] == ["identity", "address", "bank"]
    assert item["answers_schema"]["additionalProperties"] is False
    assert item["steps"][0] == {
        "name": "社区受理", "level": "community", "department": "", "days": None, "accepts": True,
    }  # fmt: skip
    problem(community.get("/items/nothing"), "not-found", 404)
    problem(community.get("/items/%00"), "not-found", 404)


def test_every_kind_of_field_has_a_schema():
    form = [
        {"key": "a", "label": "A", "type": "choice", "options": ["x", "y"], "help": "?"},
        {"key": "b", "label": "B", "type": "choices", "options": ["x"]},
        {"key": "c", "label": "C", "type": "date"},
        {"key": "d", "label": "D", "type": "number", "min": 1, "max": 9},
        {"key": "e", "label": "E", "type": "file", "required": False},
        {"key": "f", "label": "F", "type": "text", "min": 2, "max": 8},
        {"key": "g", "label": "G", "type": "group", "max": 3,
         "fields": [{"key": "h", "label": "H", "type": "phone"}]},
    ]  # fmt: skip
    schema = of_form(form)

    kinds = schema["properties"]
    assert schema["required"] == ["a", "b", "c", "d", "f", "g"]
    assert kinds["a"] == {"title": "A", "description": "?", "type": "string", "enum": ["x", "y"]}
    assert kinds["b"]["items"] == {"type": "string", "enum": ["x"]}
    assert kinds["c"]["format"] == "date"
    assert (kinds["d"]["minimum"], kinds["d"]["maximum"]) == (1, 9)
    assert kinds["e"]["items"]["format"] == "uuid"
    assert (kinds["f"]["minLength"], kinds["f"]["maxLength"]) == (2, 8)
    assert kinds["g"]["maxItems"] == 3
    assert kinds["g"]["items"]["properties"]["h"] == {
        "title": "H", "type": "string", "maxLength": 40,
    }  # fmt: skip


def test_a_route_is_tried_out(community):
    community_itself = community.get("/items/security-door/route", place=factories.GRID).json()
    assert community_itself == {
        "unit": {"place": factories.TIANAN, "department": "", "name": "天安社区"},
        "rule": "",
    }
    row = {"name": "门归街道", "items": ["security-door"], "level": "subdistrict"}
    commands.load_routes(rows=[row], by=SYSTEM, at=factories.MONDAY)

    routed = community.get("/items/security-door/route", place=factories.GRID).json()
    assert (routed["unit"]["name"], routed["rule"]) == ("三井街道", "门归街道")
    answer = community.get("/items/security-door/route", place="320411002099")
    assert problem(answer, "invalid", 422)["errors"][0]["path"] == "place"


def test_categories_are_a_tree(community):
    Category.objects.create(code="01", name="城乡建设", path="城乡建设")
    Category.objects.create(code="0101", name="安全生产", path="城乡建设 / 安全生产")

    assert [row["code"] for row in community.get("/items/categories").json()["rows"]] == ["01"]
    below = community.get("/items/categories", parent="01").json()["rows"]
    assert below == [{"code": "0101", "name": "安全生产", "path": "城乡建设 / 安全生产"}]


# --- places ---------------------------------------------------------------------------------------


def test_places_are_walked_down_and_found_by_name(community):
    below = community.get("/places", parent=factories.STREET).json()["rows"]
    assert [row["code"] for row in below] == [factories.TIANAN, factories.FUDU]
    assert community.get(f"/places/{factories.TIANAN}").json() == {
        "code": factories.TIANAN, "name": "天安社区", "level": "community",
        "path": "常州市 新北区 三井街道",
    }  # fmt: skip
    add_estate(name="天安别墅", place=factories.GRID, by=SYSTEM, at=factories.MONDAY)
    found = community.get("/places/search", name="天安").json()["rows"]
    assert {row["name"] for row in found} == {"天安社区", "天安别墅"}
    problem(community.get("/places/999999"), "not-found", 404)
    problem(community.get("/places/x"), "not-found", 404)
    problem(community.get("/places/search", name="\0"), "malformed", 400)


def test_the_grid_of_a_point(community):
    square = [[119.9, 31.8], [120.0, 31.8], [120.0, 31.9], [119.9, 31.9], [119.9, 31.8]]
    set_grid(
        code=factories.GRID, name="第一网格", households=312,
        area={"type": "Polygon", "coordinates": [square]}, by=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    inside = community.get("/places/at", longitude=119.95, latitude=31.85).json()
    assert inside["code"] == factories.GRID
    problem(community.get("/places/at", longitude=1, latitude=1), "not-found", 404)
    problem(community.get("/places/at", longitude="nan", latitude=1), "invalid", 422)
    problem(community.get("/places/at", longitude=181, latitude=1), "invalid", 422)


# --- attachments ----------------------------------------------------------------------------------


def photo(name="door.jpg"):
    return SimpleUploadedFile(name, jpeg())


def test_a_file_is_sent_named_in_a_case_and_fetched(community, elsewhere):
    sent = community.upload(photo())
    assert sent.status_code == 201
    file = sent.json()
    assert (file["name"], file["content_type"]) == ("door.jpg", "image/jpeg")
    problem(community.get(f"/attachments/{file['id']}"), "not-found", 404)  # not of a case yet

    answers = {"what": "关不上", "photos": [file["id"]]}
    case = community.send("/cases", calls.submission(answers=answers), once="a").json()["case"]
    fetched = community.get(f"/attachments/{file['id']}")
    assert fetched.status_code == 200
    assert len(b"".join(fetched.streaming_content)) == file["size"]
    assert fetched["Content-Type"] == "image/jpeg"
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert community.get(f"/cases/{case['number']}").json()["attachments"] == [file]
    problem(elsewhere.get(f"/attachments/{file['id']}"), "not-found", 404)
    narrow = calls.of(community.post, items=["open-report"])
    problem(narrow.get(f"/attachments/{file['id']}"), "not-found", 404)
    problem(community.get("/attachments/no-uuid"), "not-found", 404)


def test_a_file_sent_twice_under_one_key_is_one(community):
    first, second = community.upload(photo(), once="p"), community.upload(photo(), once="p")

    assert first.json() == second.json()
    assert File.objects.count() == 1
    problem(community.upload(photo("other.jpg"), once="p"), "idempotency-key-reused", 422)


def test_what_cannot_be_kept_is_refused(community, settings):
    problem(community.upload(SimpleUploadedFile("a.exe", b"MZ")), "invalid", 422)
    problem(community.upload(None), "invalid", 422)
    problem(community.send("/attachments", {}), "wrong-content-type", 415)
    settings.SHANZHI_UPLOAD_MB = 0
    problem(community.upload(photo()), "too-large", 413)
    assert File.objects.count() == 0


def test_too_many_files_at_once_wait(community, monkeypatch):
    monkeypatch.setattr("shanzhi.files.rules.MOST_IN_PERIOD", 0)

    answer = community.upload(photo())
    problem(answer, "too-many-requests", 429)
    assert answer["Retry-After"] == "600"


# --- duties and counts ----------------------------------------------------------------------------


def test_what_waits_for_the_unit(community, elsewhere):
    cases = [calls.recent() for _n in range(3)]

    first = community.get("/duties", size=2).json()
    second = community.get("/duties", size=2, cursor=first["next"]).json()
    links = [row["link"] for row in first["rows"] + second["rows"]]
    assert links == [f"/desk/cases/{case.number}/" for case in cases]
    row = first["rows"][0]
    assert (row["kind"], row["person"], row["paused"]) == ("cases.accept", "张**", False)
    assert community.get("/duties", only="overdue").json()["rows"] == []
    assert elsewhere.get("/duties").json()["rows"] == []
    document = problem(community.get("/duties", cursor="WzFd"), "invalid", 422)
    assert document["errors"][0]["path"] == "cursor"


def test_what_was_done_is_counted(community, street):
    calls.recent(), calls.recent("open-report"), calls.recent(place=factories.FUDU)
    today = localdate(timezone.now() - timedelta(hours=1))
    days = {"since": (today - timedelta(days=1)).isoformat(), "until": localdate().isoformat()}

    counted = street.get("/tallies", measure="received", by="place", **days).json()
    assert counted["total"] == 3
    assert counted["rows"] == [
        {"key": factories.TIANAN, "count": 2}, {"key": factories.FUDU, "count": 1},
    ]  # fmt: skip
    own = community.get("/tallies", measure="received", by="day", **days).json()
    assert own["rows"] == [{"key": today.isoformat(), "count": 2}]
    items = community.get("/tallies", measure="received", by="item", **days).json()
    assert items["rows"] == [
        {"key": "open-report", "count": 1}, {"key": "security-door", "count": 1},
    ]  # fmt: skip
    problem(
        community.get("/tallies", measure="received", place=factories.FUDU, **days),
        "not-found", 404,
    )  # fmt: skip


def test_counts_are_of_the_items_of_the_key(community):
    calls.recent(), calls.recent("open-report")
    narrow = calls.of(community.post, items=["security-door"])
    today = localdate(timezone.now() - timedelta(hours=1)).isoformat()
    asked = {"measure": "received", "since": today, "until": today}

    problem(narrow.get("/tallies", **asked), "out-of-scope", 403)
    problem(narrow.get("/tallies", item="open-report", **asked), "out-of-scope", 403)
    assert narrow.get("/tallies", item="security-door", **asked).json()["total"] == 1
    assert narrow.get("/tallies", by="item", **asked).json()["total"] == 1


@pytest.mark.parametrize(
    ("since", "until"),
    [("2026-02-02", "2026-02-01"), ("1999-12-31", "2000-01-01"), ("2024-01-01", "2026-01-01"),
     ("9999-12-31", "9999-12-31"), ("2026-01-01", "9999-12-31")],
)  # fmt: skip
def test_days_that_make_no_sense_are_refused(community, since, until):
    problem(community.get("/tallies", measure="received", since=since, until=until), "invalid", 422)


# --- the document ---------------------------------------------------------------------------------


def test_the_reference_is_a_page_without_scripts(django_assert_num_queries):
    client = Client()
    answer = client.get("/api/v1/docs/")

    html = answer.content.decode()
    assert answer.status_code == 200
    assert not re.search(r"<script|<style|style=|//cdn|https?://(?!www.w3.org)", html)
    assert html.count('class="api-operation"') > 40
    assert "/api/v1/cases/{number}/accept" in html
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    with django_assert_num_queries(0):
        document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert client.get("/api/v1/").headers["Location"] == "/api/v1/docs/"


def test_every_operation_documents_its_problems():
    document = Client().get("/api/v1/openapi.json").json()
    names = set()

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names.add(operation["operationId"])
            assert operation["security"] == [{"ApiKey": []}], path
            wanted = {"400", "401", "403", "404", "422", "429", "503"}
            assert wanted | ({"409"} if method == "post" else set()) <= set(operation["responses"])
    assert len(names) == sum(len(methods) for methods in document["paths"].values())
