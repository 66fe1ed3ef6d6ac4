"""What a column can be: an element of the catalogue, or one of the few that say how the rows hang
together.
"""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .. import kinds
from ..queries.catalogue import plain


@dataclass(frozen=True)
class Structural:
    """Not an element: it says where a row belongs."""

    code: str
    title: str | Promise


STRUCTURAL = (
    Structural("row.relation", _("Relation to the head of household")),
    Structural("row.presence", _("Lives here or is only registered")),
    Structural("row.grid", _("Grid inside the community")),
    Structural("row.room", _("Room")),
    Structural("row.unit", _("Unit of the building")),
    Structural("row.gate", _("Number on the road")),
    Structural("row.since", _("Lives there since")),
    Structural("row.head", _("Name of the head of household")),
)
# Elements a ledger may fill; the rest of their sections follows from the row or is set by commands.
NOT_BY_FILE = {
    "household.dwelling", "household.place", "household.ended_on", "household.kind", "home.door",
    "home.longitude", "home.latitude",
}  # fmt: skip
SERIAL = {"序号", "编号", "no", "行号"}


@dataclass(frozen=True)
class Target:
    """A choice of the mapping page."""

    code: str
    title: str
    group: str


def all_targets() -> list[Target]:
    """Elements by section, then how rows hang together."""
    found = [
        Target(entry.code, str(entry.element.title), str(entry.section.title))
        for entry in kinds.entries()
        if entry.code not in NOT_BY_FILE
    ]
    rest = str(_("How rows hang together"))
    return found + [Target(each.code, str(each.title), rest) for each in STRUCTURAL]


def title_of(code: str) -> str:
    if entry := kinds.entry(code):
        return str(entry.element.title)
    return next((str(each.title) for each in STRUCTURAL if each.code == code), code)


def is_target(code: str) -> bool:
    if code in NOT_BY_FILE:
        return False
    return kinds.entry(code) is not None or code in {each.code for each in STRUCTURAL}


def named(text: str) -> str:
    """The target that has exactly this name in one spelling, or ""."""
    return _names(get_language(), len(kinds.SECTIONS)).get(plain(text), ("", 0))[0]


def rank(text: str) -> int:
    """How good a name it is for its target: the title first, then synonyms in their order."""
    return _names(get_language(), len(kinds.SECTIONS)).get(plain(text), ("", 99))[1]


@cache
def _further():
    """Ways in which ledgers name a column, beside the catalogue's synonyms."""
    path = Path(__file__).parents[1] / "data" / "columns.csv"
    with path.open(encoding="utf-8") as file:
        return {row["target"]: row["names"].split() for row in csv.DictReader(file)}


@lru_cache(8)
def _names(language, sections):
    known: dict[str, tuple[str, int]] = {}
    for each in STRUCTURAL:
        for place, name in enumerate([*_further().get(each.code, ()), str(each.title)]):
            known.setdefault(plain(name), (each.code, place))
    ways = [
        (entry.code, [str(entry.element.title), *entry.synonyms, *_further().get(entry.code, ())])
        for entry in kinds.entries()
        if entry.code not in NOT_BY_FILE
    ]
    for code, names in ways:
        for place, name in enumerate([*names, code]):
            known.setdefault(plain(name), (code, place))
    return known
