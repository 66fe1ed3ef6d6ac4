"""People with accounts, for the tests of rights."""

from datetime import date as date
from datetime import timedelta

from django.utils.timezone import localdate

from shanzhi.files import commands as files
from shanzhi.files.tests.factories import jpeg, upload
from shanzhi.kernel import identifiers
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people import commands as people
from shanzhi.people.models import Account
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, queries
from shanzhi.registry.models import Level, Person, Presence

NOON, TODAY = staff.NOON, localdate(staff.NOON)
LATER = NOON + timedelta(days=1)


def number(birth: date, serial: str = "001") -> str:
    """An invented identity number with a valid checksum in an area that does not exist."""
    first = f"320499{birth:%Y%m%d}{serial}"
    return first + identifiers.check_digit(first)


def person(
    name: str = "张一", birth: date = date(1945, 3, 15), serial: str = "001",
    place: str = staff.GRID, **more,
) -> Person:  # fmt: skip
    values = {"name": name, "identity": number(birth, serial), "phone": "13800000021"} | more
    return commands.add_person(
        values=values,
        presences=[commands.NewPresence(kind=Presence.Kind.LIVING, place=place)],
        source=queries.source("community"), by=SYSTEM, at=NOON,
    )  # fmt: skip


def resident(phone: str = "13800000001", name: str = "张一") -> Account:
    return people.open_account(phone=phone, name=name, by=SYSTEM, at=NOON)


def acting(account: Account) -> Actor:
    return Actor(account_id=account.pk, name=account.name)


def bound(account: Account, person: Person, relation: str = "self", **more):
    return commands.bind(
        account_id=account.pk, person=person, level=Level.COUNTER, relation=relation,
        by=SYSTEM, at=NOON, **more,
    )  # fmt: skip


def asked_by_papers(account: Account, person: Person, relation: str = "self", **more):
    """A request with a photo of the papers, at the person's community."""
    photo = files.store(upload=upload(jpeg()), by=acting(account), at=NOON)
    return commands.ask_binding(
        account_id=account.pk, place=staff.TIANAN, name=person.name, number=person.identity,
        relation=relation, evidence=[photo.pk], by=acting(account), at=NOON, **more,
    )  # fmt: skip
