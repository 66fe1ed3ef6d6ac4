"""What goes into a spreadsheet is never calculated there, and what comes from one is told apart."""

import io

import openpyxl
import pytest

from shanzhi.kernel import Refused, sheets

TITLES = {"code": "编号", "name": "名称"}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=", "\n="])
def test_no_cell_is_calculated_whatever_its_width(sign):
    [line] = sheets.lines([[f"{sign}1+1"]], mark=False)
    assert line.lstrip('"').startswith(f"'{sign}")
    assert sheets.plain(sheets.safe(f"{sign}1+1")) == f"{sign}1+1"


def test_signs_that_a_workbook_cannot_hold_are_left_out():
    content = sheets.workbook([["名称"], ["天安\x0b社区\x1f"], ["\x0b=1+1"], [7]])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert [row[0].value for row in sheet.rows] == ["名称", "天安社区", "'=1+1", 7]


def test_a_table_is_read_by_the_titles_of_its_columns():
    content = "编号,别的,name\r\n1,x,'=天安\r\n,,\r\n2,,红梅,多\r\n".encode("gb18030")
    assert list(sheets.table(content, TITLES, ["code"], {})) == [
        (2, {"code": "1", "别的": "x", "name": "=天安"}),
        (4, {"code": "2", "别的": "", "name": "红梅"}),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("名称\n天安\n".encode(), "no column 编号"),
        (b"\xff\xff\xff", "Save the file as CSV"),
        (b"code\n" + b"1" * 200_000, "cannot be read"),
        (b"1" * 200_000, "cannot be read"),
        (b"", "no column 编号"),
    ],
)
def test_what_is_no_such_table_is_refused(content, sentence):
    with pytest.raises(Refused, match=sentence):
        list(sheets.table(content, TITLES, ["code"], {}))
