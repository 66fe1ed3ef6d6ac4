"""The registry of a whole city, by COPY from as many processes as there are cores.

Sealing is Python's work (a million values a second and core), so each process draws nothing, seals
and writes a stretch of communities over a connection of its own. Indexes are built afterwards.
"""

import hmac
import multiprocessing
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

import numpy as np
import orjson
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction

from shanzhi.kernel import crypto
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import population
from shanzhi.registry.commands import load_sources
from shanzhi.registry.models import BankAccount, Dwelling, Household, Person, Source

from . import ground, lives, people, tables
from .build import own_connection
from .persons import CHILD, ELSEWHERE, GIVEN, HEAD, PARENT, Population, draw, identities
from .pools import ESTATES, SURNAMES

Tell = Callable[..., None]
STRETCH = 8  # communities of one piece of work
CASES = 4000  # as many accounts as such a city would have
TABLES = (
    "registry_dwelling", "registry_household", "registry_person", "registry_presence",
    "registry_membership", "registry_bankaccount",
)  # fmt: skip
FACT = ("source_id", "valid_from", "recorded_at")
COLUMNS = {
    "registry_dwelling": (
        "id", "place", "estate_id", "road", "building", "door", "door_hash", "holding", *FACT,
    ),
    "registry_household": ("id", "kind", "place", "dwelling_id", "number", *FACT),
    "registry_person": (
        "id", "name", "former_name", "sex", "ethnic", "birth", "document", "identity",
        "identity_hash", "phone", "phone_hash", "registered_place", "registered_address",
        "education", "marital", "political", "work", "employer", "state", "disputed", *FACT,
    ),
    "registry_presence": (
        "person_id", "kind", "place", "dwelling_id", "name", "birth", "sex", "since",
    ),
    "registry_membership": ("household_id", "person_id", "relation", "since"),
    "registry_bankaccount": ("person_id", "bank", "number", "number_hash", *FACT),
}  # fmt: skip
PHONE = 99_999_989  # a prime: everybody gets another number of 154…, which is given to nobody
TRIGGERS = "alter table {} {} trigger user"


def build(*, count: int, seed: int, now: datetime, tell: Tell) -> None:
    """Fill a migrated, empty database with `count` persons."""
    rng = np.random.default_rng(seed)
    with transaction.atomic():
        tell("divisions")
        laid = ground.lay(rng, lives.founded(now))
        load_sources(by=SYSTEM, at=now)
    with own_connection() as own, own.transaction(), tables.bare(own, tell):
        people.write(own, laid, people.invent(laid, CASES), lives.founded(now))
    tell("drawing everybody")
    drawn = draw(rng, laid, count, now.date())
    with own_connection() as own:
        stripped = tables.strip(own, TABLES)
        for table in TABLES:
            own.execute(TRIGGERS.format(table, "disable"))
    _write(City(laid, drawn, now), tell)
    with own_connection() as own:
        tables.rebuild(own, stripped, tell)
        for table in TABLES:
            own.execute(TRIGGERS.format(table, "enable"))
    tell("headcounts")
    population.rebuild()
    tell("statistics")
    with own_connection() as own:
        own.autocommit = True
        own.execute("vacuum (analyze)")


def _write(city, tell):
    """Two processes that share what was drawn; each piece is committed by itself."""
    global _city
    _city = city
    places = len(city.communities)
    pieces = [(first, min(first + STRETCH, places)) for first in range(0, places, STRETCH)]
    connection.close()  # not to be shared with the processes that begin now
    written = 0
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), _begin) as pool:
        for count in pool.imap_unordered(_stretch, pieces):
            written += count
            tell("persons", written, len(city.drawn))


# --- in a process of its own ----------------------------------------------------------------------

_city: "City"
_own: psycopg.Connection


def _begin():
    global _own
    _own = own_connection()


def _stretch(piece) -> int:
    lines = _city.lines(*piece)
    with _own.transaction():
        for table in TABLES:
            tables.copy(_own, table, COLUMNS[table], lines[table], freeze=False)
    return len(lines["registry_person"])


class Sealer:
    """What the column does with a value, without its detours."""

    def __init__(self, model, name):
        field = model._meta.get_field(name)
        key_id, key = next(iter(crypto._keys().items()))
        self.head, self.context = crypto.VERSION + key_id, field._context().encode()
        self.encrypt = AESGCM(key).encrypt

    def __call__(self, plain: bytes) -> str:
        nonce = os.urandom(12)
        sealed = self.encrypt(nonce, plain, self.context)
        return f"\\\\x{(self.head + nonce + sealed).hex()}"


def _hash(key: bytes, text: str) -> str:
    return f"\\\\x{hmac.digest(key, text.encode(), 'sha256').hex()}"


class One(NamedTuple):
    """A person, as drawn."""

    pk: int
    household: int
    role: int
    male: bool
    age: int
    birth: str
    identity: str
    surname: int
    given: int
    chance: float
    registered: int
    since: str

    @property
    def sex(self) -> str:
        return "1" if self.male else "2"

    @property
    def from_day(self) -> str:
        """Since the family lives there, or since birth."""
        return max(self.since, self.birth)


class City:
    """Makes the lines of a stretch of communities."""

    def __init__(self, laid: ground.Ground, drawn: Population, now: datetime):
        self.communities, self.drawn = laid.communities, drawn
        source = Source.objects.get(code="community").pk
        self.fact = f"{source}\t%s\t{now:%Y-%m-%d %H:%M:%S%z}"
        self.key = crypto._hash_key()
        self.door, self.number = Sealer(Dwelling, "door"), Sealer(Household, "number")
        self.identity, self.phone = Sealer(Person, "identity"), Sealer(Person, "phone")
        self.address, self.bank = (
            Sealer(Person, "registered_address"),
            Sealer(BankAccount, "number"),
        )

    def lines(self, first: int, beyond: int) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {table: [] for table in TABLES}
        for place in range(first, beyond):
            homes = self._homes(found, place)
            self._persons(found, place, homes)
        return found

    def _homes(self, found, place):
        """Dwellings and households of a community; where each is, and how it is written."""
        drawn, code, homes = self.drawn, self.communities[place], []
        begins, ends = drawn.h_begins[place : place + 2].tolist()
        since = drawn.h_since[begins:ends].astype(str).tolist()
        for local in range(ends - begins):
            pk, half = begins + local + 1, local // 2
            estate, where = place * 2 + local % 2 + 1, f"{code}{half // 400 % 3 + 1:03d}"
            building, unit = half // 48 + 1, half % 48 // 12 + 1
            room = (half % 12 // 2 + 1) * 100 + half % 2 + 1
            fact = self.fact % since[local]
            door = orjson.dumps({"unit": f"{unit}", "room": f"{room}"})
            spelled = f"dwelling:{code}|||{estate}|{building}|{unit}|{room}"
            found["registry_dwelling"].append(
                f"{pk}\t{where}\t{estate}\t\t{building}\t{self.door(door)}"
                f"\t{_hash(self.key, spelled)}\t{'20' if local % 4 == 0 else '10'}\t{fact}"
            )
            number = self.number(b"%09d" % (pk * 7919 % 999_999_937))
            found["registry_household"].append(f"{pk}\tfamily\t{where}\t{pk}\t{number}\t{fact}")
            name = ESTATES[(place + local % 2) % len(ESTATES)]
            homes.append((where, f"常州市{name}{building}幢{unit}单元{room}室"))
        return homes

    def _persons(self, found, place, homes):
        begins = int(self.drawn.h_begins[place])
        for one in self._of_place(place):
            where, written = homes[one.household - begins]
            name, ethnic = _name(one.surname, one.given, one.chance)
            there = _register(self.communities, one.registered, place, where, one.chance)
            self._person(found, one, name, ethnic, there, written)
            self._presences(found, one, name, place, where, there)
            relation = ("02", "10", "20" if one.male else "30", "50")[one.role]
            found["registry_membership"].append(
                f"{one.household + 1}\t{one.pk}\t{relation}\t{one.from_day}"
            )
            if one.age >= 60 and one.chance * 17 % 1 < 0.4:
                self._account(found, one)

    def _of_place(self, place) -> Iterator[One]:
        drawn = self.drawn
        first, beyond = drawn.first[place : place + 2].tolist()
        some, of_home = slice(first, beyond), drawn.household[first:beyond]
        numbers = identities(drawn.birth[some], drawn.serial[some]) if beyond > first else []
        return map(
            One, range(first + 1, beyond + 1), of_home.tolist(), drawn.role[some].tolist(),
            drawn.male[some].tolist(), drawn.age[some].tolist(),
            drawn.birth[some].astype(str).tolist(), numbers, drawn.surname[some].tolist(),
            drawn.given[some].tolist(), drawn.chance[some].tolist(),
            drawn.h_registered[of_home].tolist(), drawn.h_since[of_home].astype(str).tolist(),
        )  # fmt: skip

    def _presences(self, found, one, name, place, where, there):
        who = f"{name}\t{one.birth}\t{one.sex}\t{one.from_day}"
        lines = found["registry_presence"]
        lines.append(f"{one.pk}\t2\t{where}\t{one.household + 1}\t{who}")
        if one.registered >= 0:
            home = one.household + 1 if one.registered == place else "\\N"
            lines.append(f"{one.pk}\t1\t{there}\t{home}\t{who}")
        if 22 < one.age < 60 and one.chance * 31 % 1 < 0.05:
            at_work = self.communities[(place + one.pk) % len(self.communities)]
            lines.append(f"{one.pk}\t3\t{at_work}\t\\N\t{who}")

    def _account(self, found, one):
        card = f"62220000{one.pk:011d}"
        found["registry_bankaccount"].append(
            f"{one.pk}\t江南农村商业银行\t{self.bank(card.encode())}"
            f"\t{_hash(self.key, f'bank:{card}')}\t{self.fact % one.from_day}"
        )

    def _person(self, found, one, name, ethnic, there, written):
        phone = "\\N\t\\N"
        if one.age >= 12 and one.chance * 13 % 1 < 0.93:
            number = f"154{one.pk * 48271 % PHONE:08d}"
            phone = f"{self.phone(number.encode())}\t{_hash(self.key, f'phone:{number}')}"
        found["registry_person"].append(
            f"{one.pk}\t{name}\t\t{one.sex}\t{ethnic}\t{one.birth}\t111"
            f"\t{self.identity(one.identity.encode())}"
            f"\t{_hash(self.key, f'identity:{one.identity}')}\t{phone}\t{there}"
            f"\t{self.address(written.encode())}\t{_life(one.age, one.role, one.chance)}"
            f"\t\talive\t[]\t{self.fact % one.from_day}"
        )


def _name(surname, given, chance):
    if chance < 0.002:
        return f"古丽·{GIVEN[given]}", "05"
    return SURNAMES[surname] + GIVEN[given], "01" if chance < 0.99 else "03"


def _register(communities, registered, place, where, chance):
    if registered < 0:
        return ELSEWHERE[int(chance * len(ELSEWHERE))]
    return where if registered == place else communities[registered]


def _life(age, role, chance):
    """Education, marriage, politics and work, as COPY's columns."""
    if age < 18:
        education, work = ("90", "90") if age < 6 else ("80", "60") if age < 15 else ("60", "60")
        return f"{education}\t10\t{'03' if age > 13 and chance < 0.3 else '13'}\t{work}"
    schooled = 0.0 if age > 65 else 0.35 if age > 40 else 0.65
    education = "20" if chance < schooled / 2 else "30" if chance < schooled else "70"
    single = role == CHILD or (role == HEAD and age < 28)
    marital = "10" if single else "30" if role == PARENT and chance < 0.4 else "20"
    work = "70" if age >= 60 else "20" if chance < 0.15 else "10"
    return f"{education}\t{marital}\t{'01' if chance > 0.91 else '13'}\t{work}"
