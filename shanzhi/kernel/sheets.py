"""Files as spreadsheets read and write them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

# A spreadsheet would calculate such a cell, or drop its first character.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "\ufeff"  # or a spreadsheet takes UTF-8 for the code page of its computer


class Echo:
    """A file for csv.writer that gives every line back."""

    def write(self, text: str) -> str:
        return text


def safe(cell: Any) -> Any:
    """
    >>> safe("=1+1"), safe("12号"), safe(7)
    ("'=1+1", '12号', 7)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def plain(text: str) -> str:
    """What `safe` was given.

    >>> plain("'=1+1"), plain("'s-Gravenhage")
    ('=1+1', "'s-Gravenhage")
    """
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def lines(rows: Iterable[Sequence[Any]], *, mark: bool = True) -> Iterator[str]:
    """One after the other, so that a file of any length takes no memory."""
    out = csv.writer(Echo(), lineterminator="\r\n")
    for number, row in enumerate(rows):
        line = out.writerow([safe(cell) for cell in row])
        yield MARK + line if mark and not number else line


def workbook(rows: Iterable[Sequence[Any]], title: str = "", width: int = 18) -> bytes:
    """The same as .xlsx; the head stays in sight."""
    import openpyxl  # 5 MB in every web process, and asked for seldom

    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(title or None)
    sheet.freeze_panes = "A2"
    sheet.sheet_format.defaultColWidth = width
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    book.save(out)
    return out.getvalue()


def decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8 or GB18030; None of another kind of file."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
