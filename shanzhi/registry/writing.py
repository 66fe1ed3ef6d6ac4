"""What can be made of a chunk without the database: while that writes the chunk before, a thread
opens the next one and makes the lines that COPY will take. Keys are put in when it is written.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import kinds, moving, packing, rules, spelling
from .copying import Lines
from .intake.homes import Home
from .intake.rows import LIVING, REGISTERED
from .models import Batch, Chunk, Person, Presence
from .packing import Kept
from .queries.imports_known import CELLS, NEW

PERSON = (
    "name", "former_name", "sex", "ethnic", "birth", "document", "identity", "identity_hash",
    "phone", "phone_hash", "other_phone", "other_phone_hash", "registered_place",
    "registered_address", "education", "marital", "political", "work", "employer", "state",
)  # fmt: skip
PRESENCE = ("kind", "place", "name", "birth", "sex", "since")
EMPTY = dict.fromkeys((
    "former_name", "ethnic", "document", "registered_place", "education", "marital", "political",
    "work", "employer",
), "") | {"state": "alive", "sex": "0"}  # fmt: skip


@dataclass(slots=True)
class Entry:
    """A row that will be a person: its line without the key, and those of its presences without
    the keys of person and dwelling; at home is who lives in the dwelling of the row.
    """

    row: Kept
    person: str
    presences: list[tuple[bool, str]]


@dataclass(frozen=True)
class Ready:
    kept: list[Kept]
    entries: dict[int, Entry]  # by the number of the row
    doors: dict[str, str]  # as it is written in the chunk → the line of its dwelling


@dataclass(frozen=True)
class Tables:
    """Lines of the tables that a batch fills; keys come first in each."""

    persons: Lines
    presences: Lines
    dwellings: Lines
    since: Any

    @classmethod
    def of(cls, batch: Batch) -> "Tables":
        facts = moving.facts(batch)
        persons = Lines(Person, ("id", *PERSON), facts | {"disputed": []})
        keys = ("person_id", "dwelling_id")
        told = {"batch": batch.pk, "recorded_at": batch.stamp}
        presences = Lines(Presence, (*keys, *PRESENCE), told)
        return cls(persons, presences, moving.homes_of(batch), facts["valid_from"])


def ahead(batch: Batch, tables: Tables, chunks: Sequence[int]) -> Iterator[tuple[Chunk, Ready]]:
    """One after the other, each made ready while the one before is in hand."""
    with _in_short_turns(), ThreadPoolExecutor(1) as thread:
        before: tuple[Chunk, Future[Ready]] | None = None
        for pk in chunks:
            chunk = Chunk.objects.get(pk=pk)
            coming = chunk, thread.submit(ready, batch, tables, chunk)
            if before:
                yield before[0], before[1].result()
            before = coming
        if before:
            yield before[0], before[1].result()


@contextmanager
def _in_short_turns():
    """Who has an answer of the database goes on soon: the interpreter would let a thread that
    counts and seals keep it for 5 ms, dozens of times a chunk.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def ready(batch: Batch, tables: Tables, chunk: Chunk) -> Ready:
    wanted = {NEW, CELLS} if batch.lenient else {NEW}
    kept = packing.unpack(chunk.sealed, packing.context(batch.pk, chunk.number))
    new = {n: row for n, row in enumerate(kept, chunk.first) if row.outcome in wanted}
    homes = {row.home[1]: row.home for row in new.values() if row.home}
    return Ready(
        kept,
        {n: Entry(row, tables.persons.without(1, _person(row)), _presences(tables, row))
         for n, row in new.items()},
        {key: moving.line(tables.dwellings, Home.of(home)) for key, home in homes.items()},
    )  # fmt: skip


def _person(row):
    told = row.sections["person"]
    values: dict[str, Any] = EMPTY | told
    rest = {name: value for name, value in told.items() if name != "identity"}
    values["identity_hash"] = bytes.fromhex(row.hash) if row.hash else None
    return values | spelling.hashes(kinds.SECTIONS["person"], rest)


def _presences(tables, row):
    """At home in the dwelling's grid; registered where the register is, if that is in the city."""
    values, found = row.sections["person"], []
    common = {"name": values["name"], "birth": values.get("birth"), "sex": values.get("sex", "0"),
              "since": tables.since}  # fmt: skip
    if LIVING in row.kinds:
        place = row.home[0] if row.home else row.place
        told = common | {"kind": LIVING, "place": place, "since": row.since or common["since"]}
        found.append((True, tables.presences.without(2, told)))
    registered = values.get("registered_place", "")
    if not rules.in_this_city(registered):
        registered = row.place[:12] if REGISTERED in row.kinds else ""
    if registered:
        told = common | {"kind": REGISTERED, "place": registered}
        found.append((False, tables.presences.without(2, told)))
    return found
