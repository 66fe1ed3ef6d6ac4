"""Plain shapes that rules, queries and pages of the burden speak in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .models import Category, Cycle, Verb

# Times a year; "" of what happens as needed, where the department says how often.
TIMES = {
    Cycle.ONCE: 1, Cycle.YEARLY: 1, Cycle.HALF_YEARLY: 2, Cycle.QUARTERLY: 4, Cycle.MONTHLY: 12,
    Cycle.WEEKLY: 52, Cycle.DAILY: 250,
}  # fmt: skip
WORKERS = 9  # of an average community, where no clean-up says how many
ENDS = {Verb.STOP: "stopped", Verb.MERGE: "merged", Verb.TRANSFER: "transferred"}
# What has no baseline number in the reform: it is counted when the baseline is frozen.
COUNTED = {Category.ASSESSMENT}


@dataclass(frozen=True)
class Size:
    """What a demand takes of one community: `times` a year × `minutes` × `staff`."""

    times: int
    minutes: int
    staff: int = 1

    @property
    def yearly(self) -> int:
        """Minutes a year in one community."""
        return self.times * self.minutes * self.staff


@dataclass(frozen=True)
class Agreed:
    """A clause of an agreement in force: what a community has promised, and for what."""

    code: str  # of the list's entry, or the number of the gate
    title: str
    text: str
    agreement: str
    target: str
    link: str
    admitted: bool  # during the year, by a supplement


# Plug: the clauses in force of a community on a day, from the areas that keep agreements.
AGREED: list[Callable[[str, date], Sequence[Agreed]]] = []


@dataclass(frozen=True)
class Line:
    """A demand as a file tells it: values by column of Demand, and fields as they are written."""

    number: int  # of the file's line
    values: Mapping[str, Any]
    fields: Sequence[str]


@dataclass(frozen=True)
class ListRow:
    """An entry of a list as a file tells it: values by column of ListEntry."""

    number: int  # of the file's line
    values: Mapping[str, Any]

    @property
    def code(self) -> str:
        return self.values["code"]
