"""One entry of a list or of the registry, and the columns it is compared by."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from . import homes, names
from .homes import Home

EPOCH = date(1900, 1, 1)


@dataclass(frozen=True)
class Record:
    """`birth` as eight digits, "" where not known; a year alone is its first of January. `homes`
    are all known ones: of now, of the register, from before a marriage.
    """

    id: int
    name: str = ""
    former: tuple[str, ...] = ()
    sex: str = ""
    birth: str = ""
    phones: tuple[str, ...] = ()
    homes: tuple[Home, ...] = ()
    relation: str = ""


SEXES = {"男": "1", "女": "2", "1": "1", "2": "2"}


def from_row(number: int, row: Mapping[str, Any]) -> Record:
    """Of a row of a list under the names of the catalogue; what a record does not need is left."""
    addresses = [row.get("home.written"), row.get("person.registered_address"), _home(row)]
    phones = (row.get("person.phone"), row.get("person.other_phone"))
    return Record(
        id=number,
        name=str(row.get("person.name") or ""),
        former=tuple(filter(None, [row.get("person.former_name")])),
        sex=SEXES.get(str(row.get("person.sex") or "").strip(), ""),
        birth=birth(row.get("person.birth")),
        phones=tuple(filter(None, map(phone, phones))),
        homes=tuple(homes.read(text) for text in addresses if text),
        relation=str(row.get("household.relation") or ""),
    )


def _home(row):
    parts = ("home.road", "home.estate", "home.building", "home.door")
    return "".join(str(row.get(part) or "") for part in parts)


def birth(value: Any) -> str:
    """1958-03-07, 1958.3.7, 1958年3月7日, 19580307, 1958-03, 1958 → eight digits."""
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    text = unicodedata.normalize("NFKC", str(value or "")).strip()
    if re.fullmatch(r"\d{8}", text):
        return text
    parts = re.findall(r"\d+", text)
    if not parts or len(parts[0]) != 4:
        return ""
    year, month, day = (*parts[:3], "1", "1")[:3]
    return f"{year}{month:>02}{day:>02}"[:8]


def phone(value: Any) -> str:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", str(value or "")))
    return re.sub(r"^(?:00)?86(?=1\d{10}$)", "", digits)


# --- what is compared -----------------------------------------------------------------------------


def columns(record: Record) -> dict[str, Any]:
    name = names.one_spelling(record.name)
    former = [names.one_spelling(each) for each in record.former]
    sounds = names.sounds(name) if name else []
    keys = {kind: _keys(record.homes, kind) for kind in ("door", "building", "estate")}
    return {
        "unique_id": record.id,
        "name": name or None,
        "names": [name, *former] if name else [],
        "sounds": sounds,
        "alikes": sorted({names.alike(each) for each in sounds}),
        "sound": names.alike(sounds[0]) if sounds else None,
        "surname": name[:1] or None,
        "head": name.split("·")[0] if "·" in name else None,
        "sex": record.sex if record.sex in ("1", "2") else None,
        "birth": record.birth or None,
        "day": _day(record.birth),
        "phones": list(dict.fromkeys(record.phones)),
        "phone": record.phones[0] if record.phones else None,
        "phone2": record.phones[1] if len(record.phones) > 1 else None,
        "doors": keys["door"],
        "buildings": keys["building"],
        "estates": keys["estate"],
        "relation": record.relation or None,
    }


def _keys(known, kind):
    return sorted({key for home in known if (key := getattr(home, f"{kind}_key"))})


def _day(text):
    try:
        return (date(int(text[:4]), int(text[4:6]), int(text[6:8])) - EPOCH).days
    except ValueError:
        return None
