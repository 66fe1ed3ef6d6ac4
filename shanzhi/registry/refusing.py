"""The rows of a file that were not taken over, as they were, with the reasons beside them."""

import csv
import io
from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import gettext as _

from . import packing
from .models import Batch, Chunk, Problem
from .presenting import imports as presenting
from .queries.imports_known import CELLS, ELSEWHERE, REFUSED

OUT = {REFUSED, ELSEWHERE, CELLS}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MOST = 100_000  # rows of a workbook; a text has no limit


def lines(batch: Batch) -> Iterator[list[str]]:
    """The header, then each row left out."""
    out = OUT - {CELLS} if batch.lenient else OUT
    yield [*batch.layout.get("titles", []), _("Row"), _("Why it was not taken over")]
    width = len(batch.columns)
    for chunk in Chunk.objects.filter(batch=batch).order_by("number").iterator(chunk_size=5):
        kept = packing.unpack(chunk.sealed, packing.context(batch.pk, chunk.number))
        reasons = _reasons(batch, chunk, kept)
        for n, row in enumerate(kept, chunk.first):
            if row.outcome in out or (n in reasons and row.cells is None):
                cells = [_bare(cell) for cell in row.cells or []]
                yield [*cells, *[""] * (width - len(cells)), presenting.row_name(batch, row),
                       " ".join(reasons.get(n, []))]  # fmt: skip


def _reasons(batch, chunk, kept):
    last = chunk.first + chunk.rows
    rows = Problem.objects.filter(batch=batch, row__gte=chunk.first, row__lt=last)
    found = {}
    for row, problems in groupby(rows.order_by("row", "id"), key=lambda each: each.row):
        cells = kept[row - chunk.first].cells or []
        found[row] = [
            presenting.sentence(batch, each, cells[each.column]
                                if each.column is not None and each.column < len(cells) else "")
            for each in problems
        ]  # fmt: skip
    return found


def _bare(cell):
    """A spreadsheet would calculate it."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def as_csv(batch: Batch) -> Iterator[bytes]:
    """With the mark by which Excel knows UTF-8."""
    yield b"\xef\xbb\xbf"
    for line in lines(batch):
        out = io.StringIO()
        csv.writer(out, lineterminator="\r\n").writerow(line)
        yield out.getvalue().encode()


def as_xlsx(batch: Batch) -> bytes:
    """Every cell as text, so that numbers keep their digits."""
    import openpyxl  # 5 MB in every web process, and asked for once a day

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(_("Left out")[:30])
    for n, line in enumerate(lines(batch)):
        if n > MOST:
            break
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
