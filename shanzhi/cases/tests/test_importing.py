"""Items from files and to files."""

import json
import time

import pytest

from shanzhi.cases import catalogue, commands, importing
from shanzhi.cases.models import Item
from shanzhi.journal import queries as journal
from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.commands import load_departments

from .factories import MONDAY

SAMPLE = importing.DATA / "items-sample.csv"
ROW = {"code": "lamp", "name": "路灯报修", "level": "city", "promised_amount": 2,
       "promised_unit": "hours", "form": importing.GUIDE_FORM}  # fmt: skip


@pytest.fixture
def departments(db):
    rows = json.loads((importing.DATA / "departments.json").read_text(encoding="utf-8"))
    load_departments(rows=rows, by=SYSTEM, at=MONDAY)


def take(rows, publish=True):
    return commands.import_items(rows=rows, publish=publish, by=SYSTEM, at=MONDAY)


def outcomes(rows, publish=False):
    return [each.outcome for each in importing.plan(rows, publish=publish)]


def everything():
    return list(Item.objects.order_by("pk").values_list()), Entry.objects.count()


# --- the list of a county -------------------------------------------------------------------------


@pytest.mark.slow
def test_the_list_of_a_county_loads_in_seconds_each_name_of_a_bureau_once(departments):
    began = time.monotonic()
    rows = importing.read("items.csv", SAMPLE.read_bytes())
    items = take(rows)

    assert time.monotonic() - began < 8
    assert len(rows) == len(items) == Item.objects.filter(state="published").count()
    assert len({(row["source"], row["name"]) for row in rows}) == len(rows)
    assert 1100 < len(rows) <= 1135
    assert outcomes(importing.read("items.csv", SAMPLE.read_bytes()), publish=True) == (
        ["same"] * len(rows)
    )


def test_a_county_calls_departments_differently(departments):
    text = "department,group,name\n民政局,养老,补贴\n县医保局,,参保\n某某局,,别的\n"

    rows = importing.read("list.csv", text.encode())

    assert [(row["department"], row["theme"], row["source"]) for row in rows] == [
        ("civil_affairs", "养老", "民政局"), ("medical_insurance", "", "县医保局"),
        ("", "", "某某局"),
    ]  # fmt: skip
    assert rows[0]["promised_amount"] == 20 and rows[0]["level"] == "district"


def test_the_list_of_next_year_leaves_alone_what_was_written_here(departments):
    text = "department,group,name\n民政局,养老,补贴\n"
    code = take(importing.read("list.csv", text.encode()))[0].code
    edited = catalogue.columns_of(Item.objects.get(code=code)) | {"promised_amount": 5}
    draft = commands.save_item(code=code, values=edited, by=SYSTEM, at=MONDAY)
    commands.publish_item(item=draft, by=SYSTEM, at=MONDAY)

    again = importing.read("list.csv", text.replace("养老", "为老").encode())
    item = take(again)[0]

    assert (item.version, item.theme, item.promised_amount) == (3, "为老", 5)


# --- out and in again -----------------------------------------------------------------------------


def test_an_export_read_again_changes_nothing(departments):
    take(importing.shipped_items())
    nasty = {
        "name": "=1+1",
        "summary": "'=甲，\n“乙”",
        "fee": "-5",
        "phone": "@x",
        "basis": ["a\nb"],
    }
    take([ROW | nasty])
    items = list(Item.objects.order_by("code"))
    before = everything()

    for name, text in (("a.json", importing.as_json(items)), ("a.csv", importing.as_csv(items))):
        rows = importing.read(name, text.encode())

        assert [row.pop("code") for row in rows] == [item.code for item in items]
        assert rows == [catalogue.columns_of(item) for item in items]
        coded = importing.read(name, text.encode())
        assert set(outcomes(coded, publish=True)) == {"same"}
        assert take(coded) == items
    assert everything()[0] == before[0]


def test_a_spreadsheet_calculates_nothing_of_an_export(departments):
    take([ROW | {"name": "=cmd()"}])

    line = importing.as_csv(Item.objects.all()).splitlines()[1]

    assert line.startswith("lamp,'=cmd()")


def test_columns_a_file_does_not_have_stay_as_they_are(departments):
    take([ROW | {"basis": ["某条例"], "statutory_amount": 9, "statutory_unit": "hours"}])

    item = take(importing.read("a.csv", "code,name\nlamp,路灯\n".encode()))[0]

    assert (item.version, item.name, item.basis, item.statutory_amount) == (
        2, "路灯", ["某条例"], 9,
    )  # fmt: skip


def test_sentences_may_stand_one_a_line_in_a_cell(departments):
    text = 'code,name,level,promised_amount,promised_unit,conditions\na1,甲,city,2,hours,"一\n二"\n'

    assert importing.read("a.csv", text.encode())[0]["conditions"] == ["一", "二"]


# --- what would become of a row -------------------------------------------------------------------


def test_a_check_tells_of_every_row_what_would_become_of_it(departments):
    take([ROW, ROW | {"code": "bench"}])
    take([ROW | {"code": "begun", "name": "草稿"}], publish=False)

    planned = importing.plan(
        [
            ROW, ROW | {"code": "bench", "name": "长椅"}, ROW | {"code": "tree"},
            ROW | {"code": "tree"}, ROW | {"code": "begun"}, {"code": "Bad"}, {},
            ROW | {"code": "no-limit", "promised_amount": ""},
        ],
        publish=False,
    )  # fmt: skip

    assert [(each.outcome, each.version) for each in planned] == [
        ("same", 1), ("version", 2), ("new", 1), ("refused", 0), ("refused", 0), ("refused", 0),
        ("refused", 0), ("refused", 0),
    ]  # fmt: skip
    assert [each.reason for each in planned[3:]] == [
        "This code stands in the file twice.",
        "An unpublished draft of this item exists already.",
        "The code has small letters, digits and dashes only.",
        "The code has small letters, digits and dashes only.",
        "Promise a time limit: a number and its unit.",
    ]


def test_all_rows_are_taken_or_none(departments):
    before = everything()

    with pytest.raises(Refused, match=r"Row 2 \(bad\): .*needs a name"):
        take([ROW, ROW | {"code": "bad", "name": ""}])

    assert everything() == before


def test_what_cannot_be_published_is_not_imported_as_published(departments):
    before = everything()

    with pytest.raises(Refused, match="at least one field"):
        take([ROW | {"form": []}])

    assert everything() == before
    assert take([ROW | {"form": []}], publish=False)[0].state == "draft"


def test_an_import_retires_what_it_replaces_and_is_told_of_each_item(departments):
    take([ROW])
    take([ROW | {"name": "路灯"}])

    assert list(Item.objects.order_by("version").values_list("version", "state")) == [
        (1, "retired"), (2, "published"),
    ]  # fmt: skip
    assert [(e.verb, e.data["version"]) for e in journal.about("cases.Item:lamp")] == [
        ("cases.item_imported", 1), ("cases.item_imported", 2),
    ]  # fmt: skip
    assert [e.data for e in journal.about("cases.Item:")] == [
        {"count": 1, "published": True}, {"count": 1, "published": True},
    ]  # fmt: skip


# --- files that cannot be read --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"\xff\xfe\xff\xff\x80", "neither UTF-8 nor GB 18030"),
        ("a.csv", b"", "one of them “name”"),
        ("a.csv", "事项,部门\na,b\n".encode(), "one of them “name”"),
        ("a.csv", b"code,name\n", "no item in this file"),
        ("a.csv", b"code,name,colour\na,b,c\n", "no column colour"),
        ("a.csv", b"code,name\nlamp,x,y\n", "Line 1 has not as many columns"),
        ("a.csv", b"code,name\nlamp\n", "Line 1 has not as many columns"),
        ("a.csv", b"code,name\nlamp," + b"x" * 140_000, "This is not CSV"),
        ("a.json", b"{", "This is not JSON"),
        ("a.json", b"[" * 100_000, "This is not JSON"),
        ("a.json", b"[1, 2]", "a list of items"),
        ("a.json", b"[]", "no item in this file"),
        ("a.json", json.dumps([{}] * 5001).encode(), "5000 items at most"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence(db, name, content, sentence):
    with pytest.raises(Refused, match=sentence) as refusal:
        importing.read(name, content)

    assert refusal.value.field == "file"


def test_files_of_older_programs_are_read(db):
    text = "code,name\nlamp,路灯报修\n"

    for content in (text.encode("gb18030"), text.encode("utf-8-sig")):
        assert importing.read("A.CSV", content)[0]["name"] == "路灯报修"


@pytest.mark.parametrize(
    "row",
    [
        {"name": 5}, {"name": None}, {"code": "a\0"}, {"code": ["lamp"]}, {"summary": {}},
        {"kind": []}, {"level": 3}, {"provider": None}, {"department": 1}, {"steps": None},
        {"instead": []},
        {"steps": [5]}, {"form": [{"key": "a", "label": "b", "type": []}]}, {"theme": True},
        {"promised_unit": []}, {"statutory_amount": "x"}, {"basis": [1]}, {"basis": ["\0"]},
        {"promised_amount": True}, {"promised_amount": 10**9}, {"statutory_unit": None,
         "statutory_amount": 3}, {"materials": [{"name": "a", "copies": float("nan")}]},
    ],
)  # fmt: skip
def test_whatever_stands_in_a_file_is_refused_with_a_reason_not_a_fault(departments, row):
    assert outcomes([ROW | row]) == ["refused"]
