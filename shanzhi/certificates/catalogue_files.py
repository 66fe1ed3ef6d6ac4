"""The catalogue as a file: read for a draft, written for anybody."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, sheets

from .kinds import CatalogueRow
from .models import Entry
from .rules import catalogue as rules

COLUMNS = {
    "code": "编号", "name": "证明名称", "aliases": "别名", "words": "群众叫法",
    "allowed": "可以出具", "issuer": "出具机关", "link": "办理网址", "phone": "咨询电话",
    "data_check": "数据核验",
    "commitment": "承诺书", "promise": "承诺内容", "basis": "依据", "confirmed": "依据已核",
    "fields": "证明内容", "days": "有效天数", "source": "来源",
}  # fmt: skip
ALSO = {  # columns as the shipped file names them
    "also_known_as": "aliases", "check": "data_check", "basis_confirmed": "confirmed",
    "validity_days": "days",
}  # fmt: skip
PATTERN = Path(__file__).resolve().parent / "data/catalogue.csv"
JOINED = ("aliases", "words", "fields")
YES = ("yes", "是", "1", "true")
LENGTHS = {"code": 12, "name": 60, "issuer": 200, "link": 200, "phone": 40, "data_check": 200,
           "commitment": 60, "promise": 500, "basis": 200, "source": 200}  # fmt: skip
NEEDED = ("code", "name", "allowed", "issuer")
MOST = 2_000_000  # bytes


def pattern() -> bytes:
    """What comes with the software, to begin the first edition with; for a spreadsheet."""
    head, rest = PATTERN.read_text(encoding="utf-8").split("\n", 1)
    named = ",".join(COLUMNS[ALSO.get(each, each)] for each in head.split(","))
    return f"{sheets.MARK}{named}\n{rest}".encode()


def read(content: bytes) -> list[CatalogueRow]:
    """Refused names the line."""
    if len(content) > MOST:
        raise Refused(_("Save the file as CSV, in UTF-8 or GB18030."), field="file")
    found = []
    for number, cells in sheets.table(content, COLUMNS, NEEDED, ALSO):
        try:
            found.append(CatalogueRow(number, _values(cells)))
        except Refused as refusal:
            raise rules.in_line(number, refusal) from None
    return found


def _values(cells):
    if not cells["code"] or not cells["name"]:
        raise Refused(_("a certificate has a code and a name."))
    values = {name: cells.get(name, "")[:most] for name, most in LENGTHS.items()}
    for name in JOINED:
        values[name] = [piece.strip()[:60] for piece in cells.get(name, "").split("|")
                        if piece.strip()]  # fmt: skip
    values["allowed"] = cells["allowed"].lower() in YES
    values["confirmed"] = cells.get("confirmed", "").lower() in YES and bool(values["basis"])
    return values | {"days": _days(cells.get("days", "")), "link": _link(values["link"])}


def _days(text):
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise Refused(_("days are a whole number."))
    return int(text)


def _link(text):
    if text:
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError:
            raise Refused(_("“%(link)s” is no address of a page.") % {"link": text}) from None
    return text


def written(rows: Iterable[Entry]) -> Iterator[str]:
    """What `read` reads back."""
    heads = list(COLUMNS.values())
    return sheets.lines(chain([heads], ([_cell(each, name) for name in COLUMNS] for each in rows)))


def _cell(row, name):
    value = getattr(row, name)
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return ""
    return "|".join(value) if name in JOINED else value
