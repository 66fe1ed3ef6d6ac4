"""The persons a grant reaches and the values it gives of them, one page at a time.

Whatever sections a grant names, a page asks one statement a section: the presence leads to the
dwelling, the membership to the household, the person to every further section.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from shanzhi.kernel import crypto, identifiers, paging
from shanzhi.kernel.places import LEVELS, span
from shanzhi.kernel.workdays import years_before

from .. import kinds, masks
from ..kinds import Entry
from ..models import (
    Consent,
    Dwelling,
    Grant,
    GrantElement,
    Household,
    Person,
    Presence,
    Relation,
)
from . import presence

COMMUNITY = LEVELS["community"]
GROWN = 14  # Personal Information Protection Law, article 31
ON_DUTY, BY_CONSENT = "duty", "consent"  # why children are read
Show = Callable[[Entry, Any, bool], str]  # masks.shown, or masks.told for programs


@dataclass(frozen=True)
class Column:
    """An element that may be read, and whether in full."""

    entry: Entry
    full: bool

    @property
    def code(self) -> str:
        return self.entry.code


@dataclass(frozen=True)
class Row:
    """A person as the grant shows them; `values` by catalogue name, in words."""

    person: int
    name: str  # of the presence, for the key of the page; never shown
    place: str
    values: dict[str, str]


def columns(grant: Grant) -> list[Column]:
    """What the owners have provided, in the order of the catalogue; what left it is left out."""
    rows = GrantElement.objects.filter(part__grant=grant, part__state="provided")
    given = dict(rows.values_list("element", "full"))
    return [Column(entry, given[entry.code]) for entry in kinds.entries() if entry.code in given]


def reached(grant: Grant, place: str, today: date, *, proved: bool = False) -> QuerySet[Presence]:
    """Open presences of living persons that fit the grant's filter, inside `place`. Whose birth is
    not known counts as a child, unless it is `proved` that they are none.
    """
    chosen = grant.filter
    low, high = span(place)
    rows = presence.seen()
    if len(place) >= COMMUNITY:
        rows = rows.filter(community=place[:COMMUNITY])
    else:
        rows = rows.filter(community__gte=low, community__lt=high)
    if len(place) > COMMUNITY:
        rows = rows.filter(place__gte=low, place__lt=high)
    rows = rows.filter(kind=chosen.get("kind", Presence.Kind.LIVING))
    if chosen.get("sex"):
        rows = rows.filter(sex=chosen["sex"])
    if (youngest := chosen.get("age_from")) is not None:
        rows = rows.filter(birth__lte=years_before(today, youngest))
    if (oldest := chosen.get("age_to")) is not None:
        rows = rows.filter(birth__gt=years_before(today, oldest + 1))
    return rows if chosen.get("children") == ON_DUTY else rows.filter(_grown(chosen, today, proved))


def _grown(chosen, today, proved):
    """Fourteen or older, or a child whose guardian agreed to the purpose the grant names."""
    grown = Q(birth__lte=years_before(today, GROWN))
    if proved:
        grown |= Q(birth=None)
    if chosen.get("children") == BY_CONSENT:
        agreed = Consent.objects.filter(
            purpose=chosen["consent"], relation=Relation.GUARDIAN, withdrawn_at=None
        )
        grown |= Q(person_id__in=agreed.values("person_id"))
    return grown


def page(
    grant: Grant,
    place: str,
    chosen: Sequence[Column],
    *,
    today: date,
    show: Show = masks.shown,
    begins: str = "",
    cursor: str = "",
    size: int = 20,
) -> paging.Page:
    """By community and name; `begins` is how the name begins."""
    rows = reached(grant, place, today)
    if begins:
        rows = rows.filter(name__gte=begins, name__lt=begins + "\U0010ffff")
    if after := paging.decode(cursor, str, str, int):
        rows = rows.extra(
            where=["(community, registry_presence.name, person_id) > (%s, %s, %s)"],
            params=list(after),
        )
    rows = rows.order_by("community", "name", "person_id")
    found = list(rows[: size + 1])
    page = paging.page(
        found, size=size, key=lambda row: (row.place[:COMMUNITY], row.name, row.person_id)
    )
    return paging.Page(values(page.rows, chosen, show), page.next)


def by_identity(
    grant: Grant, place: str, chosen: Sequence[Column], number: str, *, today: date,
    show: Show = masks.shown,
) -> list[Row]:  # fmt: skip
    """Whom the grant reaches of those who hold this number, which tells how old they are."""
    holders = Person.objects.filter(identity_hash=crypto.keyed_hash(number, kind="identity"))
    ids = list(holders.order_by("pk").values_list("pk", flat=True)[:20])
    birth = identifiers.birth(number)
    proved = birth is not None and birth <= years_before(today, GROWN)
    found = reached(grant, place, today, proved=proved).filter(person__in=ids)
    rows = list(found.order_by("person_id"))
    return values(rows, chosen, show)


def values(
    rows: Sequence[Presence], chosen: Sequence[Column], show: Show = masks.shown
) -> list[Row]:
    """The chosen elements of the persons of these presences, in words."""
    found: list[dict[str, str]] = [{} for _row in rows]
    for section in dict.fromkeys(column.entry.section.code for column in chosen):
        mine = [column for column in chosen if column.entry.section.code == section]
        of = _objects(mine, rows)
        for row, into in zip(rows, found, strict=True):
            for column in mine:
                value = _value(of(row), column.entry)
                into[column.code] = show(column.entry, value, column.full)
    return [Row(row.person_id, row.name, row.place, into)
            for row, into in zip(rows, found, strict=True)]  # fmt: skip


def _value(thing, entry):
    return None if thing is None else getattr(thing, entry.element.field)


def _objects(mine: Sequence[Column], rows: Sequence[Presence]) -> Callable[[Presence], Any]:
    """The section's row for a presence; only the columns that are shown are fetched and opened."""
    model = mine[0].entry.section.model
    fields = [column.entry.element.field for column in mine]
    related = [name for name in fields if model._meta.get_field(name).is_relation]
    objects = model.objects.only("pk", *fields).select_related(*related)
    persons = [row.person_id for row in rows]
    if model is Person:
        people = objects.in_bulk(persons)
        return lambda row: people.get(row.person_id)
    if model is Dwelling:
        homes = objects.in_bulk([row.dwelling_id for row in rows if row.dwelling_id])
        return lambda row: homes.get(row.dwelling_id)
    if model is Household:
        lived = objects.filter(members__person__in=persons, members__until=None)
        households = {each.member: each for each in lived.annotate(member=F("members__person"))}
        return lambda row: households.get(row.person_id)
    records = {each.person_id: each for each in objects.only("pk", "person_id", *fields).filter(
        person__in=persons)}  # fmt: skip
    return lambda row: records.get(row.person_id)
