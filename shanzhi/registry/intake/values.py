"""One cell into one value, or a sentence that says what is wrong with it.

A reader takes the text of a cell and gives the value as the column of its element keeps it. The
rules of a single value are spelling's; here is what only files have: labels beside codes, dates in
all their forms, numbers that a spreadsheet has spoilt.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache, partial
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, identifiers

from .. import kinds, spelling
from ..queries.catalogue import plain
from . import aliases

Reader = Callable[[str], Any]

MARKS = str.maketrans({"\ufeff": "", "\u200b": "", "\xa0": " ", "\u3000": " ", "\0": ""})
SCIENTIFIC = re.compile(r"[\d.]+E\+?\d+", re.IGNORECASE)
WHOLE = re.compile(r"(\d+)\.0+")
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
CLOCK = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")
MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?|(\d{4})(\d{2})")
SERIAL = range(367, 73_051)  # days of a spreadsheet: 1901 to 2099
DAY_ZERO = date(1899, 12, 30)
CACHED = 50_000


def tidy(cell: str) -> str:
    """Without marks nobody sees, the apostrophe of a text cell, and what stands for nothing."""
    if cell.isascii() and cell.isalnum():  # most cells
        return "" if cell in aliases.EMPTY else cell
    return _tidy(cell)


@lru_cache(4096)  # of the others most say what a row above said
def _tidy(cell):
    text = cell.strip()
    if not text.isprintable():
        text = text.translate(MARKS).strip()
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if text[:1] == "'":
        text = text[1:].strip()
    return "" if text in aliases.EMPTY else text


# --- dates ----------------------------------------------------------------------------------------


class Month(tuple[int, int]):
    """1958-03: enough where an identity number tells the day."""


def read_date(text: str, *, today: date) -> date | Month:
    """Any way people write a day; also the number of days by which a spreadsheet keeps it."""
    text = CLOCK.sub("", unicodedata.normalize("NFKC", text)).strip()
    if whole := WHOLE.fullmatch(text):
        text = whole[1]
    found = DATE.fullmatch(text)
    if not found and text.isdigit():
        if len(text) == 8:
            found = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
        elif len(text) <= 5 and int(text) in SERIAL:
            return _checked(DAY_ZERO + timedelta(int(text)), today)
    if found:
        return _checked(_day(*map(int, found.groups())), today)
    if month := MONTH.fullmatch(text):
        year, number = (int(part) for part in month.groups() if part)
        if 1880 <= year <= today.year and 1 <= number <= 12:
            return Month((year, number))
    raise Refused(_("Enter a date that exists, such as 1958-03-07."))


def _day(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(_("Enter a date that exists, such as 1958-03-07.")) from None


def _checked(day, today):
    if day > today:
        raise Refused(_("This date lies in the future."))
    if day < spelling.EARLIEST:
        raise Refused(_("This date lies too far back."))
    return day


# --- numbers --------------------------------------------------------------------------------------


def read_identity(text: str, document: str, *, today: date) -> str:
    if SCIENTIFIC.fullmatch(text):
        raise Refused(
            _(
                "The spreadsheet has rounded this number. Make the column a text column and enter "
                "the numbers again; the last digits are lost."
            )
        )
    try:
        return spelling.identity(text, document or "111", today=today)
    except Refused:
        if document in ("", "111") and re.fullmatch(r"\d{15}0{3}", identifiers.plain(text)):
            raise Refused(
                _("The last three digits became zeros in a spreadsheet; enter the number again.")
            ) from None
        raise


def read_phone(text: str) -> str:
    """The first of several numbers; a landline whose leading zero a spreadsheet dropped gets it
    back.
    """
    if whole := WHOLE.fullmatch(text):
        text = whole[1]
    first = re.split(r"[,，、;；/\s]+(?=[0-9+（(])", text)[0]
    try:
        return identifiers.telephone(first)
    except Refused:
        number = identifiers.plain(first)
        if re.fullmatch(r"[2-9]\d{9,10}", number):
            return identifiers.telephone(f"0{number}")
        raise


def read_bank(text: str) -> str:
    if SCIENTIFIC.fullmatch(text):
        return read_identity(text, "", today=date.max)
    return identifiers.bank_card(text)


# --- codes ----------------------------------------------------------------------------------------


def words_of(entry: kinds.Entry) -> dict[str, str]:
    """Label, code and the words of ledgers, each in one spelling, to the code."""
    codelist = entry.codelist
    known = {plain(word): code for word, code in aliases.words(codelist.code).items()}
    for code, label in codelist.entries.items():
        known.setdefault(plain(str(label)), code)
        known.setdefault(code, code)
        if code.lstrip("0"):
            known.setdefault(code.lstrip("0"), code)  # 01 that became a number
        if codelist.code == "ethnic":
            known.setdefault(plain(str(label)).removesuffix("族"), code)
    return known


def read_code(text: str, *, known: dict[str, str], title: str) -> str:
    found = known.get(plain(text))
    if found is None:
        raise Refused(
            _("“%(value)s” is not in the list “%(list)s”.") % {"value": text[:20], "list": title}
        )
    return found


def read_presence(text: str) -> tuple[int, ...]:
    """Kinds of presence a row speaks of: registered (1) and living (2) here."""
    word = plain(text)
    if word in PRESENCE:
        return PRESENCE[word]
    if word == "人户分离":
        raise Refused(_("Say which: registered here and living elsewhere, or the other way round."))
    raise Refused(_("It is not clear whether this person lives here or is only registered here."))


PRESENCE = {
    plain(word): tuple(map(int, kinds_)) for word, kinds_ in aliases.words("presence").items()
}


def _yes_no(text):
    word = text.upper()
    if word in aliases.YES:
        return True
    if word in aliases.NO:
        return False
    raise Refused(_("Write yes or no."))


def _text(text, *, length):
    if length and len(text) > length:
        raise Refused(_("At most %(count)s characters.") % {"count": length})
    return text


def _number(text, *, column):
    whole = WHOLE.fullmatch(text)
    try:
        value = column.to_python(whole[1] if whole else text)
        column.run_validators(value)
    except Exception as problem:
        raise Refused(_("This is not a value the field can hold.")) from problem
    return value


# --- a reader for each target ---------------------------------------------------------------------


def reader(code: str, *, today: date) -> Reader:
    """Of a target whose value stands alone in its cell."""
    if code in STRUCTURAL:
        return STRUCTURAL[code]
    if code == "row.since":
        return partial(read_date, today=today)
    entry = kinds.entry(code)
    if code in OWN:
        return OWN[code]
    if entry.type == "code":
        return partial(read_code, known=words_of(entry), title=entry.codelist.title)
    if entry.type == "date":
        return partial(read_date, today=today)
    if entry.type == "yes_no":
        return _yes_no
    if entry.type == "number" or isinstance(entry.column, models.FloatField):
        return partial(_number, column=entry.column)
    if code in WORDED:
        known = {plain(word): value for word, value in aliases.words(code).items()}
        known |= {value: value for value in known.values()}
        return partial(read_code, known=known, title=entry.element.title)
    return partial(_text, length=entry.length)


OWN: dict[str, Reader] = {
    "person.name": spelling.name,
    "person.former_name": spelling.name,
    "person.phone": read_phone,
    "person.other_phone": read_phone,
    "bank.number": read_bank,
}
WORDED = ("person.state", "household.kind")
RELATION = {plain(word): code for word, code in aliases.words("relation").items()}


def read_relation(text: str) -> str:
    """To a code of the list; the finer codes of the standard (21 eldest son) to their group."""
    word = plain(text)
    if word in RELATION:
        return RELATION[word]
    if re.fullmatch(r"[0-8]?\d", word):
        return {"0": "02"}.get(word.zfill(2)[0], word.zfill(2)[0] + "0")
    raise Refused(_("This relation to the head of household is not known."))


STRUCTURAL: dict[str, Reader] = {
    "row.relation": read_relation,
    "row.presence": read_presence,
    "row.head": spelling.name,
    "row.grid": str,
    "row.room": str,
    "row.unit": str,
    "row.gate": str,
    "home.place": str,
    "person.registered_place": str,
    "home.estate": str,
    "home.written": str,
}
REPEATED = {"code", "date"}  # types whose cells say the same again and again


def cached(read: Reader) -> Reader:
    """Of a reader that is asked the same a million times; refusals are not kept."""
    return _Known(read).__getitem__


class _Known(dict[str, Any]):
    def __init__(self, read):
        super().__init__()
        self.read = read

    def __missing__(self, text):
        value = self.read(text)
        if len(self) < CACHED:
            self[text] = value
        return value
