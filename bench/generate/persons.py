"""Who lives in the city: households, ages, where they are registered. Drawn by numpy as a whole.

Everybody is numbered through, community by community and household by household, so that a worker
can write a stretch of them without knowing the others.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from .ground import Ground
from .pools import BRANCHES, STEMS, SURNAMES

GIVEN = [f"{a}{b}" for a in STEMS for b in BRANCHES]  # nobody is called so
SKEW = 0.35  # the largest of a thousand communities has about eight times the people of the median
AREA = "320499"  # of identity numbers: there is no such county
ELSEWHERE = ("3202", "3205", "3206", "3210", "3411", "3415")  # where else a register may be kept
OUTSIDE, APART = 0.06, 0.14  # registered in another city; in another community of this one

HEAD, SPOUSE, CHILD, PARENT = range(4)
# how often, and who lives there besides the head
KINDS = (
    (0.18, ()),
    (0.24, (SPOUSE,)),
    (0.27, (SPOUSE, CHILD)),
    (0.08, (SPOUSE, CHILD, CHILD)),
    (0.14, (SPOUSE, CHILD, PARENT)),
    (0.04, (SPOUSE, CHILD, PARENT, PARENT)),
    (0.05, (CHILD,)),
)
# of the head's age: how many are of the young kind, its mean and spread, those of the old kind
AGES = (
    (0.4, 29, 5, 73, 9), (0.25, 30, 4, 66, 9), (0.85, 38, 7, 53, 5), (1, 37, 5, 0, 1),
    (0.9, 41, 7, 51, 5), (1, 39, 6, 0, 1), (0.7, 42, 8, 58, 6),
)  # fmt: skip
WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
CHECKS = np.array(list("10X98765432"))


@dataclass(frozen=True)
class Population:
    """Arrays over persons, over households (`h_…`), and where each community begins in both."""

    household: np.ndarray
    role: np.ndarray
    male: np.ndarray
    age: np.ndarray
    birth: np.ndarray  # datetime64[D]
    serial: np.ndarray  # of the identity number: the three digits that tell those of one day apart
    surname: np.ndarray
    given: np.ndarray
    chance: np.ndarray  # in [0, 1), for what is not drawn apart
    h_first: np.ndarray
    h_registered: np.ndarray  # number of a community; -1 is another city
    h_since: np.ndarray  # datetime64[D]
    first: np.ndarray  # person of each community, and one beyond the last
    h_begins: np.ndarray  # household of each community, and one beyond the last

    def __len__(self) -> int:
        return len(self.household)


def draw(rng: np.random.Generator, ground: Ground, count: int, today: date) -> Population:
    kind, h_first = _households(rng, count)
    size = np.diff(np.append(h_first, count))
    household = np.repeat(np.arange(len(kind)), size)
    place_of = _places(rng, len(ground.communities), count)
    h_place = np.searchsorted(place_of, h_first, side="right") - 1
    role = _roles(kind)[kind[household], np.arange(count) - h_first[household]]
    days = _days(rng, kind, household, role)
    birth = np.datetime64(today) - days
    male = _sexes(rng, h_first, household, role)
    begins = np.searchsorted(h_place, np.arange(len(ground.communities) + 1))
    lived = np.minimum((rng.gamma(2.0, 2000, len(kind))).astype(np.int64), days[h_first])
    return Population(
        household, role, male, days // 365, birth, _serials(birth, male),
        *_names(rng, h_first, household, role), rng.random(count),
        h_first, _registered(rng, h_place, len(ground.communities)),
        np.datetime64(today) - lived, np.append(h_first, count)[begins], begins,
    )  # fmt: skip


def _households(rng, count):
    """The kind of each, and which person comes first in it; the last is cut where all are there."""
    sizes = np.array([1 + len(others) for _share, others in KINDS])
    shares = np.array([share for share, _others in KINDS])
    shares = shares / shares.sum()
    kind = rng.choice(len(KINDS), int(count / (sizes @ shares) * 1.05) + 100, p=shares)
    first = np.concatenate([[0], np.cumsum(sizes[kind])[:-1]])
    return kind[first < count], first[first < count]


def _places(rng, communities, count):
    """The first person of each community."""
    weights = np.arange(1, communities + 1) ** -SKEW
    rng.shuffle(weights)
    people = (weights / weights.sum() * count).astype(np.int64)
    return np.concatenate([[0], np.cumsum(people)[:-1]])


def _roles(kind):
    table = np.zeros((len(KINDS), 5), dtype=np.int8)
    for number, (_share, others) in enumerate(KINDS):
        table[number, 1 : 1 + len(others)] = others
    return table


def _days(rng, kind, household, role):
    """How many days ago everybody was born."""
    young, mean, spread, old_mean, old_spread = np.array(AGES, dtype=float)[kind].T
    is_young = rng.random(len(kind)) < young
    head = np.where(
        is_young, rng.normal(mean, spread), rng.normal(old_mean, old_spread)
    ).clip(19, 97)  # fmt: skip
    head = head[household]
    noise = rng.normal(0, 1, len(household))
    age = np.choose(
        role,
        [head, (head - 1 + 3 * noise).clip(19, 99), (head - 27 + 4 * noise).clip(0, head - 17),
         (head + 26 + 4 * noise).clip(38, 104)],
    )  # fmt: skip
    return (age * 365.25).astype(np.int64) + rng.integers(0, 365, len(household))


def _sexes(rng, h_first, household, role):
    """Head and spouse are of two sexes, and so are two parents."""
    head = (rng.random(len(h_first)) < 0.65)[household]
    male = np.where(role == HEAD, head, rng.random(len(household)) < 0.515)
    male = np.where(role == SPOUSE, ~head, male)
    second = (role == PARENT) & (np.roll(role, 1) == PARENT)
    return np.where(second, ~np.roll(male, 1), male)


def _names(rng, h_first, household, role):
    surname = rng.integers(0, len(SURNAMES), len(household), dtype=np.int16)
    surname = np.where(role == CHILD, surname[h_first][household], surname)
    return surname, rng.integers(0, len(GIVEN), len(household), dtype=np.int16)


def _registered(rng, h_place, communities):
    chance, other = rng.random(len(h_place)), rng.integers(0, communities, len(h_place))
    return np.where(chance < OUTSIDE, -1, np.where(chance < OUTSIDE + APART, other, h_place))


def _serials(birth, male):
    """Odd for men. Those of one day and sex count up; where 500 are not enough, two have the same
    number, as it happens.
    """
    key = birth.astype(np.int64) * 2 + male
    order = np.argsort(key, kind="stable")
    found = key[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(found)) + 1])
    rank = np.arange(len(found)) - np.repeat(starts, np.diff(np.append(starts, len(found))))
    serial = np.empty(len(found), dtype=np.int16)
    serial[order] = rank % 500 * 2 + male[order]
    return serial


def identities(birth: np.ndarray, serial: np.ndarray) -> list[str]:
    """Numbers of 18 characters with the check digit that belongs to them."""
    days = np.char.replace(birth.astype("datetime64[D]").astype("U10"), "-", "")
    serials = np.char.zfill(serial.astype("U3"), 3)
    texts = np.char.add(np.char.add(AREA, days), serials)
    digits = texts.astype("U17").view("U1").reshape(-1, 17).astype(np.int64)
    return np.char.add(texts, CHECKS[digits @ WEIGHTS % 11]).tolist()
