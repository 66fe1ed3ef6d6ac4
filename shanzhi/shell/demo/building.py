"""Building the demonstration city, step by step."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.agreements import demo as agreements
from shanzhi.burden import demo as burden
from shanzhi.burden import demo_cleanups
from shanzhi.cases import commands as cases
from shanzhi.cases.importing import shipped_categories, shipped_items, shipped_routes
from shanzhi.certificates import demo as certificates
from shanzhi.effort import demo as effort
from shanzhi.gate import demo as gate
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people import commands as people
from shanzhi.people.commands.departments import load_departments
from shanzhi.people.models import Account
from shanzhi.places import commands as places
from shanzhi.places.models import Estate
from shanzhi.registry import demo as registry
from shanzhi.registry import demo_rights, demo_sharing
from shanzhi.work import commands as work

from .history import live_through
from .people import CARDS, CITY, COMMUNITY, DISTRICT, GRID, PEOPLE, RESIDENT_PHONE, STREET

HERE = Path(__file__).resolve().parent
SHANZHI = HERE.parents[1]
Tell = Callable[[str], None]


def build(tell: Tell) -> None:
    """Fill an empty database. `tell` is given a sentence for each step."""
    now = timezone.now()
    founded = now - timedelta(days=60)
    tell("divisions")
    _divisions(founded)
    tell("calendar")
    work.load_calendar(by=SYSTEM, at=founded)
    tell("service items")
    _items(founded)
    tell("people and posts")
    accounts = {person.code: _person(person, founded) for person in PEOPLE}
    _cards(founded)
    _settle(accounts["resident"], founded)
    tell("residents")
    registry.fill(COMMUNITY, founded)
    demo_rights.settle(accounts["resident"], founded)
    demo_sharing.share(accounts["department_clerk"], founded)
    tell("what is asked of communities")
    burden.lists(CITY, now)
    burden.clean_up(CITY, now)
    gate.gate(_cast(accounts), now)
    demo_cleanups.clean_ups(
        _actor(accounts["community_worker"]), _actor(accounts["burden_office"]), now
    )
    tell("where the week goes")
    secretary, worker = (accounts[f"community_{each}"] for each in ("secretary", "worker"))
    effort.week(CITY, _actor(secretary), worker.pk, founded, now)
    tell("certificates")
    certificates.catalogue(CITY, localdate(founded), founded)
    worker = _actor(accounts["community_worker"])
    certificates.refuse(worker, DISTRICT, now)
    sealer = _actor(accounts["community_secretary"])
    certificates.issue(worker, sealer, now)
    certificates.ask_on_the_phone(accounts["resident"], worker, sealer, now)
    tell("agreements")
    agreements.agree_for(accounts, STREET, COMMUNITY, now)
    tell("weeks of work")
    live_through(accounts, now)


def _cast(accounts):
    roles = ("department_clerk", "burden_office", "community_worker")
    return gate.Cast(CITY, COMMUNITY, *(accounts[role].pk for role in roles))


def _divisions(at):
    path = SHANZHI / "places/data/divisions-changzhou.csv"
    places.load_divisions(path=path, by=SYSTEM, at=at, valid_from=localdate(at))
    for grid in _data("grids.json"):
        places.set_grid(by=SYSTEM, at=at, **grid)
    for estate in _data("estates.json"):
        places.add_estate(by=SYSTEM, at=at, **estate)


def _data(name):
    return json.loads((HERE / "data" / name).read_text(encoding="utf-8"))


def _items(at):
    departments = json.loads((SHANZHI / "cases/data/departments.json").read_text(encoding="utf-8"))
    load_departments(rows=departments, by=SYSTEM, at=at)
    cases.load_categories(rows=shipped_categories(), by=SYSTEM, at=at)
    cases.import_items(rows=shipped_items(), publish=True, by=SYSTEM, at=at)
    cases.load_routes(rows=shipped_routes(), by=SYSTEM, at=at)


def _person(person, at: datetime) -> Account:
    username = f"demo-{person.code}"
    phone = "" if person.posts else RESIDENT_PHONE
    account = people.open_account(
        username=username, name=person.name, phone=phone, by=SYSTEM, at=at
    )
    for post in person.posts:
        people.grant_post(
            account=account, role=post.role, place=post.place, department=post.department,
            valid_from=localdate(at), reason="演示", by=SYSTEM, at=at,
        )  # fmt: skip
    return account


def _actor(account: Account) -> Actor:
    post = account.posts.get()
    return Actor(account.pk, post.pk, post.role, post.place, name=account.name)


def _cards(at):
    for place, cards in CARDS.items():
        for kind, name, unit, phone, hours in cards:
            people.set_card(
                place=place, kind=kind, name=name, unit=unit, phone=phone, hours=hours,
                by=SYSTEM, at=at,
            )  # fmt: skip


def _settle(account: Account, at: datetime) -> None:
    estate = Estate.objects.filter(place=GRID).order_by("pk").first()
    people.choose_home(
        account=account, place=GRID, estate=estate, by=Actor(account_id=account.pk), at=at
    )
