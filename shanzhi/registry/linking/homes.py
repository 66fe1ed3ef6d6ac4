"""Addresses as lists have them: 三井街道天安别墅12幢1单元301室, 天安别墅12-1-301, 竹林北路256号."""

import re
import unicodedata
from dataclasses import dataclass

from ..numerals import SIGNS, counted

NUMERAL = re.compile(f"[{SIGNS}]+(?=幢|栋|座|号|单元|室|楼|门)")
DIVISION = re.compile(
    r"^(?:[^\d\s]{1,8}?(?:省|自治区|市|自治州|县|(?<!小)区|街道办事处|街道|镇|乡|居委会|村委会))+(?=.)"
)
DASHES = re.compile(r"(\d+)[-–—#](\d+)(?:[-–—](\d+))?")
BUILDING = re.compile(r"([\da-z]+)(?:幢|栋|座|号楼|楼)")
ROOM = re.compile(r"([\da-z]+)(?:室|房)?$")
ROAD = re.compile(r"([^\d\s]{1,12}?(?:路|街|巷|弄|大道))(\d+)号?")


@dataclass(frozen=True)
class Home:
    """What can be compared of an address; "" where it does not say."""

    estate: str = ""
    building: str = ""
    room: str = ""
    road: str = ""  # with its number

    @property
    def estate_key(self) -> str:
        return self.estate or self.road

    @property
    def building_key(self) -> str:
        return f"{self.estate_key}/{self.building}" if self.estate_key and self.building else ""

    @property
    def door_key(self) -> str:
        """The unit is often left out and tells little: a room has its number once a building."""
        if not (self.estate_key and self.room and (self.building or self.road)):
            return ""
        return f"{self.estate_key}/{self.building}/{self.room}"


def read(text: str) -> Home:
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).lower()
    text = NUMERAL.sub(lambda found: counted(found[0]), DIVISION.sub("", text))
    road = ROAD.search(text)
    rest = text[road.end() :] if road and road.start() < 3 else text
    building, room = _inside(rest)
    return Home(
        estate=_estate(rest),
        building=building,
        room=room,
        road=road[1] + road[2] if road else "",
    )


def of_parts(estate: str, road: str, number: str, building: str, room: str) -> Home:
    """Of a dwelling of the registry; its parts already have one spelling."""
    return Home(
        estate=_plain(estate), building=building.lower(), room=room.lower(),
        road=road + number if road and number else "",
    )  # fmt: skip


def _estate(text):
    """The words before the first number."""
    return _plain(re.split(r"[\da-z(（#]", text, maxsplit=1)[0])


def _plain(estate):
    return re.sub(r"(小区|花苑|家园|公寓|住宅区)$", "", estate) or estate


def _inside(text):
    if dashed := DASHES.search(text):
        first, second, third = dashed.groups()
        return _bare(first), _bare(third or second)
    building = BUILDING.search(text)
    rest = text[building.end() :] if building else text
    rest = re.sub(r"^[甲乙丙丁\da-z]+(?:单元|门)", "", rest)
    room = ROOM.search(rest)
    return _bare(building[1]) if building else "", _bare(room[1]) if room else ""


def _bare(number):
    return re.sub(r"^0+(?=\w)", "", number)
