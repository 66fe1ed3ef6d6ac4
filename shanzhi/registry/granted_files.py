"""What was read by a grant as a file to be taken along."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shanzhi.kernel import sheets

from .queries.granted import Column, Row


def made(columns: Sequence[Column], rows: Sequence[Row], kind: str) -> tuple[bytes, str]:
    """The content with its type; every cell is text, and none is calculated."""
    lines = [[str(column.entry.element.title) for column in columns]]
    lines += [[row.values[column.code] for column in columns] for row in rows]
    if kind == "csv":
        return "".join(sheets.lines(lines)).encode(), "text/csv; charset=utf-8"
    return sheets.workbook(lines, _("Persons")), sheets.XLSX
