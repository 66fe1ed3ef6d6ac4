"""The dwelling of a row: from its columns, or from an address as written."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from shanzhi.kernel import Refused, crypto
from shanzhi.places.models import Estate

from ..addresses import Address, door_hash, spelled
from . import ground, written

PARTS = {
    "home.road": "road", "row.gate": "number", "home.building": "building", "row.unit": "unit",
    "row.room": "room",
}  # fmt: skip
BUILDING_SHEET = re.compile(r"^\D*?(\d+[A-Za-z]?)(?:号楼|幢|栋|座|#|楼)")
WITH_UNIT = re.compile(r"(\d+)[-－](\w+)")


@dataclass(frozen=True)
class Home:
    """`key` is the door's hash, 32 bytes; `place` its grid where the estate tells it."""

    place: str
    key: bytes
    estate: int | None
    road: str
    building: str
    door: dict[str, str]
    written: str
    holding: str = ""

    def parts(self) -> list[Any]:
        """As they lie in a chunk."""
        return [self.place, self.key.hex(), self.estate, self.road, self.building, self.door,
                self.written, self.holding]  # fmt: skip

    @classmethod
    def of(cls, parts: list[Any]) -> "Home":
        place, key, *rest = parts
        return cls(place, bytes.fromhex(key), *rest)


def home(where: ground.Ground, place: str, texts: dict[str, str], building: str) -> Home | None:
    """None where nothing leads to a door."""
    parts = tuple((part, texts[code]) for code, part in PARTS.items() if code in texts)
    if building:
        parts += (("building", building),)
    if not parts and "home.written" not in texts:
        return None
    return _home(
        _Kept(where), place, parts, texts.get("home.estate", ""), texts.get("home.written", "")
    )


def holding(found: Home, code: str) -> Home:
    return replace(found, holding=code)


def building_of_sheet(name: str) -> str:
    found = BUILDING_SHEET.search(unicodedata.normalize("NFKC", name))
    return found[1] if found else ""


class _Kept:
    """The ground as a part of a key: the same one all through a file."""

    def __init__(self, where):
        self.where = where

    def __hash__(self):
        return id(self.where)

    def __eq__(self, other):
        return self.where is other.where


@lru_cache(2048)  # those of a household follow each other
def _home(kept, place, parts, estate_name, text):
    where, community = kept.where, place[:12]
    found = ground.estate(where, community, estate_name) if estate_name else None
    if not found and (estate_name or text):
        found = ground.estate_in(where, community, f"{estate_name}{text}")
    told = dict(parts)
    if text and not {"building", "room"} & told.keys():
        apart = written.take_apart(text, found[0] if found else estate_name)
        told = {part: value for part, value in vars(apart).items() if value} | told
    dashed = WITH_UNIT.fullmatch(told.get("room", ""))
    if dashed and "unit" not in told:
        told["unit"], told["room"] = dashed.groups()
    return _at_door(place, found, told, text) or _by_words(place, estate_name, parts, text)


def _at_door(place, found, told, text):
    estate = Estate(pk=found[1], name=found[0]) if found else None
    try:
        address = spelled(Address(place, estate, **told))
    except Refused:
        return None
    if not (address.room or address.number):
        return None  # a building alone is not a door
    grid = found[2] if found and found[2].startswith(place) else place
    return Home(grid, door_hash(address), found[1] if found else None, address.road,
                address.building, address.door, text)  # fmt: skip


def _by_words(place, estate_name, parts, text):
    """What cannot be taken apart is kept as it was written; the same words are the same home."""
    whole = text or estate_name + "".join(value for _part, value in parts)
    word = re.sub(r"\s+", "", unicodedata.normalize("NFKC", whole)).upper()
    key = crypto.keyed_hash(f"{place[:12]}|{word}", kind="dwelling written")
    return Home(place, key, None, "", "", {}, whole)
