"""Staff of every place, residents of every community, contact cards, API keys: by COPY."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db.models import Model

from shanzhi.kernel.crypto import keyed_hash
from shanzhi.people.models import Account

from .ground import Ground
from .pools import ESTATES, NAMES
from .tables import binary, copy

CASES_PER_ACCOUNT = 3.5
PHONES = 1000  # sealed numbers, shared by rows; the hash of each is its own
KEYS = 64
ACCOUNT = (
    "id", "password", "username", "name", "email", "phone", "phone_hash", "phone_proved_at",
    "seen_on", "home", "language", "large", "is_active", "password_given", "opened_at", "is_staff",
    "estate_id",
)  # fmt: skip
POST = ("id", "role", "place", "valid_from", "reason", "account_id", "department_id")


@dataclass(frozen=True)
class Staff:
    """A post and its account: both have the same number."""

    id: int
    role: str
    place: str
    department: str = ""


@dataclass(frozen=True)
class People:
    staff: dict[tuple[str, str], Staff]  # by place and department
    first: np.ndarray  # of each community, its first resident's account
    count: np.ndarray  # and how many there are
    hashes: list[str]  # of the phones, as COPY writes them; of account n at n - base
    base: int

    def name(self, account: int) -> str:
        return NAMES[account * 7919 % len(NAMES)]

    @property
    def total(self) -> int:
        return int(self.count.sum())


def invent(ground: Ground, cases: int) -> People:
    staff = _staff(ground)
    count = np.maximum(4, (ground.shares * cases / CASES_PER_ACCOUNT).astype(np.int64))
    base = len(staff) + 1
    first = base + np.concatenate([[0], np.cumsum(count)[:-1]])
    hashes = [binary(keyed_hash(f"bench {n}", kind="phone")) for n in range(int(count.sum()))]
    by_unit = {(each.place, each.department): each for each in staff}
    return People(by_unit, first, count, hashes, base)


def _staff(ground):
    posts = [("community_worker", code, "") for code in ground.communities]
    posts += [("subdistrict_clerk", code, "") for code in ground.streets]
    posts += [("district_clerk", code, "") for code in ground.districts]
    posts += [("city_clerk", ground.communities[0][:4], "")]
    return [Staff(n, *post) for n, post in enumerate(posts, 1)]


def write(connection, ground: Ground, people: People, at: datetime) -> None:
    sealed = sealed_phones(Account)
    copy(connection, "people_account", ACCOUNT, _accounts(ground, people, sealed, at))
    posts = (
        f"{each.id}\t{each.role}\t{each.place}\t{at:%Y-%m-%d}\tbench\t{each.id}\t"
        + (each.department or "\\N")
        for each in people.staff.values()
    )
    copy(connection, "people_post", POST, posts)
    factors = (f'{n}\ttotp\t{{"secret": ""}}\t{n}\t{at}' for n in range(1, people.base))
    columns = ("id", "type", "data", "user_id", "created_at")
    copy(connection, "mfa_authenticator", columns, factors)
    _write_estates(connection, ground)
    _write_cards(connection, ground)
    _write_keys(connection, people, at)


def sealed_phones(model: type[Model]) -> list[str]:
    """As the model's own column holds them: what is sealed for another opens nowhere else."""
    field = model._meta.get_field("phone")
    return [binary(field.get_prep_value(f"1380000{n:04d}")) for n in range(PHONES)]


def _accounts(ground, people, sealed, at):
    rest = f"zh-hans\tf\tt\tf\t{at}"
    for each in people.staff.values():
        name = people.name(each.id)
        yield f"{each.id}\t!\tbench-{each.id}\t{name}\t\t\\N\t\\N\t\\N\t\\N\t\t{rest}\tt\t\\N"
    hashes = iter(people.hashes)
    for place, code in enumerate(ground.communities):
        first, count = int(people.first[place]), int(people.count[place])
        for pk in range(first, first + count):
            home = f"{code}{pk % 3 + 1:03d}"
            proved = f"{sealed[pk % PHONES]}\t{next(hashes)}\t{at}\t{at:%Y-%m-%d}"
            estate = place * 2 + pk % 2 + 1
            who = f"{pk}\t!\tr-{pk:016x}\t{people.name(pk)}\t"
            yield f"{who}\t{proved}\t{home}\t{rest}\tf\t{estate}"


def _write_estates(connection, ground):
    columns = ("id", "name", "place", "address", "buildings", "households")
    lines = (
        f"{place * 2 + n + 1}\t{ESTATES[(place + n) % len(ESTATES)]}\t{code}\t\t20\t800"
        for place, code in enumerate(ground.communities)
        for n in range(2)
    )
    copy(connection, "places_estate", columns, lines)


def _write_cards(connection, ground):
    kinds = [("secretary", "书记"), ("police", "警官"), ("health", "管家")]
    rows = [(code, kind, title) for code in ground.communities for kind, title in kinds]
    grids = [f"{code}{n:03d}" for code in ground.communities for n in (1, 2, 3)]
    rows += [(code, "grid_leader", "网格长") for code in grids]
    columns = ("id", "place", "kind", "name", "unit", "phone", "hours")
    lines = (
        f"{n}\t{place}\t{kind}\t{NAMES[n % 100][0]}{title}\t社区服务中心\t"
        f"0519-8800{n % 10_000:04d}\t工作日 8:30-17:30"
        for n, (place, kind, title) in enumerate(rows, 1)
    )
    copy(connection, "people_card", columns, lines)


def secret(n: int) -> str:
    """Of the n-th API key: known, because the city is invented."""
    return f"bench-{n:03d}-only-for-an-invented-city"


def _write_keys(connection, people, at):
    """Keys of communities, sub-districts and districts in turn."""
    staff = list(people.staff.values())
    columns = ("id", "name", "post_id", "digest", "hint", "place", "items", "may_write", "valid_to")
    lines = []
    for n in range(1, KEYS + 1):
        post = staff[-n * 17 % len(staff)]
        digest = binary(hashlib.sha256(secret(n).encode()).digest())
        until = at + timedelta(days=5000)
        lines.append(
            f"{n}\tbench {n}\t{post.id}\t{digest}\tbench\t{post.place}\t[]\tt\t{until:%Y-%m-%d}"
        )
    copy(connection, "people_key", columns, lines)
