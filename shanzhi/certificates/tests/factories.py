"""天安社区 with the shipped catalogue in force, its secretary and worker, and residents."""

from datetime import date, datetime
from pathlib import Path

from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands as registry_commands
from shanzhi.registry.tests import factories as registry
from shanzhi.registry.tests.factories import CITY, FUDU, MONDAY, STREET, TIANAN

from .. import catalogue_files, commands
from ..kinds import Wish
from ..models import Application, Certificate, Edition, Entry, Refusal

__all__ = ["CITY", "FUDU", "MONDAY", "STREET", "TIANAN"]
DISTRICT = people.DISTRICT
SHIPPED = Path(__file__).resolve().parents[1] / "data/catalogue.csv"
BANK, SCHOOL = "示例银行新北支行", "示例小学"
SINCE = date(2020, 1, 1)


def city() -> None:
    registry.city()
    edition()


def shipped() -> str:
    return SHIPPED.read_text(encoding="utf-8")


def edition(text: str = "", place: str = CITY, on: date = SINCE) -> Edition:
    rows = catalogue_files.read((text or shipped()).encode())
    drafted = commands.draft_edition(
        place=place, title="社区证明事项目录", rows=rows, by=SYSTEM, at=MONDAY
    )
    return commands.publish_edition(edition=drafted, on=on, by=SYSTEM, at=MONDAY)


def entry(name: str, confirmed: bool = True) -> Entry:
    """Of the edition in force; one that may be issued with its basis confirmed."""
    found = Entry.objects.get(name=name, edition__state="in_force")
    if confirmed and not found.confirmed:
        commands.confirm_entry(entry=found, basis="本市保留目录", by=SYSTEM, at=MONDAY)
        found.refresh_from_db()
    return found


def worker(place: str = TIANAN) -> Actor:
    return people.actor(people.post("community_worker", place))


def secretary(place: str = TIANAN) -> Actor:
    return people.actor(people.post("community_secretary", place))


def wish(**changed) -> Wish:
    known = {"unit": SCHOOL, "purpose": "子女入学", "copies": 2, "days": 90, "said": {}}
    return Wish(**known | changed)


def requested(
    name: str = "居住情况证明", *, by: Actor | None = None, person=None, at: datetime = MONDAY,
    **changed,
) -> Certificate:  # fmt: skip
    """Of the head of a household, of whom the registry knows all that is stated."""
    row, person_id = entry(name), None
    if row.of_person:
        person = person or registry.household("张示例").members.get().person
        person_id = person.pk
    return commands.request(
        entry=row, person_id=person_id, wish=wish(**changed), by=by or worker(), at=at
    )


def sealed(at: datetime = MONDAY, **more) -> Certificate:
    return sealed_by(requested(at=at, **more), secretary(), at)


def sealed_by(certificate: Certificate, by: Actor, at: datetime) -> Certificate:
    return commands.seal(certificate=certificate, by=by, at=at)


def refused(
    name: str = "居民财产证明", unit: str = BANK, *, place: str = TIANAN, by: Actor = SYSTEM,
    at: datetime = MONDAY, **more,
) -> Refusal:  # fmt: skip
    row = entry(name) if name else None
    return commands.refuse(place=place, entry=row, unit=unit, by=by, at=at, **more)


# --- asked for on the phone -----------------------------------------------------------------------


def asker(phone: str = "13800000011", home: str = TIANAN, person=None) -> Actor:
    """Somebody with a phone and a community, bound where a person is given."""
    account = people.resident(phone, name="张示例")
    type(account).objects.filter(pk=account.pk).update(home=home)
    if person is not None:
        bound(account.pk, person)
    return Actor(account_id=account.pk, name=account.name)


def bound(account_id: int, person, relation: str = "self") -> None:
    registry_commands.bind(
        account_id=account_id, person=person, level=1, relation=relation, by=SYSTEM, at=MONDAY
    )


def known():
    """The head of a household, of whom the registry knows all that is stated."""
    return registry.household("张示例").members.get().person


def applied(
    by: Actor | None = None, *, person=None, name: str = "居住情况证明", note: str = "",
    at: datetime = MONDAY, **changed,
) -> Application:  # fmt: skip
    person = person or (known() if by is None else None)
    return commands.apply(
        entry=entry(name), person_id=person and person.pk, wish=wish(**changed), note=note,
        by=by or asker(person=person), at=at,
    )  # fmt: skip


def taken(application: Application, by: Actor | None = None) -> Application:
    return commands.take(application=application, wish=wish(), by=by or worker(), at=MONDAY)
