"""The catalogue as it is searched: by title, code and synonym, without asking the database."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from re import compile as pattern

from django.utils.translation import get_language

from .. import kinds
from ..kinds import Entry

LONGEST = 60  # characters of a question that count
BETWEEN = pattern(r"[\W_]+")
DEFINED = 90  # the rank of what only the definition says


@dataclass(frozen=True)
class Named:
    """One way to say an element: `rank` is how good the name is, the title before synonyms."""

    text: str
    rank: int
    entry: Entry


def plain(text: str) -> str:
    """One spelling for comparison: half width, lower case, without spaces and signs."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text or "").lower())


def search_elements(text: str, limit: int = 20) -> list[Entry]:
    """Elements that are called so, best first: 手机, 联系电话 and 电话 all find person.phone.

    The whole name comes before its beginning, that before any part of it, and last the question
    that has a name in it (本人联系电话号码). Nothing asked, nothing found.
    """
    wanted = plain(text[:LONGEST])
    if not wanted:
        return []
    best: dict[str, tuple[tuple[int, ...], Entry]] = {}
    for named in _index(get_language(), len(kinds.SECTIONS)):
        if rank := _rank(wanted, named):
            code = named.entry.code
            if code not in best or rank < best[code][0]:
                best[code] = rank, named.entry
    found = sorted(best.values(), key=lambda each: each[0])
    return [entry for _rank_of, entry in found[:limit]]


def element_named(text: str) -> Entry | None:
    """The element that has exactly this name in one spelling, as a column of a table has it."""
    return _exact(get_language(), len(kinds.SECTIONS)).get(plain(text[:LONGEST]))


def _rank(wanted, named):
    name = named.text
    if named.rank >= DEFINED:
        return (5, len(name), named.rank) if wanted in name and len(wanted) > 1 else None
    if wanted == name:
        return 1, named.rank, 0
    if name.startswith(wanted):
        return 2, named.rank, len(name)
    if wanted in name:
        return 3, named.rank, len(name)
    if len(name) > 1 and name in wanted:
        return 4, -len(name), named.rank
    return None


@lru_cache(8)
def _index(language: str | None, sections: int) -> tuple[Named, ...]:
    """Of one language; `sections` is how many there are, for one that registers later."""
    return tuple(named for entry in kinds.entries() for named in _names(entry))


@lru_cache(8)
def _exact(language: str | None, sections: int) -> dict[str, Entry]:
    """By whole name; where two elements have it, the one whose better name it is."""
    ranked = sorted(_index(language, sections), key=lambda named: -named.rank)
    return {named.text: named.entry for named in ranked if named.text}


def _names(entry):
    ways = [str(entry.element.title), *entry.synonyms, entry.code, entry.element.field]
    seen = set()
    for rank, way in enumerate(ways):
        text = plain(way)
        if text and text not in seen:
            seen.add(text)
            yield Named(text, rank, entry)
    yield Named(plain(str(entry.element.definition)), DEFINED, entry)
