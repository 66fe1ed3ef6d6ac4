"""The form of an item as a JSON Schema, for programs that draw forms or check answers beforehand.

It says less than our own check: checksums and dates of birth are checked when a case is submitted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

FILES = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": 9}
LIMITS = {"text": 200, "longtext": 2000, "name": 60, "address": 200}


def of_form(form: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **_object(form),
    }


def _object(fields):
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [each["key"] for each in fields if each.get("required", True)],
        "properties": {each["key"]: _field(each) for each in fields},
    }


def _field(each):
    about = {"title": each["label"]}
    if each.get("help"):
        about["description"] = each["help"]
    return about | _kind(each)


def _kind(each):
    low, high, kind = each.get("min"), each.get("max"), each["type"]
    if kind == "choice":
        return {"type": "string", "enum": each["options"]}
    if kind == "choices":
        return {"type": "array", "items": {"type": "string", "enum": each["options"]}}
    if kind == "date":
        return {"type": "string", "format": "date"}
    if kind == "number":
        return {"type": ["number", "string"]} | _given(minimum=low, maximum=high)
    if kind == "file":
        return FILES
    if kind == "group":
        rows = {"type": "array", "items": _object(each["fields"])}
        return rows | {"minItems": low or 0, "maxItems": high or 20}
    limit = LIMITS.get(kind, 40)
    return {"type": "string", "maxLength": min(high or limit, limit)} | _given(minLength=low)


def _given(**limits):
    return {name: value for name, value in limits.items() if value is not None}
