"""Invented residents of 天安社区, entered by its worker through commands."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from shanzhi.kernel import identifiers
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.tests import factories as people
from shanzhi.places.models import Estate
from shanzhi.registry import commands, queries
from shanzhi.registry.addresses import Address
from shanzhi.registry.commands import NewPresence
from shanzhi.registry.models import (
    Dwelling,
    FormerStay,
    Household,
    Membership,
    Person,
    Presence,
    Source,
)
from shanzhi.work import commands as work

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)
TIANAN, FUDU, GRID, STREET, CITY = (
    people.TIANAN, people.FUDU, people.GRID, people.STREET, people.CITY,
)  # fmt: skip
REGISTERED, LIVING, WORKING, STUDYING = Presence.Kind
_numbers = count(1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def city() -> None:
    """Places, the calendar of 2026, and the sources of the registry."""
    people.city()
    work.load_calendar(by=SYSTEM, at=MONDAY)
    commands.load_sources(by=SYSTEM, at=MONDAY)


def source(code: str = "community") -> Source:
    commands.load_sources(by=SYSTEM, at=MONDAY)
    return queries.source(code)


def identity(born: date = date(1950, 3, 15), sex: str = "1", number: int | None = None) -> str:
    """An invented number of an area that does not exist."""
    serial = next(_numbers) if number is None else number
    last = serial % 500 * 2 + (1 if sex == "1" else 0)
    first = f"320499{born:%Y%m%d}{last % 1000:03d}"
    return first + identifiers.check_digit(first)


def worker(place: str = TIANAN, role: str = "community_worker") -> Actor:
    return people.actor(people.post(role, place))


def estate(name: str = "天安别墅", place: str = GRID) -> Estate:
    return Estate.objects.filter(name=name, place=place).first() or people.estate(place, name)


def dwelling(room: str = "301", building: str = "12", *, place: str = TIANAN, **more) -> Dwelling:
    given = {"estate": estate(place=GRID if place == TIANAN else place), "unit": "1"} | more
    address = Address(place=place, building=building, room=room, **given)
    return commands.find_dwelling(address=address, source=source(), by=SYSTEM, at=MONDAY)


def person(
    name: str = "张示例",
    *,
    place: str = TIANAN,
    home: Dwelling | None = None,
    presences: list[NewPresence] | None = None,
    since: date = date(2020, 1, 1),
    by: Actor = SYSTEM,
    when: datetime = MONDAY,
    **values: Any,
) -> Person:
    """Lives in 天安社区 where nothing else is said; with a number and a phone of their own."""
    if "identity" not in values and "document" not in values:
        values["identity"] = identity()
    if "phone" not in values:
        values["phone"] = f"1380000{next(_numbers):04d}"
    if presences is None:
        where = "" if home else place
        presences = [NewPresence(LIVING, where, home, since)]
    return commands.add_person(
        values={"name": name, **values}, presences=presences, source=source(), by=by, at=when
    )


def household(
    *names: str, home: Dwelling | None = None, place: str = TIANAN, since=date(2020, 1, 1)
) -> Household:
    """The first of `names` is the head, the second the spouse, others are children."""
    home = home or dwelling(room=str(next(_numbers)), place=place)
    persons = [person(name, home=home, since=since) for name in names or ("张示例", "李示例")]
    made = commands.found_household(
        head=persons[0], dwelling=home, since=since, source=source(), by=SYSTEM, at=MONDAY
    )
    for number, each in enumerate(persons[1:]):
        relation = "20" if number else "10"
        commands.set_household(
            person=each, household=made, relation=relation, since=since, by=SYSTEM, at=MONDAY
        )
    return made


def told_before(when: datetime = MONDAY) -> None:
    """As if all of stays had been written then: what a transaction changes of its own rows nobody
    has believed.
    """
    told = set(FormerStay.objects.values_list("pk", flat=True))
    for model in (Presence, Membership):
        rows = list(model.objects.all())
        model.objects.all().delete()
        for row in rows:
            row.recorded_at = when
        model.objects.bulk_create(rows)
    FormerStay.objects.exclude(pk__in=told).delete()
    FormerStay.objects.filter(known_to__gt=when).update(known_to=when)


def everything() -> list[list[str]]:
    """All rows of persons and what hangs on them, to assert that nothing changed."""
    from shanzhi.journal.models import Entry
    from shanzhi.registry import models
    from shanzhi.work.models import Duty

    tables = (
        models.Person, models.Presence, models.Membership, models.Household, models.Dwelling,
        models.Version, models.BankAccount, Entry, Duty,
    )  # fmt: skip
    return [sorted(map(str, table.objects.values_list())) for table in tables]
