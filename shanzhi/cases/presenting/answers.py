"""The answers of a form as they were given, personal values masked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shanzhi.kernel import masking
from shanzhi.registry import kinds as registry
from shanzhi.registry import masks

from ..content import questions
from ..models import Case, Item


@dataclass(frozen=True)
class Row:
    """One answer: `value` is a text, a list of texts or file ids, or for a group rows of Rows."""

    key: str
    label: str
    value: Any
    type: str
    masked: bool = False
    source: str = ""  # of an answer that was taken from the registry


def typed_rows(
    item: Item, raw: Mapping[str, Any], filled: Mapping[str, Any] | None = None
) -> list[Row]:
    """What someone is about to send, in full: it is shown to the one who typed it. What the
    registry answers is shown as it may be seen.
    """
    filled = filled or {}
    rows = _rows(item, dict(raw) | {key: each.shown for key, each in filled.items()}, shown=True)
    return [
        replace(row, source=filled[row.key].source) if row.key in filled else row for row in rows
    ]


def answer_rows(
    case: Case, *, shown: bool, full: bool = True, revealed: Mapping[str, str] | None = None
) -> list[Row]:
    """The form as it was answered; personal values masked unless `shown` (to their owner). What was
    taken from the registry is shown to the owner as it may be seen there, all of it if `full`.
    """
    sealed = case.sealed | ({"identity": case.identity} if case.identity else {})
    known = case.answers | sealed if shown else sealed | case.answers
    revealed, sources = revealed or {}, _sources(case)
    rows = [
        replace(row, value=revealed[row.key], masked=False) if row.key in revealed else row
        for row in _rows(case.item, known, shown=shown)
    ]
    return [
        _taken(row, *sources[row.key], full) if row.key in sources else row for row in rows
    ]  # fmt: skip


def _taken(row, element, source, full):
    entry = registry.entry(element)
    value = masks.to_owner(entry, row.value, full) if entry else row.value
    return replace(row, value=value, source=source, masked=row.masked or value != row.value)


def _sources(case):
    """Asked only of items that fill from the registry."""
    if not any(each.fills for each in questions(case.item)):
        return {}
    rows = case.fillings.values_list("key", "element", "source")
    return {key: (element, source) for key, element, source in rows}


def with_files(rows: list[Row], found: Mapping[str, Any]) -> list[Row]:
    """File ids become the files themselves, where they are still there."""
    return [
        replace(row, value=[found[pk] for pk in row.value if pk in found])
        if row.type == "file"
        else row
        for row in rows
    ]


def masked_fields(case: Case) -> list[str]:
    """What a reveal would show: phone, identity number and the sealed answers, but no files."""
    rows = _rows(case.item, case.sealed | {"identity": case.identity}, shown=False)
    keys = [row.key for row in rows if row.masked]
    return sorted({*keys, "phone"} if case.phone else set(keys))


def _rows(item, known, *, shown):
    rows = [_row(each, known.get(each.key), shown) for each in questions(item)]
    return [row for row in rows if row.value not in (None, "", [])]


def _row(each, value, shown):
    if each.type == "group":
        lines = [
            [_row(inner, line[inner.key], shown) for inner in each.fields if line.get(inner.key)]
            for line in value or []
        ]
        return Row(each.key, each.label, [line for line in lines if line], each.type)
    masked = not shown and each.sealed and each.type != "file" and bool(value)
    if masked:
        value = masking.BY_KIND.get(each.type, lambda text: "****")(value)
    return Row(each.key, each.label, value, each.type, masked)
