"""The editor of an item, between the browser and the command: texts in rows, and back.

What is typed is a dict of texts by column; lists are rows of such dicts. Nothing here is checked:
catalogue.examined does that, and its paths ("form.2.options") are those of the rows here.
"""

import re
from collections.abc import Mapping
from typing import Any

from . import catalogue
from . import filling_editing as filling
from .models import Item

SCALARS = (
    "name", "summary", "theme", "kind", "department", "level", "provider", "audience",
    "promised_amount", "promised_unit", "statutory_amount", "statutory_unit", "fee", "result",
    "delivery", "window", "phone",
)  # fmt: skip
LINES = ("conditions", "basis")
FLAGS = {"needed", "obtainable", "commitment", "deferrable", "accepts", "required", "past",
         "sensitive"}  # fmt: skip
ROWS: dict[str, dict[str, str]] = {  # the parts of a row, as an added one has them
    "materials": {"name": "", "needed": "on", "obtainable": "", "commitment": "", "deferrable": "",
                  "form": "", "copies": "1", "note": ""},
    "steps": {"name": "", "level": "community", "department": "", "days": "", "accepts": ""},
    "form": {"key": "", "label": "", "type": "text", "required": "on", "help": "", "options": "",
             "min": "", "max": "", "past": "", "sensitive": "", "fills": ""},
    "faq": {"question": "", "answer": ""},
}  # fmt: skip
SETTINGS = {  # what a question of a type may have beside label, help and "required"
    "text": ("min", "max", "sensitive"),
    "longtext": ("min", "max", "sensitive"),
    "number": ("min", "max", "sensitive"),
    "choice": ("options", "sensitive"),
    "choices": ("options", "sensitive"),
    "date": ("past", "sensitive"),
    "group": ("min", "max"),
}
FILLED = ("text", "choice", "date", "number", "name", "identity", "phone", "bank", "address")
MOST = {"materials": 30, "steps": 20, "form": 25, "faq": 30, "fields": 10}
Typed = dict[str, Any]


# --- from what is stored, and from the browser ----------------------------------------------------


def blank() -> Typed:
    typed: Typed = dict.fromkeys((*SCALARS, *LINES), "") | {name: [] for name in ROWS}
    typed |= {"kind": "application", "level": "subdistrict", "provider": "government",
              "promised_unit": "working_days", "statutory_unit": "working_days"}  # fmt: skip
    return typed | {"instead": {"reason": "", "where": "", "items": ""}}


def of_item(item: Item) -> Typed:
    typed = blank() | {name: _text(getattr(item, name)) for name in SCALARS}
    typed |= {name: "\n".join(getattr(item, name)) for name in LINES}
    for name in ROWS:
        typed[name] = [_row(name, each) for each in getattr(item, name)]
    typed["statutory_unit"] = typed["statutory_unit"] or "working_days"
    instead = item.instead
    typed["instead"] = {
        "reason": instead.get("reason", ""), "where": instead.get("where", ""),
        "items": "\n".join(instead.get("items", [])),
    }  # fmt: skip
    return typed


def _text(value):
    return "" if value is None else str(value)


def _row(name, stored):
    row = dict(ROWS[name])
    for part in row:
        if part in stored:
            row[part] = _cell(part, stored[part])
    if name == "form":
        row["fields"] = [_row("form", each) for each in stored.get("fields", [])]
    return row


def _cell(part, value):
    if part in FLAGS:
        return "on" if value else ""
    return "\n".join(value) if part == "options" else _text(value)


def from_post(post: Mapping[str, str]) -> Typed:
    typed: Typed = {name: _sent(post, name) for name in (*SCALARS, *LINES)}
    for name in ROWS:
        typed[name] = _rows(post, name, name)
    parts = ("reason", "where", "items")
    typed["instead"] = {part: _sent(post, f"instead-{part}") for part in parts}
    return typed


def _sent(post, name):
    return post.get(name, "").replace("\r\n", "\n").strip()


def _rows(post, name, prefix):
    pattern = re.compile(rf"{re.escape(prefix)}-(\d{{1,2}})-")
    numbers = sorted({int(found[1]) for key in post if (found := pattern.match(key))})
    rows = []
    for n in numbers:
        row = {part: _sent(post, f"{prefix}-{n}-{part}") for part in ROWS[name]}
        if name == "form":
            row["fields"] = _rows(post, "form", f"{prefix}-{n}-fields")
        rows.append(row)
    return rows


# --- the buttons beside the rows ------------------------------------------------------------------


def press(typed: Typed, button: str) -> Typed:
    """ "materials.add", "form.2.up", "form.2.fields.0.remove": one change of the rows."""
    *path, action = button.split(".")
    rows, name = _reach(typed, path if action == "add" else path[:-1])
    if rows is None:
        return typed
    if action == "add":
        if len(rows) < MOST[name]:
            row = dict(ROWS["form" if name == "fields" else name])
            rows.append(row | ({"fields": []} if name == "form" else {}))
        return typed
    n = int(path[-1]) if path[-1].isdecimal() else len(rows)
    if n < len(rows):
        _act(rows, n, action)
        if action == "fill":
            filling.fill(rows[n], name)
    return typed


def _reach(typed, path):
    """The list a path leads to and its name; None where it leads nowhere."""
    if len(path) == 1 and path[0] in ROWS:
        return typed[path[0]], path[0]
    if len(path) == 3 and path[0] == "form" and path[2] == "fields" and path[1].isdecimal():
        questions = typed["form"]
        if int(path[1]) < len(questions):
            return questions[int(path[1])].setdefault("fields", []), "fields"
    return None, ""


def _act(rows, n, action):
    if action == "remove":
        del rows[n]
    elif action in ("up", "down"):
        to = min(max(n + (1 if action == "down" else -1), 0), len(rows) - 1)
        rows.insert(to, rows.pop(n))


def tidy(typed: Typed) -> Typed:
    """Without rows in which nothing was typed; questions get the keys they lack."""
    typed = dict(typed)
    for name in ROWS:
        typed[name] = [row for row in typed[name] if _filled(row)]
    for row in typed["form"]:
        row["fields"] = [inner for inner in row.get("fields", []) if _filled(inner)]
        _give_keys(row["fields"])
    _give_keys(typed["form"])
    return typed


def _filled(row):
    kept = {"level", "type", "copies", *FLAGS}
    return any(value for part, value in row.items() if part not in kept)


def _give_keys(questions):
    taken = {row["key"] for row in questions}
    numbers = (f"q{n}" for n in range(1, 1000) if f"q{n}" not in taken)
    for row in questions:
        row["key"] = row["key"] or next(numbers)


# --- to the columns of an item --------------------------------------------------------------------


def values_of(typed: Typed) -> dict[str, Any]:
    values: dict[str, Any] = {name: typed[name] for name in SCALARS}
    values |= {name: _lines(typed[name]) for name in LINES}
    for name in ("promised_amount", "statutory_amount"):
        values[name] = _number(typed[name]) if typed[name] else None
    values["materials"] = [_stored(row) for row in typed["materials"]]
    values["steps"] = [_stored(row) for row in typed["steps"]]
    values["form"] = [_question(row) for row in typed["form"]]
    values["faq"] = [dict(row) for row in typed["faq"]]
    instead = typed["instead"]
    values["instead"] = {"reason": instead["reason"], "where": instead["where"],
                         "items": _lines(instead["items"])}  # fmt: skip
    return values


def _lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(text):
    return int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else text


def _stored(row):
    stored = {part: bool(value) if part in FLAGS else value for part, value in row.items()}
    for part in ("copies", "days", "min", "max"):
        if part in stored:
            stored[part] = _number(stored[part])
            if stored[part] == "":
                del stored[part]
    return stored


def _question(row):
    """Only what its type may have: what was typed under another type is not kept."""
    parts = ("key", "label", "type", "required", "help", *SETTINGS.get(row["type"], ()))
    if row["fills"] and row["type"] in FILLED:
        parts = (*parts, "fills")
    if row["sensitive"]:  # said once more of what is sealed anyway
        parts = (*parts, "sensitive")
    stored = _stored({part: row[part] for part in parts})
    if "options" in stored:
        stored["options"] = _lines(stored["options"])
    if row["type"] == "group":
        stored["fields"] = [_question(inner) for inner in row.get("fields", [])]
    return stored


def examine(typed: Typed, source: str = "") -> tuple[dict[str, Any], dict[str, str]]:
    """The columns, and what is wrong with them by path."""
    values, wrong = catalogue.examined(values_of(typed) | {"source": source})
    return values, {path: str(sentence) for path, sentence in wrong.items()}
