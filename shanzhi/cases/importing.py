"""Service items from and to files, and the data the project ships with."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused, sheets
from shanzhi.people.models import Department

from . import catalogue, rules
from .catalogue import LABELS, LISTS
from .models import Item

DATA = Path(__file__).resolve().parent / "data"
CSV_COLUMNS = ["code", *(name for name in LABELS if name not in LISTS), *LISTS]
AMOUNTS = ("promised_amount", "statutory_amount")
MOST_ROWS = 5000
GUIDE_FORM = [{"key": "what", "label": "要办理的事项和基本情况", "type": "longtext", "max": 500}]


# --- shipped --------------------------------------------------------------------------------------


def shipped_items() -> list[dict[str, Any]]:
    files = sorted((DATA / "items").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def shipped_routes() -> list[dict[str, Any]]:
    return json.loads((DATA / "routes.json").read_text(encoding="utf-8"))


def shipped_categories() -> list[tuple[str, str, str]]:
    text = (DATA / "categories.csv").read_text(encoding="utf-8")
    return [tuple(row.values()) for row in csv.DictReader(io.StringIO(text))]


# --- files of a city ------------------------------------------------------------------------------


def read(name: str, content: bytes) -> list[dict[str, Any]]:
    """The rows of a JSON or CSV file as items; Refused says what cannot be read.

    A CSV may have the columns of an export, or only department, group and name, as county guides
    are published: then codes are made from them, and limits are the usual twenty working days.
    """
    text = _decoded(content)
    rows = _from_json(text) if name.lower().endswith(".json") else _from_csv(text)
    if not rows:
        raise Refused(_("There is no item in this file."), field="file")
    if len(rows) > MOST_ROWS:
        raise Refused(
            _("A file may hold %(limit)s items at most; divide it.") % {"limit": MOST_ROWS},
            field="file",
        )
    return rows


def _decoded(content):
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("The file is neither UTF-8 nor GB 18030 text."), field="file")


def _from_json(text):
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("This is not JSON: %(why)s") % {"why": error}, field="file") from None
    rows = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(row, dict) for row in rows):
        raise Refused(_("The file must hold a list of items."), field="file")
    return rows


def _from_csv(text):
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns, rows = list(reader.fieldnames or []), list(reader)
    except csv.Error as error:
        raise Refused(_("This is not CSV: %(why)s") % {"why": error}, field="file") from None
    if "name" not in columns:
        raise Refused(_("The first line must name the columns, one of them “name”."), field="file")
    if "code" not in columns:
        return _from_guide(rows)
    if unknown := set(columns) - set(CSV_COLUMNS):
        names = ", ".join(sorted(unknown))
        raise Refused(
            _("An item has no column %(names)s; take it out of the file.") % {"names": names},
            field="file",
        )
    return [_from_export(row, n) for n, row in enumerate(rows, start=1)]


def _from_export(row, number):
    if None in row or None in row.values():
        raise Refused(
            _("Line %(number)s has not as many columns as the first line.") % {"number": number},
            field="file",
        )
    row = {name: sheets.plain(value) for name, value in row.items()}
    for name in set(AMOUNTS) & set(row):
        row[name] = _number(row[name])
    for name in set(LISTS) & set(row):
        row[name] = _structure(row[name], name)
    return row


def _number(text):
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text


def _structure(text, name):
    """A list is JSON in its cell; sentences may also stand one a line."""
    if not text.strip():
        return {} if name == "instead" else []
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        plain = name in ("basis", "conditions")
        return [line.strip() for line in text.splitlines() if line.strip()] if plain else text


def _from_guide(rows):
    departments = {}
    for code, name, bureau in Department.objects.values_list("code", "name", "bureau"):
        departments |= {name: code, bureau: code}
    items = {}
    for row in rows:
        name = (row["name"] or "").strip()
        digest = hashlib.sha256(f"{row.get('department')}/{name}".encode()).hexdigest()
        items[f"guide-{digest[:12]}"] = {
            "name": name,
            "theme": (row.get("group") or "")[:30],
            "department": _department(row.get("department") or "", departments),
            "source": (row.get("department") or "")[:100],
        }
    known = set(Item.objects.filter(code__in=items).values_list("code", flat=True))
    usual = {
        "level": "district", "promised_amount": 20, "promised_unit": "working_days",
        "form": GUIDE_FORM,
    }  # fmt: skip
    return [
        {"code": code, **item} | ({} if code in known else usual) for code, item in items.items()
    ]


def _department(name, known):
    """The department a county calls so: exactly, or by the part of its name we know."""
    return known.get(name) or next((code for each, code in known.items() if each in name), "")


# --- what an import would do ----------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """One row of a file: a new item, a new version, the same as before, or refused."""

    number: int
    code: str
    name: str
    outcome: str
    version: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    item: Item | None = None  # what is there already, of the same

    @property
    def sentence(self) -> str:
        return _("Row %(number)s (%(code)s): %(problem)s") % {
            "number": self.number, "code": self.code or "?", "problem": self.reason,
        }  # fmt: skip


def plan(rows: list[dict[str, Any]], *, publish: bool) -> list[Planned]:
    """What would become of each row. Reads only."""
    known: dict[str, list[Item]] = {}
    codes = {str(row.get("code", "")).strip() for row in rows}
    for item in Item.objects.filter(code__in={code for code in codes if "\0" not in code}):
        known.setdefault(item.code, []).append(item)
    departments = set(Department.objects.values_list("code", flat=True))
    seen: set[str] = set()
    return [
        _planned(number, row, known, seen, departments, publish)
        for number, row in enumerate(rows, start=1)
    ]


def _planned(number, row, known, seen, departments, publish):
    code, name = str(row.get("code", "")).strip(), str(row.get("name", ""))
    versions = known.get(code, [])
    try:
        code, values = rules.checked_row(row, versions, seen, departments)
        seen.add(code)
        base = catalogue.base(versions)
        if base and _same(base, values, publish):
            return Planned(number, code, name, "same", base.version, values, item=base)
        version = max((each.version for each in versions), default=0) + 1
        if publish:
            catalogue.check_publishable(Item(code=code, version=version, **values))
    except Refused as refusal:
        return Planned(number, code, name, "refused", reason=str(refusal))
    return Planned(number, code, name, "version" if versions else "new", version, values)


def _same(base, values, publish):
    in_force = base.state == Item.State.PUBLISHED or not publish
    return in_force and all(getattr(base, name) == value for name, value in values.items())


# --- out ------------------------------------------------------------------------------------------


def as_json(items: Iterable[Item]) -> str:
    """An export that `read` takes back unchanged."""
    rows = [{"code": item.code} | catalogue.columns_of(item) for item in items]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_csv(items: Iterable[Item]) -> str:
    """The same for a spreadsheet: lists as JSON in a cell; with the mark Excel knows UTF-8 by."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows([_cell(item, name) for name in CSV_COLUMNS] for item in items)
    return sheets.MARK + out.getvalue()


def _cell(item, name):
    value = getattr(item, name)
    if name in LISTS:
        return json.dumps(value, ensure_ascii=False) if value else ""
    return sheets.safe("" if value is None else str(value))
