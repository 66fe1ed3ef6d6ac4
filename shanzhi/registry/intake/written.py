"""An address as somebody wrote it, taken apart into what leads to a door."""

import re
import unicodedata
from dataclasses import dataclass

from ..numerals import SIGNS

PART = rf"[0-9A-Z甲乙丙丁东西南北{SIGNS}]+(?:[-之][0-9A-Z]+)?"
ROAD = re.compile(
    r"([一-鿿]{2,12}?(?:大道|路|街|巷|弄|里))(\d+(?:[-之]\d+)?(?:弄\d+)?)号?(?![\d幢栋])"
)
BUILDING = re.compile(rf"({PART})(?:号楼|幢|栋|座|#)")
UNIT = re.compile(rf"({PART})(?:单元|门洞|梯)")
ROOM = re.compile(rf"({PART})(?:室|房|户)?$")
DASHED = re.compile(r"(\d+[A-Z]?)-(?:(\d+)-)?(\d{3,4}[A-Z]?)室?$")
ABOVE = re.compile(
    r"^(?:[一-鿿]{2,8}?省)?(?:[一-鿿]{2,6}?市)?(?:[一-鿿]{2,6}?[区县])?"
    r"(?:[一-鿿]{2,8}?(?:街道|镇|乡))?"
    r"(?:[一-鿿]{2,8}?(?:社区|村委会|居委会))?"
)


@dataclass(frozen=True)
class Written:
    road: str = ""
    number: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""


def take_apart(text: str, estate: str = "") -> Written:
    """天安别墅12幢1单元301室 → 12, 1, 301; 天安别墅12-1-301 too; 竹林北路256号 → its road."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    text = ABOVE.sub("", text, count=1) if not estate else text
    before, after = text, text
    if estate:
        head, name, tail = text.partition(estate.upper())
        before, after = (ABOVE.sub("", head, count=1), tail) if name else (text, text)
    road, number = _road(before)
    if not estate:
        after = after.partition(f"{road}{number}")[2].removeprefix("号") if road else after
    return _inside(road, number, after)


def _road(text):
    found = ROAD.search(text)
    return (found[1], found[2]) if found else ("", "")


def _inside(road, number, text):
    if dashed := DASHED.search(text):
        return Written(road, number, dashed[1], dashed[2] or "", dashed[3])
    building, unit = BUILDING.search(text), UNIT.search(text)
    start = max((found.end() for found in (building, unit) if found), default=0)
    room = ROOM.search(text[start:]) if start or road else None
    return Written(
        road,
        number,
        building[1] if building else "",
        unit[1] if unit else "",
        room[1] if room else "",
    )
