"""What is compared, in which steps, and how much each step tells.

`m` is how often a step is met between two entries of one person, `u` between two of different
persons; log2(m/u) is what it adds to a pair's weight. data/linking.csv has both.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LEAST = -4.0  # bits below which a pair is not even compared with others
NAME, BIRTH, SEX, PHONE, HOME, RELATION = "name", "birth", "sex", "phone", "home", "relation"


@dataclass(frozen=True)
class Level:
    """A step of a comparison: the first whose condition holds counts. `given` ones are not
    estimated from the data: what they say hangs on another comparison.
    """

    code: str
    sql: str
    given: bool = False
    frequency: str = ""  # column whose rare values tell more


@dataclass(frozen=True)
class Comparison:
    field: str
    unknown: str  # the condition under which nothing can be said
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Model:
    """`rules` say which pairs are looked at; `duplicates` is the share of double entries one may
    expect in one list, `overlap` the share of the shorter of two lists that is in the other.
    """

    comparisons: tuple[Comparison, ...]
    rules: tuple[str, ...]
    numbers: Mapping[tuple[str, str], tuple[float, float]]  # (field, level) → m, u
    exploded: tuple[tuple[str, str], ...] = ()  # rules over the elements of a list column
    taught_by: tuple[str, ...] = ()  # pairs the numbers are learnt from
    overlap: float = 0.5
    duplicates: float = 0.02

    @cached_property
    def by_field(self) -> dict[str, Comparison]:
        return {comparison.field: comparison for comparison in self.comparisons}


def numbers(path: Path) -> dict[tuple[str, str], tuple[float, float]]:
    with path.open(encoding="utf-8") as file:
        return {
            (row["field"], row["level"]): (float(row["m"]), float(row["u"]))
            for row in csv.DictReader(file)
        }


SAME = "{0}_l = {0}_r"
EITHER_NULL = "{0}_l is null or {0}_r is null"
EITHER_EMPTY = "len({0}_l) = 0 or len({0}_r) = 0"
ANY = "list_has_any({0}_l, {0}_r)"
TURNED = """substr(birth_l, 1, 4) = substr(birth_r, 1, 4) and birth_l <> birth_r
    and substr(birth_l, 5, 2) = substr(birth_r, 7, 2)
    and substr(birth_l, 7, 2) = substr(birth_r, 5, 2)"""
ONLY_YEAR = """substr(birth_l, 1, 4) = substr(birth_r, 1, 4)
    and '0101' in (substr(birth_l, 5, 4), substr(birth_r, 5, 4))"""
NEAR_PHONE = " or ".join(
    f"damerau_levenshtein({one}_l, {other}_r) = 1"
    for one in ("phone", "phone2") for other in ("phone", "phone2")
)  # fmt: skip

CHINESE = Model(
    (
        Comparison(NAME, EITHER_NULL.format("name"), (
            Level("same", SAME.format("name"), frequency="name"),
            Level("former", ANY.format("names")),
            Level("sound", "length(name_l) = length(name_r) and " + ANY.format("sounds")),
            Level("part", "head_l = name_r or name_l = head_r or head_l = head_r"),
            Level("one_of_siblings", """length(name_l) >= 3 and levenshtein(name_l, name_r) = 1
                and birth_l = birth_r and list_has_any(doors_l, doors_r)"""),
            Level("one_sign", "length(name_l) >= 3 and levenshtein(name_l, name_r) = 1"),
            Level("alike", "length(name_l) = length(name_r) and " + ANY.format("alikes")),
            Level("surname", SAME.format("surname")),
            Level("other", "ELSE"),
        )),
        Comparison(BIRTH, EITHER_NULL.format("birth"), (
            Level("same", SAME.format("birth")),
            Level("turned", TURNED),
            Level("only_year", ONLY_YEAR),
            Level("digit", "damerau_levenshtein(birth_l, birth_r) = 1"),
            Level("lunar", "abs(day_l - day_r) between 17 and 52"),
            Level("near_year", """substr(birth_l, 5, 4) = substr(birth_r, 5, 4)
                and abs(day_l - day_r) < 800"""),
            Level("other", "ELSE"),
        )),
        Comparison(SEX, EITHER_NULL.format("sex"), (
            Level("same", SAME.format("sex")),
            Level("other", "ELSE"),
        )),
        Comparison(PHONE, EITHER_EMPTY.format("phones"), (
            Level("same", ANY.format("phones")),
            Level("digit", NEAR_PHONE),
            Level("other", "ELSE"),
        )),
        Comparison(HOME, EITHER_EMPTY.format("estates"), (
            Level("door_and_phone", f"{ANY.format('doors')} and {ANY.format('phones')}",
                  given=True),
            Level("door", ANY.format("doors")),
            Level("building", ANY.format("buildings")),
            Level("estate", ANY.format("estates")),
            Level("other", "ELSE"),
        )),
        Comparison(RELATION, EITHER_NULL.format("relation"), (
            Level("same", SAME.format("relation")),
            Level("other", "ELSE"),
        )),
    ),
    rules=(
        "l.name = r.name",
        "l.sound = r.sound and (l.sex = r.sex or l.sex is null or r.sex is null)",
        "l.birth = r.birth",
        "l.phone = r.phone",
        "substr(l.birth, 1, 4) = substr(r.birth, 1, 4) and l.surname = r.surname"
        " and list_has_any(l.estates, r.estates)",
    ),
    exploded=(("names", "l.names = r.names"), ("doors", "l.doors = r.doors"),
              ("sounds", "l.sounds = r.sounds and l.surname = r.surname")),
    taught_by=("l.birth = r.birth", "l.name = r.name"),
    numbers=numbers(Path(__file__).parents[1] / "data" / "linking.csv"),
)  # fmt: skip


# --- what comes out -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """What one field said: the step that was met and the bits it adds."""

    field: str
    level: str  # "unknown" where one side has nothing
    weight: float


@dataclass(frozen=True)
class Pair:
    """Two records, the bits for their being one person, and where these come from. `start` is what
    would hold of any two, before a field is looked at.
    """

    left: int
    right: int
    weight: float
    start: float
    parts: tuple[Part, ...]

    @property
    def probability(self) -> float:
        return likely(self.weight)


def likely(weight: float) -> float:
    """Bits → probability."""
    return 1 / (1 + 2**-weight) if weight > -1000 else 0.0
