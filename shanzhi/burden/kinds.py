"""Plain shapes that rules, queries and pages of the burden speak in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.acting import Actor

from .models import Category, Cycle, Demand, Verb

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


# --- who is asked once divisions change -----------------------------------------------------------


@dataclass(frozen=True)
class Scoped:
    """Rows that ask divisions. Columns: number, title, place, department, scope, communities.

    `follows`: whose scope follows at all, the others keep what they were about; `asking`: of these,
    for whom somebody decides whether a larger division is asked; `end`: what is done where nobody
    is asked any more and the unit or its office lets it go.
    """

    model: type[models.Model]
    link: Callable[[Any], str]
    end: Callable[[Any, Actor, datetime], object]
    follows: Callable[[date], Q] = lambda today: Q()
    asking: Callable[[date], Q] = lambda today: Q()
    owner_widens: bool = False  # it has still to pass the gate, so its unit may ask for more
    check: Callable[[Any, Sequence[str]], None] = lambda row, scope: None


# Plug: by the name of the model, as it stands in labels.
SCOPED: dict[str, Scoped] = {}


def register_scoped(scoped: Scoped) -> None:
    SCOPED[scoped.model._meta.label] = scoped


# --- clean-ups ------------------------------------------------------------------------------------

# Pages on which the data of a former ledger stand, by their addresses.
PAGES = {
    "residents": (_("Registry of residents"), "registry:residents"),
    "tags": (_("Restricted tags"), "registry:tags"),
    "population": (_("Population report"), "registry:population"),
    "inbox": (_("Cases on the desk"), "work:inbox"),
    "catalogue": (_("Data catalogue"), "registry:catalogue"),
}


@dataclass(frozen=True)
class Seen:
    """A plaque as somebody saw it hang."""

    text: str
    place: str  # of Demand.PlaquePlace
    department: str = ""
    demand: Demand | None = None


@dataclass(frozen=True)
class Substitute:
    """What a ledger is replaced by; `kind` says which of the others counts."""

    kind: str
    reason: str
    page: str = ""
    elements: Sequence[str] = ()
    heir: Demand | None = None


@dataclass(frozen=True)
class Course:
    """What shall become of a system."""

    fate: str
    reason: str
    heir: Demand | None = None
    url: str = ""
    closes_on: date | None = None
    data_to: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Use:
    """What a community says of one system; nobody logs in where `people` is 0."""

    people: int
    often: str = ""
    login: str = ""


@dataclass(frozen=True)
class Condition:
    """What must be true so that the gate holds. `check` answers for a place on a day: whether it
    is true, and a few words of what there is."""

    code: str
    title: Any  # lazy
    url_name: str
    check: Callable[[str, date], tuple[bool, str]]
    order: int = 100
    query: str = ""  # "?kind=own": what the page is to show


_conditions: dict[str, Condition] = {}


def register_condition(condition: Condition) -> None:
    _conditions[condition.code] = condition


def conditions() -> list[Condition]:
    return sorted(_conditions.values(), key=lambda each: (each.order, each.code))
