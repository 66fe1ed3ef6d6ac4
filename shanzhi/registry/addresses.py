"""The parts of an address in one spelling, so that one door is one dwelling."""

import re
import unicodedata
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, crypto
from shanzhi.places.models import Estate

from . import numerals

ENDINGS = {
    "number": re.compile("号+$"),
    "building": re.compile("(?:幢|栋|座|楼|号楼|#)+$"),
    "unit": re.compile("(?:单元|门)+$"),
    "room": re.compile("(?:室|房|号)+$"),
}
SPACE, ZEROS = re.compile(r"\s+"), re.compile(r"^0+(?=\d)")
NUMERAL = re.compile(f"[{numerals.SIGNS}]+")
LONGEST = {"road": 60, "number": 20, "building": 20, "unit": 20, "room": 20}


@dataclass(frozen=True)
class Address:
    """`place` is the community or grid; the rest may be "", but something leads to a door."""

    place: str
    estate: Estate | None = None
    road: str = ""
    number: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""

    @property
    def door(self) -> dict[str, str]:
        return {part: getattr(self, part) for part in ("number", "unit", "room")
                if getattr(self, part)}  # fmt: skip


def spelled(address: Address) -> Address:
    """竹林北路 ２５６号 十二幢 0１单元 ３０１室 → 256, 12, 1, 301."""
    parts = {part: _part(part, getattr(address, part)) for part in LONGEST}
    for part, text in parts.items():
        if len(text) > LONGEST[part]:
            raise Refused(_("At most %(count)s characters.") % {"count": LONGEST[part]}, field=part)
    address = replace(address, **parts)
    if not (address.estate or address.road):
        raise Refused(_("Enter the estate, or the road and number."), field="road")
    if not (address.number or address.building or address.room):
        raise Refused(_("Enter the building or the number, so that the door is found."),
                      field="building")  # fmt: skip
    return address


def door_hash(address: Address) -> bytes:
    """Of a spelled address. Inside an estate the building leads on; which gate it has does not."""
    inside = address.estate is not None and address.building != ""
    parts = (
        address.place[:12],
        "" if inside else address.road,
        "" if inside else address.number,
        str(address.estate.pk) if address.estate else "",
        address.building,
        address.unit,
        address.room,
    )
    return crypto.keyed_hash("|".join(parts), kind="dwelling")


def line(address: Address) -> str:
    """天安别墅12幢1单元301室, or 竹林北路256号."""
    number = f"{address.number}号" if address.number else ""
    building = f"{address.building}幢" if address.building else ""
    unit = f"{address.unit}单元" if address.unit else ""
    room = f"{address.room}室" if address.room else ""
    estate = address.estate.name if address.estate else ""
    return f"{address.road}{number}{estate}{building}{unit}{room}"


def _part(part, text):
    if not text:
        return ""
    text = SPACE.sub("", unicodedata.normalize("NFKC", text)).upper()
    if part == "road":
        return text
    text = ENDINGS[part].sub("", text)
    if NUMERAL.fullmatch(text):
        text = numerals.counted(text)
    return ZEROS.sub("", text) if part != "room" else text
