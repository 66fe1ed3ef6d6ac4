"""Rows of a batch as they lie in its chunks: sealed together, and smaller than they were."""

import zlib
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

import orjson

from shanzhi.kernel import crypto

from . import kinds
from .queries.imports_known import NEW, SAME, Judged


@dataclass(slots=True)
class Kept:
    """A checked row. `cells` as they were are kept of rows that somebody may want back."""

    number: int
    sheet: int
    outcome: str
    cells: list[str] | None
    person: int | None
    place: str
    kinds: list[int]
    relation: str
    key: str
    household: str
    home: list[Any] | None
    sections: dict[str, dict[str, Any]]
    hash: str  # of the identity number, "" without one
    since: str = ""  # the day of moving in, where the row says it


def kept(judged: Judged) -> Kept:
    row = judged.row
    plain = judged.outcome in (NEW, SAME) and not row.problems
    return Kept(
        row.line.number, row.line.sheet, judged.outcome, None if plain else row.line.cells,
        judged.person, row.place, list(row.kinds), row.relation, row.key.hex(), row.number,
        row.home.parts() if row.home else None, row.sections,
        judged.hash.hex() if judged.hash else "", row.since.isoformat() if row.since else "",
    )  # fmt: skip


def pack(rows: list[Kept], context: str) -> bytes:
    lines = list(map(attrgetter(*Kept.__slots__), rows))
    return crypto.seal(zlib.compress(orjson.dumps(lines), 1), context=context)


def unpack(sealed: bytes, context: str) -> list[Kept]:
    lines = orjson.loads(zlib.decompress(crypto.unseal(sealed, context=context)))
    return [Kept(*line) for line in lines]


def context(batch: int, number: int) -> str:
    return f"registry_chunk:{batch}:{number}"


def values_of(section: str, told: dict[str, Any]) -> dict[str, Any]:
    """Dates came back as text."""
    columns = {each.field: kinds.entry(f"{section}.{each.field}")
               for each in kinds.SECTIONS[section].elements if each.field in told}  # fmt: skip
    return {
        name: date.fromisoformat(value)
        if value is not None and columns[name].type == "date"
        else value
        for name, value in told.items()
    }
