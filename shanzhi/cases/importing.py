"""Service items from and to files, and the data the project ships with."""

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.people.models import Department

from .catalogue import EDITABLE
from .models import Item

DATA = Path(__file__).resolve().parent / "data"
CSV_COLUMNS = ["code", "name", "department", "level", "promised_amount", "promised_unit", "summary"]


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
    if name.lower().endswith(".json"):
        return _from_json(text)
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or "name" not in rows[0]:
        raise Refused(_("The first line must name the columns, one of them “name”."), field="file")
    if "code" in rows[0]:
        return [_from_export(row) for row in rows]
    return _from_guide(rows)


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
    except ValueError as error:
        raise Refused(_("This is not JSON: %(why)s") % {"why": error}, field="file") from None
    rows = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(row, dict) for row in rows):
        raise Refused(_("The file must hold a list of items."), field="file")
    return rows


def _from_export(row):
    item: dict[str, Any] = {key: value or "" for key, value in row.items() if key in CSV_COLUMNS}
    item["promised_amount"] = _number(item.get("promised_amount"))
    return item


def _number(text):
    return int(text) if str(text or "").isdigit() else None


def _from_guide(rows):
    departments = {}
    for code, name, bureau in Department.objects.values_list("code", "name", "bureau"):
        departments |= {name: code, bureau: code}
    items = {}
    for row in rows:
        digest = hashlib.sha256(f"{row.get('department')}/{row['name']}".encode()).hexdigest()
        items[f"guide-{digest[:12]}"] = {
            "name": row["name"].strip(),
            "theme": (row.get("group") or "")[:30],
            "department": _department(row.get("department") or "", departments),
            "level": "district",
            "promised_amount": 20,
            "promised_unit": "working_days",
            "source": (row.get("department") or "")[:100],
        }
    return [{"code": code, **item} for code, item in items.items()]


def _department(name, known):
    """The department a county calls so: exactly, or by the part of its name we know."""
    return known.get(name) or next((code for each, code in known.items() if each in name), "")


def as_json(items: list[Item]) -> str:
    """An export that `read` takes back unchanged."""
    rows = [
        {"code": item.code} | {key: getattr(item, key) for key in sorted(EDITABLE)}
        for item in items
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_csv(items: list[Item]) -> str:
    """The main columns, for a spreadsheet; with a mark that Excel needs to read UTF-8."""
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: getattr(item, key) for key in CSV_COLUMNS} for item in items)
    return "\ufeff" + out.getvalue()
