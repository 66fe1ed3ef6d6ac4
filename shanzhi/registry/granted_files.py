"""What was read by a grant as a file to be taken along."""

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _

from shanzhi.kernel import sheets

from .queries.granted import Column, Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def made(columns: Sequence[Column], rows: Sequence[Row], kind: str) -> tuple[bytes, str]:
    """The content with its type; every cell is text, and none is calculated."""
    lines = [[str(column.entry.element.title) for column in columns]]
    lines += [[row.values[column.code] for column in columns] for row in rows]
    if kind == "csv":
        return "".join(sheets.lines(lines)).encode(), "text/csv; charset=utf-8"
    import openpyxl  # 5 MB in every web process, and asked for seldom

    book, out = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet(_("Persons"))
    for line in lines:
        sheet.append([sheets.safe(cell) for cell in line])
    book.save(out)
    return out.getvalue(), XLSX
