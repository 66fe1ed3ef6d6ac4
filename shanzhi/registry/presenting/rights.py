"""One's own data as pages and copies show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shanzhi.kernel import masking
from shanzhi.people.queries import account_names, unit_name

from .. import codelists, kinds, masks, queries, rules
from ..kinds import Sensitivity
from ..models import ChangeRequest, Person, Relation


@dataclass(frozen=True)
class Row:
    """One element: `value` may be masked; `open` is the change request that waits about it."""

    code: str
    title: str
    value: str
    masked: bool
    source: str
    told: date | None
    disputed: bool
    correctable: bool


@dataclass(frozen=True)
class Card:
    code: str
    title: str
    rows: list[Row]


def cards(person: Person, *, full: bool) -> list[Card]:
    """Section by section, what is filled; the most sensitive masked unless `full`."""
    found = [
        Card(section.code, str(section.title), [
            _row(held, full) for held in queries.section_values(person, section) if held.raw
        ])
        for section in kinds.SECTIONS.values()
    ]  # fmt: skip
    return [card for card in found if card.rows]


def _row(held, full):
    entry = held.entry
    hide = not full and entry.element.sensitivity == Sensitivity.SENSITIVE
    return Row(
        entry.code, str(entry.element.title), masks.to_owner(entry, held.value, full), hide,
        held.source, held.told, held.disputed, entry.element.field not in rules.NEVER,
    )  # fmt: skip


def elements_of(found: Iterable[Card]) -> list[str]:
    return [row.code for card in found for row in card.rows]


def request_rows(requests: Iterable[ChangeRequest], *, full: bool = False) -> list[dict[str, Any]]:
    """What was said to be right is masked like the value itself."""
    tones = {"waiting": "orange", "accepted": "green", "refused": "red", "withdrawn": "grey"}
    return [
        {
            "pk": each.pk, "title": _title(each.element), "state": each.get_state_display(),
            "tone": tones[each.state], "asked_at": each.asked_at, "wanted": _wanted(each, full),
            "unit": unit_name(each.place, each.department), "answer": each.answer,
            "decided_at": each.decided_at, "waiting": each.state == "waiting",
            "case": each.case, "reason": each.reason,
        }
        for each in requests
    ]  # fmt: skip


def _wanted(change, full):
    entry = kinds.entry(change.element)
    return masks.to_owner(entry, wanted(entry, change), full) if entry and change.wanted else ""


def asker(change: ChangeRequest) -> str:
    """Who said it, for the desk that decides: a guardian says it of a child."""
    if change.asked_by is None:
        return ""
    as_what = queries.rights.asked_as(change)
    if as_what is None:
        return account_names([change.asked_by]).get(change.asked_by, "")
    relation = as_what.get_relation_display()
    if as_what.relation == Relation.SELF:
        return relation
    return _("%(relation)s: %(name)s") % {"relation": relation, "name": as_what.account.name}


def _title(code):
    entry = kinds.entry(code)
    return str(entry.element.title) if entry else code


def mates(person: Person) -> list[dict[str, str]]:
    """Relation and surname: the others in the household have data of their own."""
    return [
        {"relation": codelists.RELATION.label(each.relation), "name": masking.name(each.name)}
        for each in queries.housemates(person.pk)
    ]


def erasable(person: Person) -> tuple[list[str], list[dict[str, Any]]]:
    """What would be deleted, and of the rest the law and for how many years it is kept."""
    gone, kept = [], []
    for held in queries.all_values(person):
        title = str(held.entry.element.title)
        if law := rules.keeps(held.entry):
            kept.append({"title": title, "law": law, "years": held.entry.section.retention})
        else:
            gone.append(title)
    return gone, kept


def outcome(found: dict[str, str]) -> tuple[list[str], list[dict[str, str]]]:
    gone = [_title(code) for code, law in found.items() if not law]
    kept = [{"title": _title(code), "law": law} for code, law in found.items() if law]
    return gone, kept


def copy(person: Person, at: datetime, *, household: bool = True) -> dict[str, Any]:
    """Everything known, for the person to take along: JSON, or the rows of a sheet. Who shares the
    household is for the person alone.
    """
    sections: dict[str, Any] = {}
    for held in queries.all_values(person):
        name = held.entry.section.code
        section = sections.setdefault(
            name, {"title": str(held.entry.section.title), "elements": []}
        )
        section["elements"].append(
            {
                "code": held.entry.code,
                "title": str(held.entry.element.title),
                "value": held.raw,
                "source": held.source,
                "since": held.told.isoformat() if held.told else None,
                "basis": held.entry.element.basis,
                "disputed": held.disputed,
            }
        )
    return {
        "person": person.pk, "made_at": localtime(at).isoformat(timespec="seconds"),
        "standard": "shanzhi-registry-1", "sections": sections,
        "household": mates(person) if household else [],
    }  # fmt: skip


def wanted(entry: kinds.Entry | None, change: ChangeRequest) -> str:
    """What is said to be right, in words."""
    text = change.wanted or ""
    return entry.codelist.label(text) if entry and entry.codelist else text
