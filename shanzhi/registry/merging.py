"""Two entries side by side: what of them differs, and which value is proposed. Reads only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from . import kinds, versions
from .models import Fact, Membership, Person, Presence, Record
from .rules.linking import KEPT, OTHER

TOGETHER = (("person.identity", "person.document"), ("person.state", "person.died_on"),
            ("person.registered_place", "person.registered_address"))  # fmt: skip
ON_THE_CARD = ("person.name", "person.birth", "person.sex", "person.ethnic")
NOTHING: tuple[Any, ...] = (None, "", {}, [])


@dataclass(frozen=True)
class Side:
    """`code` is an element, or "living" or "household"; values as the columns have them."""

    code: str
    kept: Any
    other: Any
    choice: str  # the side that is proposed

    @property
    def same(self) -> bool:
        return self.kept == self.other


def records() -> list[kinds.Section]:
    """Sections of which a person has one row."""
    return [each for each in kinds.SECTIONS.values() if issubclass(each.model, Record)]


def order(one: Person, two: Person) -> tuple[Person, Person]:
    """(the entry that stays, the other): who has a number, or else who was known first."""
    first, second = sorted((one, two), key=lambda each: (each.identity is None, each.pk))
    return first, second


def sides(kept: Person, other: Person) -> list[Side]:
    """Field by field, also those that are equal."""
    found = _of_section(kinds.SECTIONS["person"], kept, other)
    for section in records():
        one, two = (versions.current_row(each.pk, section) for each in (kept, other))
        if one or two:
            found += _of_section(section, one, two)
    return [*_together(found), *_where(kept, other)]


def choices(kept: Person, other: Person) -> dict[str, str]:
    return {side.code: side.choice for side in sides(kept, other)}


def chosen(kept: Person, other: Person, wanted: Mapping[str, str]) -> dict[str, str]:
    """As proposed but for what is wanted; what belongs together follows what leads it."""
    found = choices(kept, other) | wanted
    follows = {code: found[leads] for leads, code in TOGETHER if code not in wanted}
    return found | {code: side for code, side in follows.items() if code in found}


def resulting(kept: Person, other: Person, which: Mapping[str, str]) -> dict[str, Any]:
    """The values of the person that comes of it."""
    return {
        name: getattr(other if which.get(f"person.{name}") == OTHER else kept, column.attname)
        for name, column in versions.columns(kinds.SECTIONS["person"]).items()
    }


def _of_section(section, one, two):
    newer = OTHER if two and (one is None or _said(two) > _said(one)) else KEPT
    return [
        _side(f"{section.code}.{name}", _value(one, column), _value(two, column), newer,
              column.get_default() if not column.null else None)
        for name, column in versions.columns(section).items()
    ]  # fmt: skip


def _said(row: Fact) -> tuple:
    """Verified rather than collected, and later rather than earlier."""
    return (row.verified_on is not None, str(row.verified_on or ""), str(row.collected_on or ""),
            row.recorded_at)  # fmt: skip


def _value(row: models.Model | None, column: models.Field) -> Any:
    return getattr(row, column.attname) if row else None


def _side(code, one, two, newer, usual=None):
    if one == two or two in (*NOTHING, usual):
        return Side(code, one, two, KEPT)
    if one in (*NOTHING, usual):
        return Side(code, one, two, OTHER)
    return Side(code, one, two, newer)


def _together(found: Iterable[Side]) -> list[Side]:
    """A number stays with its kind of document, a death with its day: the first decides. What is
    on a card is proposed from the entry that has its number.
    """
    by_code = {side.code: side for side in found}
    for leads, follows in TOGETHER:
        lead, side = by_code[leads], by_code[follows]
        if not lead.same:
            by_code[follows] = replace(side, choice=lead.choice)
    number = by_code["person.identity"]
    for code in ON_THE_CARD:
        side = by_code[code]
        if not (number.same or side.same or _empty(side, number.choice)):
            by_code[code] = replace(side, choice=number.choice)
    return list(by_code.values())


def _empty(side: Side, which: str) -> bool:
    value = side.kept if which == KEPT else side.other
    return value in NOTHING or (side.code == "person.sex" and value not in ("1", "2"))


def _where(kept, other):
    living = [_one(Presence.objects.filter(person=each, kind=Presence.Kind.LIVING, until=None))
              for each in (kept, other)]  # fmt: skip
    members = [_one(Membership.objects.filter(person=each, until=None)) for each in (kept, other)]
    found = []
    if any(living):
        places = [each and (each.dwelling_id or each.place) for each in living]
        newer = OTHER if all(living) and _better(living[1], living[0]) else KEPT
        found.append(_side("living", *places, newer))
    if any(members):
        found.append(_side("household", *(each and each.household_id for each in members), KEPT))
    return found


def _one(rows):
    return rows.order_by("pk").first()


def _better(one: Presence, two: Presence) -> bool:
    """A dwelling says more than a place, a later day more than an earlier one."""
    return (one.dwelling_id is not None, one.since) > (two.dwelling_id is not None, two.since)
