"""The residents of the demonstration community: a few hundred, all invented, the same everywhere
but for the dates. Entered by the commands that a community uses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from django.utils.timezone import localdate

from shanzhi.kernel import identifiers
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places import queries as divisions
from shanzhi.places.models import Estate

from . import commands, queries
from .addresses import Address
from .commands import NewPresence
from .models import Household, Person, Presence

SEED, HOUSEHOLDS = 20150724, 96
LIVING = Presence.Kind.LIVING
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
GIVEN = "安宁和平明华春秋山川林海江河星辰松柏竹兰梅菊荷莲云雨风雪晴朗文武诗书琴画礼乐"
ELSEWHERE = ("320402", "340100", "410100", "320623", "510100")  # where a register is


@dataclass(frozen=True)
class Invented:
    """One resident before entry."""

    name: str
    sex: str
    born: date
    relation: str
    identity: str
    phone: str = ""
    more: tuple[tuple[str, str], ...] = ()


def fill(community: str, at: datetime) -> int:
    """Households in the estates of a community; how many persons there are then."""
    commands.load_sources(by=SYSTEM, at=at)
    random, numbers, phones = Random(SEED), count(1), count(2000)
    estates = divisions.estates(community)
    doors = _doors(estates, random)
    _resident(community, next(doors), at)
    for _n in range(HOUSEHOLDS):
        family = list(_family(random, numbers, phones, localdate(at)))
        _enter(community, next(doors), family, random, at)
    _apart(community, random, numbers, at)
    _conflict(community, random, numbers, at)
    return Person.objects.count()


def _doors(estates: list[Estate], random: Random) -> Iterator[tuple[Estate, str, str, str]]:
    """Every door once, spread over the estates."""
    doors = [
        (estate, str(building), str(unit), f"{floor}0{flat}")
        for estate in estates
        for building in range(1, max(estate.buildings, 1) + 1)
        for unit in (1, 2)
        for floor in range(1, 6)
        for flat in (1, 2)
    ]
    random.shuffle(doors)
    home = next((estate for estate in estates if estate.name == "天安别墅"), estates[0])
    yield (home, "12", "", "301")  # of the demonstration's resident
    yield from doors


def _resident(community, door, at):
    """张演示, who signs in by 13800000001, is over eighty, and lives with a granddaughter."""
    family = [
        Invented("张演示", "1", date(1945, 3, 15), "02", "320499194503150016", "13800000001",
                 (("ethnic", "01"), ("marital", "30"), ("education", "70"), ("work", "70"))),
        Invented("李演示", "2", date(1990, 2, 3), "40", "320499199002030027", "13800000002",
                 (("ethnic", "01"), ("marital", "10"), ("education", "20"), ("work", "10"))),
    ]  # fmt: skip
    household = _enter(community, door, family, Random(SEED), at, registered=community)
    head = queries.residents.members(household).head
    commands.change(
        section="bank", person=head, effective=None, source=queries.source("community"),
        values={"bank": "示例银行", "number": "6222000000000000004"}, by=SYSTEM, at=at,
    )  # fmt: skip


def _family(random: Random, numbers, phones, today: date) -> Iterator[Invented]:
    """A couple or one alone, with children and perhaps a parent."""
    surname, age = random.choice(SURNAMES), random.randint(24, 88)
    head = _one(random, numbers, surname, "1", age, "02", today, phones)
    yield head
    if random.random() < 0.78:
        years = max(age - random.randint(-2, 5), 21)
        yield _one(random, numbers, random.choice(SURNAMES), "2", years, "10", today, phones)
    for _n in range(random.choice((0, 1, 1, 1, 2))):
        young = age - random.randint(24, 32)
        if 0 <= young <= 40:
            sex = random.choice("12")
            yield _one(random, numbers, surname, sex, young, "20" if sex == "1" else "30", today,
                       phones if young >= 14 else None)  # fmt: skip
    if age < 62 and random.random() < 0.3:
        yield _one(random, numbers, surname, random.choice("12"), age + random.randint(23, 30),
                   "50", today, phones)  # fmt: skip


def _one(random, numbers, surname, sex, age, relation, today, phones) -> Invented:
    born = today - timedelta(days=age * 365 + random.randint(1, 364) + age // 4)
    serial = next(numbers) * 2 % 1000 + (1 if sex == "1" else 0)
    first = f"320499{born:%Y%m%d}{serial % 1000:03d}"
    return Invented(
        f"{surname}示{random.choice(GIVEN)}", sex, born, relation,
        first + identifiers.check_digit(first),
        f"1380000{next(phones):04d}" if phones else "", _more(random, age),
    )  # fmt: skip


def _more(random, age):
    work = random.choice(("10", "10", "20", "30", "50")) if 20 <= age < 60 else "60"
    work = "70" if age >= 60 else work
    marital = "10" if age < 24 else "30" if age > 78 and random.random() < 0.5 else "20"
    education = random.choice(("20", "30", "60", "70")) if age > 18 else "80" if age > 6 else ""
    group = "01" if random.random() < 0.96 else random.choice(("03", "05", "11"))
    return (("ethnic", group), ("work", work), ("marital", marital), ("education", education))


def _enter(community, door, family, random, at, registered=None) -> Household:
    """The dwelling, its persons, and the household they make up."""
    estate, building, unit, room = door
    source = queries.source("community")
    since = localdate(at - timedelta(days=random.randint(60, 6000)))
    dwelling = commands.find_dwelling(
        address=Address(community, estate, "", "", building, unit, room), source=source,
        holding=random.choice(("10", "10", "10", "20")), by=SYSTEM, at=at,
    )  # fmt: skip
    place = registered or (community if random.random() < 0.8 else random.choice(ELSEWHERE))
    persons = [_add(each, dwelling, place, max(since, each.born), at) for each in family]
    household = commands.found_household(
        head=persons[0], dwelling=dwelling, since=since, source=source, by=SYSTEM, at=at
    )
    for each, person in zip(family[1:], persons[1:], strict=True):
        commands.set_household(
            person=person, household=household, relation=each.relation,
            since=max(since, each.born), by=SYSTEM, at=at,
        )  # fmt: skip
    return household


def _add(each: Invented, dwelling, registered, since, at) -> Person:
    values = dict(each.more) | {
        "name": each.name, "identity": each.identity, "phone": each.phone,
        "registered_place": registered,
    }  # fmt: skip
    where = NewPresence(LIVING, dwelling=dwelling, since=since)
    return commands.add_person(
        values=values, presences=[where], source=queries.source("community"), by=SYSTEM, at=at
    )


def _apart(community, random, numbers, at):
    """Some who are registered here and live in a neighbouring community."""
    street = community[:9]
    others = [each.code for each in divisions.children(street) if each.code != community][:2]
    today = localdate(at)
    for place in others:
        for _n in range(4):
            each = _one(random, numbers, random.choice(SURNAMES), random.choice("12"),
                        random.randint(20, 70), "02", today, None)  # fmt: skip
            values = {"name": each.name, "identity": each.identity}
            commands.add_person(
                values=values | {"registered_place": community},
                presences=[NewPresence(LIVING, place)], source=queries.source("community"),
                by=SYSTEM, at=at,
            )  # fmt: skip


def _conflict(community, random, numbers, at):
    """Two holders of one number, to be settled."""
    twin = _one(random, numbers, "", "1", 50, "02", localdate(at), None)
    for name in ("孙示同", "钱示异"):
        commands.add_person(
            values={"name": name, "identity": twin.identity},
            presences=[NewPresence(LIVING, community)], source=queries.source("community"),
            by=SYSTEM, at=at,
        )  # fmt: skip
