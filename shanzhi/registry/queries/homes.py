"""A household as its page shows it, by one statement that writes the line in the read log as well:
no value is unsealed that is not on the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor
from shanzhi.places.models import Estate

from .. import readlog
from ..codelists import HEAD
from ..models import Dwelling, Household, Person
from .persons import KEEPERS

READ = """
select house.id, house.kind, house.place, house.valid_from, house.ended_on,
       home.id, home.place, home.road, home.building, home.door, home.written,
       home.estate_id, estate.name,
       member.relation, member.since, member.until,
       person.id as seen, person.name, person.sex, person.birth, person.state,
       person.identity, person.phone
  from registry_household house
  left join registry_dwelling home on home.id = house.dwelling_id
  left join places_estate estate on estate.id = home.estate_id
  left join registry_membership member on member.household_id = house.id
  left join registry_person person on person.id = member.person_id
 where house.id = %s and house.place >= %s and house.place < %s
"""
OF_HOUSEHOLD, OF_HOME = 5, 8  # columns
DOOR, WRITTEN = Dwelling._meta.get_field("door"), Dwelling._meta.get_field("written")
IDENTITY, PHONE = Person._meta.get_field("identity"), Person._meta.get_field("phone")


@dataclass(frozen=True)
class Home:
    """Of a dwelling, what makes its address."""

    place: str
    road: str
    building: str
    door: dict[str, str]
    written: str
    estate: Estate | None

    @property
    def estate_id(self) -> int | None:
        return self.estate and self.estate.pk


@dataclass(frozen=True)
class Member:
    relation: str
    since: date
    until: date | None
    id: int
    name: str
    sex: str
    birth: date | None
    state: str
    identity: str
    phone: str


@dataclass(frozen=True)
class Shown:
    id: int
    kind: str
    place: str
    valid_from: date
    ended_on: date | None
    home: Home | None
    now: list[Member] = field(default_factory=list)  # the head first, then by relation and age
    before: list[Member] = field(default_factory=list)  # who left last, first

    @property
    def head(self) -> Member | None:
        return next((each for each in self.now if each.relation == HEAD), None)

    @property
    def title(self) -> str:
        return str(Household.Kind(self.kind).label)


def shown(
    actor: Actor, pk: int, *, elements: Iterable[str], purpose: str, at: datetime
) -> Shown | None:
    """A household of the actor's place, also one that has ended, with those seen in it."""
    if actor.role not in KEEPERS or not actor.place:
        return None
    rows = readlog.read(
        READ, [pk, *places.span(actor.place)], persons="seen", by=actor, elements=elements,
        purpose=purpose, through=readlog.Through.PAGE, at=at,
    )  # fmt: skip
    if not rows:
        return None
    members = [_member(row[OF_HOUSEHOLD + OF_HOME :]) for row in rows]
    members = sorted((each for each in members if each.id is not None), key=_order)
    now = [each for each in members if each.until is None]
    before = [each for each in members if each.until is not None]
    before.sort(key=lambda each: each.until, reverse=True)
    home = rows[0][OF_HOUSEHOLD : OF_HOUSEHOLD + OF_HOME]
    return Shown(*rows[0][:OF_HOUSEHOLD], _home(home), now, before)


def _order(member: Member) -> tuple[Any, ...]:
    return member.relation != HEAD, member.relation, member.birth or date.max, member.id


def _home(row: tuple[Any, ...]) -> Home | None:
    pk, place, road, building, door, written, estate_id, name = row
    if pk is None:
        return None
    estate = Estate(pk=estate_id, name=name) if estate_id else None
    return Home(place, road, building, _open(DOOR, door) or {}, _open(WRITTEN, written) or "",
                estate)  # fmt: skip


def _member(row: tuple[Any, ...]) -> Member:
    *plain, identity, phone = row
    return Member(*plain, _open(IDENTITY, identity) or "", _open(PHONE, phone) or "")


def _open(column, sealed):
    return None if sealed is None else column.open(sealed)
