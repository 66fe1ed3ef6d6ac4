"""One spelling for every value of a section, or a sentence that says what is wrong with it.

Values come as people or files write them and leave as the column keeps them. Reads no table.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, crypto, identifiers, places

from . import kinds

EARLIEST = date(1880, 1, 1)
CHECKED = {"111", "511", "516", "553"}  # cards whose number of 18 characters ends in a check digit
DOTS = str.maketrans(dict.fromkeys("•・･‧∙⋅●．", "·"))  # 买买提•艾力 is 买买提·艾力
NAME_SIGNS = set("·.'’-– ()（）")
NUMBER = re.compile(r"[\w]{4,30}")


def clean(
    section: kinds.Section, values: dict[str, Any], *, today: date, document: str = ""
) -> dict[str, Any]:
    """`values` by field name, each as its column keeps it; Refused names the field. `document` is
    the kind of the number where `values` does not say it.
    """
    cleaned = {}
    document = values.get("document") or document or "111"
    for field, value in values.items():
        entry = kinds.entry(f"{section.code}.{field}")
        if entry is None:
            raise ValueError(f"section {section.code} has no element {field}")
        try:
            cleaned[field] = _clean(entry, value, document, today)
        except Refused as refusal:
            raise Refused(refusal.sentence, field=field) from None
    return cleaned


def _clean(entry, value, document, today):
    if isinstance(value, str):
        value = unicodedata.normalize("NFC", value).replace("\0", "").strip()
    if value is None or value == "":
        return _empty(entry)
    if entry.code == "person.identity":
        return identity(value, document, today=today)
    if special := SPECIAL.get(entry.code):
        return special(value)
    return BY_TYPE.get(entry.type, _text)(entry, value, today)


def _empty(entry):
    if entry.code == "person.name":
        raise Refused(_("Enter the name."))
    column = entry.column
    if column.null:
        return None
    return column.get_default()


# --- by type --------------------------------------------------------------------------------------


def _text(entry, value, today):
    value = str(value)
    if (choices := entry.column.choices) and value not in dict(choices):
        raise Refused(_("Choose one of the list."))
    if entry.length and len(value) > entry.length:
        raise Refused(_("At most %(count)s characters.") % {"count": entry.length})
    if entry.column.get_internal_type() == "CharField" and entry.element.field.endswith("place"):
        return _place(value)
    return value


def _place(value):
    if not places.is_code(value):
        raise Refused(_("Choose a division of the list."))
    return value


def _code(entry, value, today):
    if str(value) not in entry.codelist.entries:
        raise Refused(
            _("“%(value)s” is not in the list “%(list)s”.")
            % {"value": value, "list": entry.codelist.title}
        )
    return str(value)


def _date(entry, value, today):
    try:
        value = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise Refused(_("Enter a date that exists, such as 1958-03-07.")) from None
    if value > today:
        raise Refused(_("This date lies in the future."))
    if value < EARLIEST:
        raise Refused(_("This date lies too far back."))
    return value


def _plain(entry, value, today):
    try:
        return entry.column.to_python(value)
    except Exception as problem:  # Django's ValidationError, or what a column of a line raises
        raise Refused(_("This is not a value the field can hold.")) from problem


BY_TYPE: dict[str, Callable[[kinds.Entry, Any, date], Any]] = {
    "code": _code, "date": _date, "number": _plain, "yes_no": _plain,
}  # fmt: skip


# --- what has a form of its own -------------------------------------------------------------------


def name(text: str) -> str:
    """With · and rare characters; one spelling of the dot; no digits."""
    text = " ".join(text.translate(DOTS).replace("\u3000", " ").split())
    if text.isascii():
        allowed = all(letter.isalpha() or letter in NAME_SIGNS for letter in text)
    else:
        allowed = all(_in_a_name(letter) for letter in text)
        text = re.sub(r"\s*·\s*", "·", text)
    if not allowed or not any(letter.isalpha() or _is_own(letter) for letter in text):
        raise Refused(_("A name has letters only, and · between its parts."))
    if len(text) > 100:
        raise Refused(_("At most %(count)s characters.") % {"count": 100})
    return text


def _in_a_name(letter):
    return letter in NAME_SIGNS or unicodedata.category(letter)[0] in "LM" or _is_own(letter)


def _is_own(letter):
    """Rare characters that old systems keep in the private area, or newer than this Python."""
    return unicodedata.category(letter) in ("Co", "Cn") and letter != "\ufffd"


def identity(text: str, document: str, *, today: date) -> str:
    """The number of a document of some kind; a checksum where that kind has one."""
    text = identifiers.plain(str(text)).upper()
    if document == "111" or (document in CHECKED and len(text) == 18):
        return identifiers.identity(text, today=today)
    if not NUMBER.fullmatch(text):
        raise Refused(_("The number of this document has 4 to 30 letters and digits."))
    return text


SPECIAL: dict[str, Callable[[str], Any]] = {
    "person.name": name,
    "person.former_name": name,
    "person.phone": identifiers.telephone,
    "person.other_phone": identifiers.telephone,
    "bank.number": identifiers.bank_card,
}


# --- what follows from a number -------------------------------------------------------------------


def speaks(document: str, number: str | None) -> bool:
    """Does this number tell birth and sex?"""
    return document in CHECKED and bool(number) and len(number) == 18


def told_by_number(number: str) -> dict[str, Any]:
    return {"birth": identifiers.birth(number), "sex": identifiers.sex(number)}


def hashes(section: kinds.Section, values: dict[str, Any]) -> dict[str, bytes | None]:
    """The keyed hashes of those of `values` that are found by one, by name of their column."""
    found = {}
    for field, value in values.items():
        if kind := section.by_field[field].hashed:
            found[f"{field}_hash"] = crypto.keyed_hash(value, kind=kind) if value else None
    return found
