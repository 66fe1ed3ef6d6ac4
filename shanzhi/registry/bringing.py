"""A file as it arrives: kept, looked at, and its columns guessed. Nothing is checked yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from .commands import imports as commands
from .intake import cells, guessing, headers, keeping
from .intake.cells import Line
from .intake.guessing import Column
from .intake.headers import Header
from .models import Batch, Feed, Source
from .queries import imports as batches
from .rules import imports as rules


def bring(
    *,
    content: Iterable[bytes],
    name: str,
    source: Source,
    place: str,
    by: Actor,
    at: datetime,
    feed: Feed | None = None,
) -> Batch:
    """Onto the disk, sealed, and into the list of imports; Refused if it is no table."""
    rules.check_place(place)
    rules.check_may_import(by, place)
    stored = keeping.store(content)
    try:
        with keeping.opened(stored.id) as path:
            layout = cells.look(path)
            heads = cells.heads(path, layout)
        main, header = best(heads)
        kept = layout.as_json() | {"main": main, "first": header.first, "height": header.height}
        return commands.bring_file(
            file=stored.id, name=name, size=stored.size, digest=stored.digest, layout=kept,
            source=source, place=place, by=by, at=at, feed=feed,
        )  # fmt: skip
    except BaseException:
        keeping.remove(stored.id)
        raise


def best(heads: dict[int, list[Line]]) -> tuple[int, Header]:
    """The sheet whose titles name most, and its header."""
    found = {sheet: headers.find(lines) for sheet, lines in heads.items() if lines}
    if not found:
        raise Refused(_("This file is empty."), field="file")
    main = max(found, key=lambda sheet: (len(set(found[sheet].known) - {""}), -sheet))
    return main, found[main]


@dataclass(frozen=True)
class Assigning:
    """What the page of columns shows. `begins` are the sheets that are read, and below which row;
    `left` are the names of sheets that have other titles.
    """

    header: Header
    columns: list[Column]
    begins: dict[int, int]
    left: list[str]
    head: list[Line]


def header_of(batch: Batch, first: int | None = None, height: int | None = None) -> Assigning:
    """The header as found, or the rows somebody says it is in (height 0: there is none)."""
    layout = cells.Layout.of(batch.layout)
    with keeping.opened(batch.file) as path:
        heads = cells.heads(path, layout)
    main = batch.layout["main"]
    if first is None or height is None:
        first, height = batch.layout["first"], batch.layout["height"]
    header = _header(heads[main], first, height)
    begins, left = {}, []
    for sheet, lines in heads.items():
        if (below := _below(lines, header, sheet == main, first, height)) is None:
            left.append(layout.sheets[sheet])
        else:
            begins[sheet] = below
    body = [line for line in heads[main] if line.number > begins[main]]
    remembered = batches.remembered(batch.source, header.fingerprint)
    columns = guessing.columns(header, body, batch.columns or remembered)
    return Assigning(header, columns, begins, [name for name in left if name], heads[main])


def _header(lines, first, height):
    if height == 0:
        width = max((len(line.cells) for line in lines), default=0)
        return Header(0, 0, ("",) * width, ("",) * width)
    found = headers.read(lines, first, height)
    if found is None:
        raise Refused(_("These rows cannot be the titles; choose others."), field="first")
    return found


def _below(lines, header, main, first, height):
    """The last row of the titles in a sheet; None where it has other titles."""
    if main:
        return lines[first + height - 1].number if height else 0
    found = headers.find(lines) if lines else None
    if found is None or not header.height or found.titles != header.titles:
        return None
    return lines[found.first + found.height - 1].number


def layout_with(batch: Batch, found: Assigning) -> dict[str, Any]:
    """The batch's layout once its header is settled."""
    return batch.layout | {
        "first": found.header.first,
        "height": found.header.height,
        "titles": list(found.header.titles),
        "begins": {str(sheet): row for sheet, row in found.begins.items()},
        "expected": _expected(batch, found),
    }


def _expected(batch, found):
    """So many rows as the first ones let expect; a text has no count of its own."""
    sample = sum(len(",".join(line.cells).encode()) for line in found.head) or 1
    return round(batch.size * len(found.head) / sample) if batch.layout["kind"] == "csv" else 0
