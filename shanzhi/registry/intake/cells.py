"""A file as rows of text, whatever it is: which format, which encoding, what it may not be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused

from . import texts, workbooks

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any workbook with a password
ZIP = b"PK\x03\x04"
KNOWN = {  # what people send instead, told by its first bytes
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"{\\rtf": "RTF",
    b"<html": "HTML",
    b"<!DOC": "HTML",
}
MOST_COLUMNS = 200
MOST_ROWS = 1_100_000
HEAD = 40  # rows in which the titles are looked for


@dataclass(frozen=True)
class Layout:
    """How a file is read. `sheets` are those of a workbook, [""] of a text."""

    kind: str  # "csv" or "xlsx"
    sheets: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""

    def as_json(self) -> dict:
        return {"kind": self.kind, "sheets": list(self.sheets), "encoding": self.encoding,
                "delimiter": self.delimiter}  # fmt: skip

    @classmethod
    def of(cls, kept: dict) -> "Layout":
        return cls(kept["kind"], tuple(kept["sheets"]), kept["encoding"], kept["delimiter"])


@dataclass(frozen=True)
class Line:
    """A row of a sheet; `number` as the spreadsheet shows it, from 1."""

    sheet: int
    number: int
    cells: list[str]


def look(path: Path) -> Layout:
    """What the file is; Refused where it cannot be read, with what to do instead."""
    with path.open("rb") as file:
        begins = file.read(8)
    if not begins:
        raise Refused(_("This file is empty."), field="file")
    if begins == OLD_OFFICE:
        raise Refused(
            _(
                "This is an old Excel file (.xls), or one with a password. Open it, choose "
                "“Save as”, “Excel workbook (.xlsx)” without a password, and send that."
            ),
            field="file",
        )
    if begins.startswith(ZIP):
        return Layout("xlsx", tuple(workbooks.check(path)))
    _refuse_other(begins)
    encoding = texts.encoding_of(path)
    return Layout("csv", ("",), encoding, texts.delimiter_of(path, encoding))


def _refuse_other(begins):
    for mark, kind in KNOWN.items():
        if begins.startswith(mark):
            raise Refused(
                _("This is a %(kind)s file, not a table. Send .xlsx or .csv.") % {"kind": kind},
                field="file",
            )


def lines(path: Path, layout: Layout, sheets: set[int] | None = None) -> Iterator[Line]:
    """Every row that has anything in it, sheet after sheet; merged cells hold their value in all
    of their rows.
    """
    if layout.kind == "xlsx":
        found = workbooks.rows(path, sheets)
    else:
        found = ((0, n, row) for n, row in texts.rows(path, layout.encoding, layout.delimiter))
    count = 0
    for sheet, number, cells in found:
        if len(cells) > MOST_COLUMNS:
            cells = _few(cells)
        if any(cells):
            count += 1
            if count > MOST_ROWS:
                raise Refused(
                    _("A file may have at most %(count)s rows; divide it.") % {"count": MOST_ROWS},
                    field="file",
                )
            yield Line(sheet, number, cells)


def _few(cells):
    """Empty columns to the right are no columns; too many others are no table of persons."""
    last = max((n for n, cell in enumerate(cells, 1) if cell), default=0)
    if last > MOST_COLUMNS:
        raise Refused(
            _("This table has %(found)s columns; at most %(most)s can be taken.")
            % {"found": last, "most": MOST_COLUMNS},
            field="file",
        )
    return cells[:last]


def heads(path: Path, layout: Layout) -> dict[int, list[Line]]:
    """The first rows of each sheet."""
    found: dict[int, list[Line]] = {}
    for number in range(len(layout.sheets)):
        found[number] = []
        for line in lines(path, layout, {number}):
            found[number].append(line)
            if len(found[number]) >= HEAD:
                break
    return found
