"""Elements and code lists as pages, files and the API show them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy, pgettext_lazy

from shanzhi.kernel import sheets
from shanzhi.kernel.codes import CodeField
from shanzhi.people.queries import unit_name

from .. import kinds
from ..codelists import LISTS, CodeList
from ..kinds import Entry, Sensitivity, Share
from ..queries import sharing
from ..tags import TagKind

t = gettext_lazy
TYPES = {
    "text": pgettext_lazy("type of element", "Text"),
    "code": pgettext_lazy("type of element", "Code"),
    "date": pgettext_lazy("type of element", "Date"),
    "number": pgettext_lazy("type of element", "Number"),
    "yes_no": pgettext_lazy("type of element", "Yes or no"),
}
SHARE_TONES = {Share.UNCONDITIONAL: "green", Share.CONDITIONAL: "blue", Share.NOT_SHARED: "red"}
SENSITIVITY_TONES = {
    Sensitivity.GENERAL: "grey", Sensitivity.PERSONAL: "teal", Sensitivity.SENSITIVE: "orange",
}  # fmt: skip
MASKS = {
    "": t("Shown as it is"),
    "name": t("The surname stays"),
    "phone": t("The first three and the last four digits stay"),
    "identity": t("The first two digits stay"),
    "bank": t("The last four digits stay"),
    "address": t("To the estate, never the room"),
    "year": t("The year stays"),
    "hidden": t("Hidden"),
}
HEADS = {  # of a file, in this order
    "code": t("Code"),
    "title": t("Name of the element"),
    "section": t("Section"),
    "definition": t("Definition"),
    "type": t("Type"),
    "length": t("Length"),
    "code_list": t("Code list"),
    "standard": t("Standard"),
    "unit": t("Unit of measure"),
    "owner": t("Owner"),
    "source": t("Source"),
    "basis": t("Basis in law"),
    "sensitivity": t("Sensitivity"),
    "share": t("Sharing"),
    "cycle": t("Update cycle"),
    "retention": t("Kept for years"),
    "mask": t("Mask"),
    "synonyms": t("Also called"),
}


@dataclass(frozen=True)
class Badge:
    text: str
    tone: str


def owner_name(entry: Entry) -> str:
    return unit_name(settings.SHANZHI_CITY, entry.owner)


def share_badge(share: str) -> Badge:
    return Badge(str(Share(share).label), SHARE_TONES[Share(share)])


def sensitivity_badge(entry: Entry) -> Badge:
    level = entry.element.sensitivity
    return Badge(str(level.label), SENSITIVITY_TONES[level])


@dataclass(frozen=True)
class Line:
    """An element in the list."""

    code: str
    title: str
    definition: str
    synonyms: str
    type: str
    owner: str
    share: Badge
    sensitivity: Badge


def line(entry: Entry) -> Line:
    return Line(
        code=entry.code,
        title=str(entry.element.title),
        definition=str(entry.element.definition),
        synonyms="、".join(entry.synonyms[:4]),
        type=type_words(entry),
        owner=owner_name(entry),
        share=share_badge(entry.element.share),
        sensitivity=sensitivity_badge(entry),
    )


def groups(entries: Iterable[Entry]) -> list[tuple[str, list[Line]]]:
    """By section, in the order of the catalogue."""
    found: dict[str, list[Line]] = {}
    for entry in entries:
        found.setdefault(str(entry.section.title), []).append(line(entry))
    return list(found.items())


def type_of(entry: Entry) -> str:
    """As people say it: one of few words, and the code of a division, are codes as well."""
    if entry.column.choices or isinstance(entry.column, CodeField):
        return "code"
    return "number" if isinstance(entry.column, models.FloatField) else entry.type


def type_words(entry: Entry) -> str:
    kind = str(TYPES[type_of(entry)])
    if type_of(entry) == "text" and entry.length:
        return f"{kind} ({entry.length})"
    return kind


def facts(entry: Entry) -> dict[str, Any]:
    """Everything the catalogue says of an element; the keys are those of HEADS."""
    element, codelist = entry.element, entry.codelist
    return {
        "code": entry.code,
        "title": str(element.title),
        "section": str(entry.section.title),
        "definition": str(element.definition),
        "type": type_of(entry),
        "length": entry.length,
        "code_list": codelist.code if codelist else "",
        "standard": str(codelist.source) if codelist else "",
        "unit": str(element.unit),
        "owner": owner_name(entry),
        "source": sharing.origin(entry).name,
        "basis": element.basis,
        "sensitivity": str(element.sensitivity.label),
        "share": str(element.share.label),
        "cycle": str(element.cycle),
        "retention": entry.section.retention,
        "mask": str(MASKS[element.mask]),
        "synonyms": list(entry.synonyms),
    }


def closed(kinds_of_tags: Iterable[TagKind], text: str = "") -> list[dict[str, str]]:
    """What no department can ask for, with the law: restricted tags."""
    rows = [
        {"title": str(each.title), "agency": str(each.agency), "basis": each.basis}
        for each in kinds_of_tags
    ]
    return [row for row in rows if text in row["title"]]


def code_lists() -> list[tuple[CodeList, list[Entry]]]:
    """Each with the elements that use it."""
    users: dict[str, list[Entry]] = {}
    for entry in kinds.entries():
        if entry.codelist:
            users.setdefault(entry.codelist.code, []).append(entry)
    return [(codelist, users.get(code, [])) for code, codelist in LISTS.items()]


# --- files ----------------------------------------------------------------------------------------


def as_json(entries: Sequence[Entry]) -> str:
    return json.dumps([facts(entry) for entry in entries], ensure_ascii=False, indent=1)


def as_csv(entries: Sequence[Entry]) -> str:
    """With the mark a spreadsheet knows UTF-8 by, and nothing it takes for a formula."""
    return "".join(sheets.lines(chain([[str(head) for head in HEADS.values()]],
                                      map(_cells, entries))))  # fmt: skip


def _cells(entry):
    row = facts(entry) | {"type": type_words(entry), "synonyms": " ".join(entry.synonyms)}
    return ["" if row[name] is None else str(row[name]) for name in HEADS]
