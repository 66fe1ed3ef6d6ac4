"""Broken files and wrong cells: each a sentence, and nothing half-written."""

import csv
import io
import struct
import zipfile
from datetime import date

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel import Refused
from shanzhi.registry.intake import values, workbooks
from shanzhi.registry.models import Batch, Person
from shanzhi.registry.presenting import imports as presenting

from . import factories
from . import imports_factories as shapes
from .imports_factories import TITLES, as_csv, as_xlsx, checked, families

TODAY = date(2026, 3, 2)


@pytest.fixture
def ground(db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    factories.city()
    factories.estate()
    return tmp_path


def refuses(content, sentence, name="台账.xlsx"):
    with translation.override("en"), pytest.raises(Refused, match=sentence):
        from shanzhi.registry import bringing, queries

        bringing.bring(
            content=[content],
            name=name,
            source=queries.source("community"),
            place=factories.TIANAN,
            by=factories.SYSTEM,
            at=factories.MONDAY,
        )
    assert Batch.objects.count() == 0


def test_an_old_workbook_is_told_how_to_be_saved(ground):
    refuses(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Save as")
    assert list((ground / "imports").iterdir()) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 ...", "PDF file, not a table"),
        (b"\x89PNG\r\n\x1a\n", "PNG file"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xff\xff\x81 \x00\x00\x00\x00", "neither UTF-8 nor GB 18030"),
    ],
)
def test_what_is_no_table(ground, content, sentence):
    refuses(content, sentence)


def test_an_archive_of_something_else(ground):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    refuses(out.getvalue(), "archive, not a workbook")


def bomb(megabytes):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * megabytes * 1_000_000)
    return out.getvalue()


def test_a_bomb_is_not_unpacked(ground):
    content = bomb(workbooks.UNPACKED_MB + 1)
    assert len(content) < 300_000
    refuses(content, "more than 200 MB")


def test_a_bomb_that_lies_about_its_size(ground, monkeypatch):
    """The directory says 10 bytes; what comes out is counted, not believed."""
    content = bytearray(bomb(20))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    content = bytes(content).replace(struct.pack("<I", size), struct.pack("<I", 10))
    refuses(content, "damaged")


def test_formulas_without_results(ground):
    def fill(book):
        book.active.append(TITLES)
        book.active.append(["=ROW()", *shapes.rows(families(1))[0][1:]])

    refuses(as_xlsx(fill), "formulas in this workbook whose results are not saved")


def test_three_hundred_columns(ground):
    refuses(as_csv([[f"列{n}" for n in range(300)]]), "300 columns; at most 200", "宽.csv")


def test_empty_columns_to_the_right_are_no_columns(ground):
    lines = [[*row, *[""] * 400] for row in [TITLES, *shapes.rows(families(1))]]
    assert checked(as_csv(lines)).counts["outcomes"] == {"new": 3}


def test_empty_columns_between_are_kept_aside(ground):
    lines = [[row[0], "", "", *row[1:]] for row in [TITLES, *shapes.rows(families(1))]]
    assert checked(as_csv(lines)).counts["outcomes"] == {"new": 3}


def test_a_spreadsheet_of_numbers_dates_and_lost_zeros(ground):
    """As Excel writes cells that nobody made text: dates as numbers, phones as numbers."""
    people = families(1)

    def fill(book):
        sheet = book.active
        sheet.append(TITLES)
        for row in shapes.rows(people):
            cells = dict(zip(TITLES, row, strict=True))
            cells["出生日期"] = (date.fromisoformat(cells["出生日期"]) - date(1899, 12, 30)).days
            cells["联系电话"] = int(cells["联系电话"])
            cells["备用电话"] = 51988001234
            cells["户号"] = int(cells["户号"])
            cells["室号"] = float(cells["室号"])
            sheet.append(list(cells.values()))

    batch = shapes.taken(checked(as_xlsx(fill), "数字.xlsx"))
    assert batch.counts["outcomes"] == {"new": 3}
    person = Person.objects.order_by("id").first()
    assert (person.birth, person.phone, person.other_phone) == (
        people[0].born, people[0].phone, "051988001234",
    )  # fmt: skip
    assert person.presences.get(kind=2).dwelling.door["room"] == people[0].room


# --- rows -----------------------------------------------------------------------------------------


def with_cells(**cells):
    lines = shapes.rows(families(2))
    for title, text in cells.items():
        lines[1][TITLES.index(title)] = text
    return as_csv([TITLES, *lines])


CELLS = [
    ({"公民身份号码": "32049919900101001X"}, "refused", "identity", "mistyped"),
    ({"公民身份号码": "3.20499E+17"}, "refused", "identity", "rounded"),
    ({"公民身份号码": "320499199001010000"}, "refused", "identity", "became zeros|mistyped"),
    ({"公民身份号码": "320499900101001"}, "refused", "identity", "15 digits"),
    ({"出生日期": "1951-13-45"}, "cells", "date", "date that exists"),
    ({"出生日期": "2051-02-02"}, "cells", "date", "future"),
    ({"出生日期": "1980-01-01"}, "refused", "contradict", "differ"),
    ({"性别": "男"}, "refused", "contradict", "differ"),
    ({"姓名": ""}, "refused", "name", "missing"),
    ({"姓名": "王3五"}, "refused", "badname", "letters only"),
    ({"民族": "火星族"}, "cells", "code", "not in the list"),
    ({"联系电话": "12345"}, "cells", "phone", "mobile number"),
    ({"与户主关系": "邻居家"}, "cells", "relation", "not known"),
    ({"与户主关系": "户主"}, "refused", "heads", "head already, in row 2"),
    ({"人户状态": "人户分离"}, "refused", "presence", "Say which"),
    ({"公民身份号码": "", "出生日期": ""}, "refused", "birth", "neither"),
]


@pytest.mark.parametrize(("cells", "outcome", "code", "sentence"), CELLS)
def test_each_wrong_cell_has_its_sentence(ground, cells, outcome, code, sentence):
    batch = checked(with_cells(**cells))
    assert batch.counts["outcomes"] == {"new": 5, outcome: 1}
    problem = batch.problems.get()
    assert (problem.code, problem.row) == (code, 2)
    with translation.override("en"):
        [shown] = presenting.problems(batch, [problem])
    assert pytest.importorskip("re").search(sentence, shown.sentence), shown.sentence
    assert shown.row == "3"
    assert "320499" not in shown.cell


def test_twice_in_the_file(ground):
    lines = shapes.rows(families(1))
    batch = checked(as_csv([TITLES, *lines, lines[0]]))
    assert batch.counts["outcomes"] == {"new": 3, "refused": 1}
    assert set(batch.problems.values_list("code", flat=True)) == {"twice"}
    assert batch.problems.get().other == 2


def test_the_number_of_somebody_else(ground):
    one = families(1)[0]
    factories.person("王别人", identity=one.number)
    batch = checked(shapes.plain([one]))
    assert batch.problems.get().code == "conflict"
    assert batch.counts["outcomes"] == {"refused": 1}


def test_two_holders_of_a_number(ground):
    one = families(1)[0]
    factories.person(one.name, identity=one.number)
    factories.person("王别人", identity=one.number)
    assert checked(shapes.plain([one])).problems.get().code == "holders"


def test_known_in_another_community_is_a_matter_of_transfer(ground):
    one = families(1)[0]
    factories.person(one.name, identity=one.number, place=factories.FUDU)
    batch = checked(shapes.plain([one]))
    assert batch.counts["outcomes"] == {"elsewhere": 1}
    problem = batch.problems.get()
    assert (problem.code, problem.place) == ("elsewhere", factories.FUDU)


def test_no_number_and_the_same_name_and_birth_is_settled_by_hand(ground):
    one = families(1)[0]
    factories.person(one.name, identity=one.number)
    one.number = ""
    assert checked(shapes.plain([one])).problems.get().code == "perhaps"


def test_dead_in_the_file_and_not_known(ground):
    lines = [[*TITLES, "人员状态"], *([*row, "死亡"] for row in shapes.rows(families(1)))]
    batch = checked(as_csv(lines))
    assert batch.counts["outcomes"] == {"refused": 3}
    assert set(batch.problems.values_list("code", flat=True)) == {"absent"}


def test_a_place_outside_the_post_or_unknown(ground):
    titles = [*TITLES, "社区代码"]
    rows = shapes.rows(families(1))
    lines = [titles, [*rows[0], factories.FUDU], [*rows[1], "320411002999"], [*rows[2], "无此社区"]]
    batch = checked(as_csv(lines))
    assert batch.counts["outcomes"] == {"refused": 3}
    with translation.override("en"):
        found = presenting.problems(
            batch, list(batch.problems.filter(code="division").order_by("row"))
        )
    assert [each.sentence for each in found] == [
        "This place lies outside the range of your post.",
        "There is no community or grid with this code.",
        "There is no community or grid of this name in the range of your post.",
    ]


def test_lenient_the_row_comes_without_the_cell(ground):
    batch = shapes.taken(checked(with_cells(联系电话="12345")), lenient=True)
    assert Person.objects.count() == 6
    assert Person.objects.filter(phone_hash=None).count() == 1
    assert batch.counts["written"] == {factories.TIANAN: 6}


def test_what_was_left_out_comes_back_as_it_was_with_the_reason(ground):
    from shanzhi.registry import refusing

    batch = checked(with_cells(公民身份号码="3.20499E+17", 备注="=1+1"))
    with translation.override("en"):
        header, row = list(csv.reader(io.StringIO(refusing.as_csv(batch).lstrip("\ufeff"))))
        book = openpyxl.load_workbook(io.BytesIO(refusing.as_xlsx(batch)))
    assert header[:34] == TITLES
    assert row[TITLES.index("公民身份号码")] == "3.20499E+17"
    assert row[TITLES.index("备注")] == "'=1+1"
    assert row[-2] == "3"
    assert "rounded" in row[-1]
    assert [cell.value for cell in book.active[2]] == [cell or None for cell in row]
    assert book.active.cell(2, 3 + 1).value == families(2)[1].name


def test_nor_is_a_title_of_the_file_calculated(ground):
    from shanzhi.registry import refusing

    batch = checked(with_cells(公民身份号码="3.20499E+17"))
    batch.layout["titles"][0] = "=HYPERLINK(0)"
    assert refusing.as_csv(batch).startswith("\ufeff'=HYPERLINK(0),")
    book = openpyxl.load_workbook(io.BytesIO(refusing.as_xlsx(batch)))
    assert book.active.cell(1, 1).value == "'=HYPERLINK(0)"


# --- values ---------------------------------------------------------------------------------------


@given(st.dates(date(1881, 1, 1), TODAY))
def test_a_day_is_read_in_every_form_people_write_it(day):
    forms = [
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day:%Y-%m-%d} 00:00:00",
    ]
    assert {values.read_date(text, today=TODAY) for text in forms} == {day}
    if day >= date(1901, 1, 1):
        assert values.read_date(str((day - values.DAY_ZERO).days), today=TODAY) == day


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_a_sentence(text):
    for code in ("person.name", "person.birth", "person.phone", "person.sex", "bank.number",
                 "row.relation", "row.presence", "person.education", "home.holding"):  # fmt: skip
        try:
            values.reader(code, today=TODAY)(values.tidy(text))
        except Refused as refusal:
            assert str(refusal)
    try:
        values.read_identity(text, "", today=TODAY)
    except Refused as refusal:
        assert str(refusal)


@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        ("person.sex", "男", "1"),
        ("person.sex", "1", "1"),
        ("person.ethnic", "汉", "01"),
        ("person.ethnic", "汉族", "01"),
        ("person.ethnic", "1", "01"),
        ("person.education", "大专", "30"),
        ("person.education", "本科", "20"),
        ("person.political", "党员", "01"),
        ("row.relation", "长子", "20"),
        ("row.relation", "本人", "02"),
        ("row.relation", "21", "20"),
        ("person.work", "退休", "70"),
        ("person.document", "身份证", "111"),
        ("home.holding", "出租", "20"),
        ("person.phone", "0519-88001234", "051988001234"),
        ("person.phone", "13800001234/13800004321", "13800001234"),
        ("person.phone", "13800001234.0", "13800001234"),
        ("person.state", "已故", "dead"),
        ("row.presence", "空挂户", (1,)),
        ("row.presence", "租住", (2,)),
    ],
)
def test_labels_and_codes_are_both_understood(code, text, value):
    assert values.reader(code, today=TODAY)(text) == value
