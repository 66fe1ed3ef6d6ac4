"""What the registry holds of one person, element by element, in plain words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import models
from django.utils.timezone import localdate

from .. import kinds, masks
from ..models import Dwelling, Household, Membership, Person, Presence, Record
from .rights import bindings, person_of


class Known(NamedTuple):
    """A value as a form takes it, and where it is from."""

    value: str
    source: str
    since: date | None
    disputed: bool


@dataclass(frozen=True)
class Held:
    """One element of one person: `value` as words, `raw` as a form would take it."""

    entry: kinds.Entry
    value: str
    raw: str
    source: str
    told: date | None  # when it was collected, or came to be known
    disputed: bool


def known_values(
    account_id: int | None,
    elements: Iterable[str],
    *,
    person_id: int | None = None,
    on: date | None = None,
) -> dict[str, Known]:
    """What is known of the person an account is bound to, by catalogue name; "" is left out.

    `person_id` names one it speaks for. Without a binding that allows filling, nothing.
    """
    for each in bindings(account_id, on=on):
        wanted = each.person_id == person_id if person_id else each.relation == "self"
        if wanted and each.allows("fill"):
            person = person_of(each.person_id)
            return values_of(person, elements) if person else {}
    return {}


def values_of(person: Person, elements: Iterable[str]) -> dict[str, Known]:
    """The values of a person by catalogue name; the caller has asked whether it may."""
    rows: dict[str, Any] = {}
    found = {}
    for code in elements:
        entry = kinds.entry(code)
        if entry is None:
            continue
        row = rows.setdefault(entry.section.code, row_of(person, entry.section))
        held = held_of(person, entry, row)
        if held.raw:
            found[code] = Known(held.raw, held.source, held.told, held.disputed)
    return found


def section_values(person: Person, section: kinds.Section) -> list[Held]:
    """Every element of a section, empty ones too, in the order of its declaration."""
    row = row_of(person, section)
    return [
        held_of(person, kinds.Entry(section, element), row)
        for element in section.elements
        if element.field not in UNTOLD
    ]


UNTOLD = {"dwelling", "ended_on"}  # keys to other rows, or empty as long as it holds


def all_values(person: Person) -> list[Held]:
    """Everything that is known of a person, section by section."""
    return [
        held
        for section in kinds.SECTIONS.values()
        for held in section_values(person, section)
        if held.raw
    ]


def row_of(person: Person, section: kinds.Section) -> models.Model | None:
    """The row in which a section keeps what it knows of the person now."""
    if section.model is Person:
        return person
    if section.model is Dwelling:
        return _dwelling(person)
    if section.model is Household:
        return _household(person)
    if issubclass(section.model, Record):
        rows = section.model._default_manager.filter(person=person)
        return rows.select_related("source").first()
    return None


def _dwelling(person):
    rows = Presence.objects.filter(person=person, until=None, dwelling__isnull=False)
    rows = rows.select_related("dwelling__source", "dwelling__estate")
    living = Presence.Kind.LIVING
    found = sorted(rows, key=lambda each: (each.kind != living, each.kind))
    return found[0].dwelling if found else None


def _household(person):
    rows = Membership.objects.filter(person=person, until=None)
    found = rows.select_related("household__source", "household__dwelling__estate").first()
    return found.household if found else None


def is_disputed(person: Person, entry: kinds.Entry) -> bool:
    return disputed_name(entry) in person.disputed


def disputed_name(entry: kinds.Entry) -> str:
    """How Person.disputed names it: fields of the person bare, of other sections in full."""
    return entry.element.field if entry.section.model is Person else entry.code


def held_of(person: Person, entry: kinds.Entry, row: models.Model | None) -> Held:
    if row is None:
        return Held(entry, "", "", "", None, is_disputed(person, entry))
    value = getattr(row, entry.element.field)
    if entry.code == "home.written" and not value:
        value = address(row)
    return Held(
        entry,
        words(entry, value),
        raw(entry, value),
        row.source.name if row.source_id else "",
        row.collected_on or _day(row.recorded_at),
        is_disputed(person, entry),
    )


def _day(moment: datetime | None) -> date | None:
    return localdate(moment) if moment else None


def words(entry: kinds.Entry, value: Any) -> str:
    """A value as the person reads it."""
    if value in (None, "", {}, []):
        return ""
    return address(value) if isinstance(value, Dwelling) else masks.words(entry, value)


def raw(entry: kinds.Entry, value: Any) -> str:
    """A value as a form field would hold it: dates in ISO, codes as their words."""
    if isinstance(value, date):
        return value.isoformat()
    return words(entry, value)


def address(home: Dwelling) -> str:
    """The address in one line: as written, else put together from its parts."""
    if home.written:
        return home.written
    parts = dict(home.door or {})
    number = f"{parts.pop('number')}号" if parts.get("number") else ""
    estate = home.estate.name if home.estate_id else ""
    building = f"{home.building}幢" if home.building.isdecimal() else home.building
    return f"{home.road}{number}{estate}{building}{masks.door(parts)}"
