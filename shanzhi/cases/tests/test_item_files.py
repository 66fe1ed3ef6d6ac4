"""Import and export of service items on the desk."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shanzhi.cases import catalogue, importing

from .test_item_pages import everything, item
from .test_items import LAMP, save


def upload(text, name="items.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return {"file": SimpleUploadedFile(name, content)}


def packed(page):
    return re.search(r'name="packed" value="([^"]+)"', page.text)[1]


def test_a_file_is_checked_before_anything_is_written_and_then_taken(desk):
    before = everything()
    row = LAMP | {"code": "lamp"}
    changed = catalogue.columns_of(item()) | {"code": "elderly-allowance", "fee": "1 元"}

    page = desk.post("/desk/items/import/", upload(json.dumps([row, changed]), "a.json"))
    assert "1 row: new item" in page.text and "1 row: new version" in page.text
    assert everything() == before

    sent = {"packed": packed(page), "name": "a.json", "publish": "1"}
    answer = desk.post("/desk/items/import/", sent, follow=True)
    assert "2 items taken over." in answer.text
    assert (item("lamp").state, item().version, item().fee) == ("published", 2, "1 元")

    again = desk.post("/desk/items/import/", upload(json.dumps([row, changed]), "a.json"))
    assert "Everything in this file is there already." in again.text


def test_rows_that_do_not_fit_are_named_and_nothing_can_be_taken(desk):
    before = everything()
    rows = [LAMP | {"code": "lamp"}, LAMP | {"code": "Bad"}]

    page = desk.post("/desk/items/import/", upload(json.dumps(rows), "a.json"))

    assert "1 row: does not fit" in page.text and "small letters" in page.text
    assert 'name="packed"' not in page.text
    assert everything() == before


def test_what_changed_between_check_and_take_is_noticed(desk):
    page = desk.post("/desk/items/import/", upload(json.dumps([LAMP | {"code": "lamp"}]), "a.json"))
    save(name="别人的草稿")
    before = everything()

    answer = desk.post("/desk/items/import/", {"packed": packed(page), "publish": "0"})

    assert answer.status_code == 422 and "unpublished draft" in answer.text
    assert everything() == before


def test_a_checked_file_cannot_be_forged(desk):
    before = everything()

    assert desk.post("/desk/items/import/", {"packed": "W10:1:x"}).status_code == 409
    assert everything() == before


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        (b"\xff\xff\xff", "a.csv", "neither UTF-8"),
        ("a,b\n1,2\n", "a.csv", "one of them “name”"),
        ("{", "a.json", "This is not JSON"),
        (b"x" * 50_000_000, "a.csv", "at most 10 MB"),
        (b"", "a.csv", "empty"),
    ],
)
def test_a_file_that_cannot_be_taken_is_answered_beside_the_field(desk, text, name, sentence):
    answer = desk.post("/desk/items/import/", upload(text, name))

    assert answer.status_code == 422
    assert sentence in answer.text and 'id="id_file_error"' in answer.text


def test_a_file_too_large_to_be_checked_at_once_is_divided(desk, monkeypatch):
    monkeypatch.setattr("shanzhi.cases.views.items.LARGEST", 10)

    answer = desk.post("/desk/items/import/", upload(json.dumps([LAMP | {"code": "x1"}]), "a.json"))

    assert answer.status_code == 422 and "divide it" in answer.text


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_an_export_holds_what_the_filter_finds_and_comes_back_unchanged(desk, kind):
    answer = desk.get(f"/desk/items/export.{kind}?department=civil_affairs")

    assert f".{kind}" in answer.headers["Content-Disposition"]
    rows = importing.read(f"a.{kind}", answer.content)
    assert [row["code"] for row in rows] == ["elderly-allowance"]
    page = desk.post("/desk/items/import/", upload(answer.content, f"a.{kind}"))
    assert "Everything in this file is there already." in page.text
