"""An item as the desk sees it: lines of the list, the guide a resident gets, its history."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from shanzhi.journal import queries as journal
from shanzhi.people.models import Account
from shanzhi.people.queries import departments

from .. import catalogue, kinds, queries
from ..catalogue import LABELS, LISTS
from ..models import Item
from .words import amount, level_name, limits

S = Item.State
TONES = {S.DRAFT: "orange", S.PUBLISHED: "green", S.RETIRED: "grey"}
DONE = {
    "cases.item_saved": gettext_lazy("Draft of version %(version)s saved"),
    "cases.item_published": gettext_lazy("Version %(version)s published"),
    "cases.item_retired": gettext_lazy("Version %(version)s retired"),
    "cases.item_discarded": gettext_lazy("Draft of version %(version)s discarded"),
    "cases.item_imported": gettext_lazy("Version %(version)s taken from a file"),
}


def badge(state: str) -> dict[str, str]:
    return {"text": str(S(state).label), "tone": TONES[S(state)]}


def rows(found: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines of the list, from dicts of queries.ITEM_COLUMNS."""
    levels, providers = dict(Item.Level.choices), dict(Item.Provider.choices)
    named = departments()
    return [
        {
            "href": reverse("cases:item", args=[row["code"]]),
            "name": row["name"],
            "code": row["code"],
            "theme": row["theme"],
            "department": named.get(row["department"], row["department"]),
            "level": str(levels[row["level"]]),
            "provider": str(providers[row["provider"]]),
            "version": row["version"],
            "badge": badge(row["state"]),
            "draft": row["draft_version"] if row["state"] != S.DRAFT else None,
        }
        for row in found
    ]


def guide(item: Item) -> dict[str, Any]:
    """What the resident's page of this item is made of."""
    instead = queries.published().filter(code__in=item.instead.get("items", []))
    return {
        "item": item,
        "sent": kinds.get(item.kind).sent,
        "unit": level_name(item),
        "limits": limits(item),
        "instead": list(instead),
    }


@dataclass(frozen=True)
class Event:
    title: str
    at: Any
    who: str
    version: int
    verb: str


def history(code: str) -> list[Event]:
    """Who did what to the item and when, the latest first."""
    entries = journal.about(f"cases.Item:{code}")
    people = Account.objects.filter(pk__in={entry.by for entry in entries} - {None})
    names = dict(people.values_list("pk", "name"))
    return [
        Event(
            str(DONE[entry.verb]) % {"version": entry.data["version"]},
            entry.at, names.get(entry.by, _("the system")), entry.data["version"], entry.verb,
        )
        for entry in reversed(entries)
        if entry.verb in DONE
    ]  # fmt: skip


def version_rows(versions: list[Item], shown: Item) -> list[dict[str, Any]]:
    """All versions, each comparable with the one before it."""
    numbers = [each.version for each in versions]
    page = reverse("cases:item", args=[shown.code])
    compare = reverse("cases:item_compare", args=[shown.code])
    return [
        {
            "version": each.version,
            "badge": badge(each.state),
            "published_at": each.published_at,
            "shown": each.version == shown.version,
            "href": f"{page}?version={each.version}",
            "compare": f"{compare}?a={before}&b={each.version}" if before else "",
        }
        for each, before in zip(versions, [*numbers[1:], None], strict=True)
    ]


# --- what differs between two versions ------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One column: pairs of lines beside each other, each "same", "changed", "gone" or "added"."""

    label: str
    lines: list[tuple[str, str, str]]


def differences(old: Item, new: Item) -> list[Difference]:
    found = []
    for name, label in LABELS.items():
        before, after = in_lines(old, name), in_lines(new, name)
        if before != after:
            found.append(Difference(str(label), _aligned(before, after)))
    return found


def _aligned(before, after):
    pairs = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for _tag, a, b, c, d in matcher.get_opcodes():
        left, right = before[a:b], after[c:d]
        for n in range(max(len(left), len(right))):
            old = left[n] if n < len(left) else ""
            new = right[n] if n < len(right) else ""
            pairs.append((old, new, _mark(old, new)))
    return pairs


def _mark(old, new):
    if old == new:
        return "same"
    return "changed" if old and new else "gone" if old else "added"


def in_lines(item: Item, name: str) -> list[str]:
    """A column as people read it, one line for each part."""
    value = getattr(item, name)
    if name in SPOKEN:
        return [line for each in value for line in SPOKEN[name](each)]
    if name == "instead":
        parts = [value.get("reason", ""), value.get("where", ""), *value.get("items", [])]
        return [part for part in parts if part]
    if name in LISTS:
        return list(value)
    return _display(item, name, value)


def _display(item, name, value):
    if value in (None, ""):
        return []
    if name in ("level", "provider"):
        return [str(getattr(item, f"get_{name}_display")())]
    if name.endswith("_unit"):
        return [str(catalogue.UNITS.get(value, value))]
    if name == "kind":
        return [str(kinds.get(value).title)]
    return [departments().get(value, value) if name == "department" else str(value)]


def _material(each):
    marks = [each.get("form", ""), each.get("note", "")]
    marks += [_("copies: %(n)s") % {"n": each["copies"]}] if each.get("copies", 1) > 1 else []
    marks += [_("must be brought")] if each.get("needed", True) else []
    marks += [_("government has it already")] if each.get("obtainable") else []
    marks += [_("a written promise will do")] if each.get("commitment") else []
    marks += [_("may follow later")] if each.get("deferrable") else []
    yield " · ".join([each["name"], *filter(None, marks)])


def _step(each):
    level = str(dict(Item.Level.choices)[each["level"]])
    parts = [each["name"], level, departments().get(each.get("department", ""), "")]
    if each.get("days"):
        parts.append(amount(each["days"], "working_days"))
    if each.get("accepts"):
        parts.append(_("done by accepting the case"))
    yield " · ".join(filter(None, parts))


def _question(each, indent=""):
    marks = [each["type"], each.get("help", ""), "、".join(each.get("options", []))]
    marks += [f"{each.get('min', '')}–{each.get('max', '')}"] if {"min", "max"} & set(each) else []
    marks += [] if each.get("required", True) else [_("optional")]
    marks += [_("not in the future")] if each.get("past") else []
    marks += [_("sealed")] if each.get("sensitive") else []
    yield indent + " · ".join([each["label"], f"[{each['key']}]", *filter(None, marks)])
    for inner in each.get("fields", []):
        yield from _question(inner, "\u3000")


def _faq(each):
    return each["question"], each["answer"]


SPOKEN = {"materials": _material, "steps": _step, "form": _question, "faq": _faq}


# --- what an import would do ----------------------------------------------------------------------

OUTCOMES = {
    "refused": (gettext_lazy("does not fit"), "red"),
    "new": (gettext_lazy("new item"), "green"),
    "version": (gettext_lazy("new version"), "blue"),
    "same": (gettext_lazy("the same as now"), "grey"),
}
SHOWN = 200  # rows of each outcome


def import_groups(planned: Iterable[Any]) -> list[dict[str, Any]]:
    """The rows of a file by what would become of them, the refused ones first."""
    groups = {code: [] for code in OUTCOMES}
    for each in planned:
        groups[each.outcome].append(each)
    return [
        {
            "code": code, "label": str(label), "tone": tone, "rows": groups[code][:SHOWN],
            "count": len(groups[code]), "more": max(len(groups[code]) - SHOWN, 0),
            "title": ngettext("%(n)s row: %(what)s", "%(n)s rows: %(what)s", len(groups[code]))
            % {"n": len(groups[code]), "what": label},
        }
        for code, (label, tone) in OUTCOMES.items()
        if groups[code]
    ]  # fmt: skip
