"""Plain shapes that checks, rules and pages of the gate speak in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from shanzhi.burden.models import ListEntry

from .comparing import Overlap
from .models import Application

State = Application.State

# From where each step may be taken, and where it leads.
STEPS: Mapping[str, tuple[frozenset[str], str]] = {
    "submit": (frozenset({State.DRAFT, State.RETURNED}), State.SCREENING),
    "pass_on": (frozenset({State.SCREENING}), State.HEARING),
    "send_back": (frozenset({State.SCREENING, State.HEARING, State.DECIDING}), State.RETURNED),
    "refuse": (frozenset({State.SCREENING}), State.REFUSED),
    "close_hearing": (frozenset({State.HEARING}), State.DECIDING),
    "admit": (frozenset({State.DECIDING}), State.ADMITTED),
    "merge": (frozenset({State.DECIDING}), State.MERGED),
    "reject": (frozenset({State.DECIDING}), State.REFUSED),
    "withdraw": (
        frozenset({State.DRAFT, State.RETURNED, State.SCREENING, State.HEARING, State.DECIDING}),
        State.WITHDRAWN,
    ),
}
OPEN = frozenset({State.SCREENING, State.HEARING, State.DECIDING})
EDITABLE = frozenset({State.DRAFT, State.RETURNED})


class Verdict(StrEnum):
    PASS = "pass"
    DOUBT = "doubt"
    STOP = "stop"


WORST = (Verdict.STOP, Verdict.DOUBT, Verdict.PASS)


@dataclass(frozen=True)
class Finding:
    """What a check says. `key` names its sentence, `values` fill it; both are kept with a step."""

    check: str
    verdict: Verdict
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        return {"check": self.check, "verdict": str(self.verdict), "key": self.key,
                "values": dict(self.values)}  # fmt: skip


def finding(kept: Mapping[str, Any]) -> Finding:
    return Finding(kept["check"], Verdict(kept["verdict"]), kept["key"], kept["values"])


@dataclass(frozen=True)
class Plan:
    """An application as it is typed, with gaps where nothing is typed yet."""

    number: str = ""
    place: str = ""
    department: str = ""
    level: str = ""
    title: str = ""
    category: str = ""
    purpose: str = ""
    basis: str = ""
    alternatives: str = ""
    scope: tuple[str, ...] = ()
    communities: int = 0
    cycle: str = ""
    times: int = 0
    minutes: int = 0
    staff: int = 1
    money: int = 0
    payer: str = ""
    medium: str = ""
    fields: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    renews: int | None = None

    @property
    def yearly(self) -> int:
        """Minutes a year in one community."""
        return self.times * self.minutes * self.staff

    @property
    def words(self) -> str:
        return " ".join([self.title, self.purpose, *self.fields])


@dataclass(frozen=True)
class Load:
    """Minutes a month in an average community of the scope: what is asked of it already, what its
    workers have, and what else the unit has applied for there (`parts`) that is not decided."""

    asked: float
    called: float
    available: float
    coming: float = 0.0
    parts: Sequence[str] = ()


@dataclass(frozen=True)
class Known:
    """What the checks compare a plan with."""

    today: date
    lead: int | None  # working days to the start; None where it is not typed
    least_lead: int
    most_share: int  # percent of the working time, all demands together
    negative: Sequence[ListEntry]
    overlaps: Sequence[Overlap]
    titles: Mapping[int, str]  # of the demands that overlap
    sources: Mapping[str, str]  # field asked for → where it stands already
    answer: tuple[ListEntry, float] | None  # whose is it
    load: Load | None
    siblings: Sequence[Plan]  # of the same unit in the last 90 days
    assessments: int  # in force in its scope


Check = Callable[[Plan, Known], list[Finding]]
