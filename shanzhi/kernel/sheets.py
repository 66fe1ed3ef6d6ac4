"""Files as spreadsheets read and write them."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from . import Refused

# A spreadsheet would calculate such a cell, or drop its first character; a Chinese one takes the
# signs of full width for the same.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")
UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a workbook cannot hold them
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK = "\ufeff"  # or a spreadsheet takes UTF-8 for the code page of its computer


class Echo:
    """A file for csv.writer that gives every line back."""

    def write(self, text: str) -> str:
        return text


def safe(cell: Any) -> Any:
    """
    >>> safe("=1+1"), safe("12号"), safe(7), safe("\\x0b=1")
    ("'=1+1", '12号', 7, "'=1")
    """
    if not isinstance(cell, str):
        return cell
    cell = UNPRINTED.sub("", cell)
    return f"'{cell}" if cell.startswith(FORMULA) else cell


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


def table(
    content: bytes, titles: Mapping[str, str], needed: Iterable[str], also: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV file that hold something, numbered, with their cells by name.

    A column is called by its name, by its title in `titles`, or as in `also`.
    """
    if (text := decoded(content)) is None:
        raise Refused(_("Save the file as CSV, in UTF-8 or GB18030."), field="file")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    names = {title: name for name, title in titles.items()} | also
    try:
        heads = [names.get(head.strip(), head.strip()) for head in reader.fieldnames or []]
        if missing := [titles[name] for name in needed if name not in heads]:
            raise Refused(_("The file has no column %(names)s.") % {"names": "、".join(missing)},
                          field="file")  # fmt: skip
        reader.fieldnames = heads
        for row in reader:
            cells = {name: plain((cell or "").strip()) for name, cell in row.items() if name}
            if any(cells.values()):
                yield reader.line_num, cells
    except csv.Error as error:
        raise Refused(_("The file cannot be read: %(error)s") % {"error": error},
                      field="file") from None  # fmt: skip


def decoded(content: bytes) -> str | None:
    """The text of a file in UTF-8 or GB18030; None of another kind of file."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None
