"""Plain shapes of agreements, the arithmetic of money, and the plug of the seal."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .models import Clause

CENT = Decimal("0.01")
MOST_PARTS = 12  # payments of one clause in a year
KEPT = ("target", "amount", "payer_id", "due_on")  # what a renewed draft keeps of a clause
TOLD = ("title", "text", "department_id", "basis", "cycle", "fee")  # what the list says of it


def parts(amount: Decimal, days: Sequence[date]) -> list[tuple[date, Decimal]]:
    """The amount in equal parts, to the cent; what does not divide is in the first ones.

    >>> [str(part) for _day, part in parts(Decimal("100"), [date(2027, n, 1) for n in (1, 2, 3)])]
    ['33.34', '33.33', '33.33']
    """
    if not amount or not days:
        return []
    cents, rest = divmod(int(amount / CENT), len(days))
    return [
        (day, (cents + (number < rest)) * CENT) for number, day in enumerate(sorted(days))
    ]  # fmt: skip


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def capital(amount: Decimal) -> str:
    """Money as cheques and agreements write it, so that no figure can be added.

    >>> capital(Decimal("12003.50")), capital(Decimal("0")), capital(Decimal("100000000"))
    ('壹万贰仟零叁元伍角', '零元整', '壹亿元整')
    """
    yuan, cents = divmod(int(amount / CENT), 100)
    jiao, fen = divmod(cents, 10)
    words = f"{_whole(yuan)}元" if yuan or not cents else ""
    if not cents:
        return f"{words}整"
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif words:
        words += "零"
    return words + (f"{DIGITS[fen]}分" if fen else "")


def _whole(number: int) -> str:
    if not number:
        return "零"
    words, gap, digits = "", False, str(number)
    for index, digit in enumerate(digits):
        left = len(digits) - 1 - index
        if digit != "0":
            words += ("零" if gap else "") + DIGITS[int(digit)] + PLACES[left % 4]
            gap = False
        else:
            gap = bool(words)
        if left % 4 == 0 and int(digits[max(0, index - 3) : index + 1]):
            words, gap = words + GROUPS[left // 4], False
    return words


@dataclass(frozen=True)
class Drift:
    """A clause that the list in force says otherwise; `old` or `new` may be missing."""

    code: str
    title: str
    kind: str  # added, removed, changed
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)


def written_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- the seal -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wish:
    """Who signs: a field of the document, for a unit at a place."""

    field: str
    place: str
    unit: str
    at: datetime


@dataclass(frozen=True)
class Sealed:
    content: bytes
    subject: str
    demonstration: bool
    stamped: datetime | None = None  # by a third party


@dataclass(frozen=True)
class Stamp:
    """The time a third party says the signature was there at the latest."""

    at: datetime
    subject: str
    valid: bool
    trusted: bool  # by an authority the city trusts


@dataclass(frozen=True)
class Checked:
    """A signature as a PDF reader sees it."""

    field: str
    subject: str
    at: datetime | None
    intact: bool  # the bytes it covers are those that were signed
    valid: bool  # and by the key of the certificate
    whole: bool  # nothing but further signatures came after it
    trust: str  # city, demonstration, unknown
    stamp: Stamp | None = None

    @property
    def good(self) -> bool:
        stamped = self.stamp is None or self.stamp.valid
        return self.intact and self.valid and self.whole and stamped


@dataclass(frozen=True)
class Examined:
    signatures: Sequence[Checked]
    covered: bool  # the last signature covers the file to its end

    @property
    def good(self) -> bool:
        return bool(self.signatures) and self.covered and all(one.good for one in self.signatures)


@dataclass(frozen=True)
class Seal:
    """A way to sign. A city that needs SM2 or OFD names its own in SHANZHI_SEAL.

    `prepare` gets the pages and where on the last of them each side signs (points from the lower
    left corner), and leaves empty fields. `sign` never rewrites what is there. `examine` raises
    Refused where the content is no such document.
    """

    name: str
    prepare: Callable[[bytes, Mapping[str, tuple[int, int, int, int]]], bytes]
    sign: Callable[[bytes, Wish], Sealed]
    examine: Callable[[bytes], Examined]
    demonstration: Callable[[str], bool]  # has this place no certificate of its own?


def clause_values(clause: Clause) -> dict[str, Any]:
    """A clause as a copy of it needs it."""
    names = ("kind", "position", "code", *TOLD, *KEPT)
    return {name: getattr(clause, name) for name in names}
