"""The plugs: who reads the journal on, and what is counted in it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class EntryRow(NamedTuple):
    """The columns of an entry, as followers and pages get them."""

    id: int
    at: datetime
    verb: str
    about: str
    by: int | None
    post: int | None
    behalf: str
    place: str
    data: dict
    xid: int = 0

    @property
    def order(self) -> tuple[int, int]:
        return self.xid, self.id


@dataclass(frozen=True)
class Follower:
    """Reads every entry once, in order. `handle` works in the transaction that moves the cursor.

    It must have its effect in the database only: what goes out of the house is put into a table
    here and sent by someone else.
    """

    name: str
    handle: Callable[[list[EntryRow]], None]
    batch: int = 1000
    from_now: bool = False  # a new follower begins with the first entry, or with the next one


def nothing(row: EntryRow) -> str:
    return ""


def one(row: EntryRow) -> int:
    return 1


@dataclass(frozen=True)
class Measure:
    """Entries with `verb` count as `measure`, by `key`. Several verbs may feed one measure."""

    verb: str
    measure: str
    key: Callable[[EntryRow], str] = nothing
    amount: Callable[[EntryRow], int] = one


FOLLOWERS: dict[str, Follower] = {}
MEASURES: dict[str, list[Measure]] = {}  # by verb


def register_follower(follower: Follower) -> None:
    if follower.name in FOLLOWERS:
        raise ValueError(f"a follower named {follower.name} is registered already")
    FOLLOWERS[follower.name] = follower


def register_measure(measure: Measure) -> None:
    of_verb = MEASURES.setdefault(measure.verb, [])
    if any(each.measure == measure.measure for each in of_verb):
        raise ValueError(f"{measure.verb} counts as {measure.measure} already")
    of_verb.append(measure)


def verbs_of(measure: str) -> list[str]:
    return [verb for verb, each in MEASURES.items() if any(m.measure == measure for m in each)]
