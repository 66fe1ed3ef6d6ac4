"""What rows of one file say together: who stands in it twice, who belongs to one household."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from shanzhi.kernel import crypto

from ..codelists import HEAD
from . import rows
from .cells import Line
from .problems import Found
from .rows import Plan, Row


@dataclass
class Series:
    """Reads rows one after the other; what it remembers is short: eight bytes a person."""

    plan: Plan
    seen: dict[int, int] = field(default_factory=dict)
    heads: dict[int, int] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    block: tuple = ()  # the household that the last head began: sheet, row, home
    last: tuple[tuple, bytes] = ((), b"")  # the household of the row above and its key

    def read(self, lines: Iterable[Line]) -> Iterator[Row]:
        for line in lines:
            row = rows.read(self.plan, line, self.shared)
            if not row.skipped:
                self._note_person(row)
                self._note_household(row)
            yield row

    def _note_person(self, row):
        person = row.person
        if number := person.get("identity"):
            told = f"{number}"
        elif "name" in person and "birth" in person:
            told = f"{row.place[:12]}|{person['name']}|{person['birth']}"
        else:
            return
        key = _short(told)
        first = self.seen.setdefault(key, row.line.number)
        if first != row.line.number:
            row.problems.append(Found("twice", other=first))

    def _note_household(self, row):
        told = self._household(row)
        if not told:
            return
        if told != self.last[0]:
            key = crypto.keyed_hash("|".join(map(str, told)), kind="household")[:16]
            self.last = told, key
        row.key = self.last[1]
        if row.relation == HEAD and not row.refused:
            first = self.heads.setdefault(int.from_bytes(row.key[:8]), row.line.number)
            if first != row.line.number:
                row.problems.append(Found("heads", other=first))

    def _household(self, row):
        """By its number, by the name of its head and the door, or by the order of the rows."""
        door = row.home.key if row.home else b""
        if row.number:
            return "number", row.place[:12], row.number
        if row.head:
            return "head", row.place[:12], row.head, door.hex()
        if not row.relation:
            return None
        if row.relation == HEAD:
            self.block = row.line.sheet, row.line.number, door
        elif not self.block or self.block[0] != row.line.sheet or door not in (b"", self.block[2]):
            return None
        return "row", *self.block[:2]


def _short(text):
    """Of something that is forgotten with the process; a seeded hash of eight bytes is enough."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
