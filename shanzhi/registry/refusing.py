"""The rows of a file that were not taken over, as they were, with the reasons beside them."""

from collections.abc import Iterator
from itertools import groupby, islice

from django.utils.translation import gettext as _

from shanzhi.kernel import sheets

from . import packing
from .models import Batch, Chunk, Problem
from .presenting import imports as presenting
from .queries.imports_known import CELLS, ELSEWHERE, REFUSED

OUT = {REFUSED, ELSEWHERE, CELLS}
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
                cells = row.cells or []
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


def as_csv(batch: Batch) -> str:
    return "".join(sheets.lines(lines(batch)))


def as_xlsx(batch: Batch) -> bytes:
    """Every cell as text, so that numbers keep their digits."""
    return sheets.workbook(islice(lines(batch), MOST + 1), _("Left out"))
