"""Plain shapes and fixed facts of the measurement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from shanzhi.burden.models import Category
from shanzhi.gate.models import Call
from shanzhi.kernel import asked

from .models import Group, Half

DIARY = "工作日记抽样"  # the title under which the diary itself has to pass the gate
PARTS = 3  # of a half-day: three taps
LEAST = 5  # workers, below whom nothing is shown
CORE = frozenset({Group.MEETINGS, Group.INSPECTIONS, Group.LEDGERS})  # 参会、迎检、做台账
HOURS = 8  # of a working day

OF_CATEGORY: Mapping[str, Group] = {
    Category.BODY: Group.OTHER, Category.VENUE: Group.OTHER, Category.TARGET: Group.OTHER,
    Category.APPRAISAL: Group.APPRAISALS, Category.ASSESSMENT: Group.APPRAISALS,
    Category.SYSTEM: Group.SYSTEMS, Category.LEDGER: Group.LEDGERS,
    Category.CERTIFICATE: Group.CERTIFICATES,
}  # fmt: skip
OF_CALL: Mapping[str, Group] = {
    Call.Kind.SYSTEM_MEETING: Group.MEETINGS, Call.Kind.MEETING: Group.MEETINGS,
    Call.Kind.COMPREHENSIVE: Group.INSPECTIONS, Call.Kind.INSPECTION: Group.INSPECTIONS,
}  # fmt: skip

TIMES: Mapping[str, tuple[Any, ...]] = {  # of the parts of a half-day
    Half.MORNING: (_("8:30 to 9:40"), _("9:40 to 10:50"), _("10:50 to 12:00")),
    Half.AFTERNOON: (_("13:30 to 14:50"), _("14:50 to 16:10"), _("16:10 to 17:30")),
}


@dataclass(frozen=True)
class Task:
    """A kind of task that the journal counts as `measure`; minutes until the office sets others."""

    code: str
    title: Any  # lazy
    measure: str
    minutes: int
    least: int
    most: int
    group: Group = Group.RESIDENTS


TASKS = {
    each.code: each
    for each in (
        Task("accept", _("Accept a case"), "cases.accepted", 8, 4, 15),
        Task("reply", _("Handle and answer a case"), "cases.replied", 45, 20, 120),
        Task("deliver", _("Deliver an answer"), "effort.delivered", 15, 5, 40),
        Task("call_back", _("Call back after an answer"), "effort.called_back", 8, 4, 15),
    )
}
ASSUMED = _("Assumed by the platform; nobody has measured it here yet.")


@dataclass(frozen=True)
class Rate:
    """Minutes of one task, on a day, and where they come from."""

    task: Task
    minutes: int
    least: int
    most: int
    source: Any
    since: date | None = None


@dataclass(frozen=True, order=True)
class Quarter:
    first: date

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(date(day.year, (day.month - 1) // 3 * 3 + 1, 1))

    @classmethod
    def named(cls, text: str) -> "Quarter | None":
        """From 2026Q3; None where it names no quarter."""
        year, _q, number = text.partition("Q")
        if asked.key(year) not in asked.OUR_TIME or number not in ("1", "2", "3", "4"):
            return None
        return cls(date(int(year), int(number) * 3 - 2, 1))

    @property
    def last(self) -> date:
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> "Quarter":
        return Quarter.of(self.first + timedelta(days=93))

    @property
    def before(self) -> "Quarter":
        return Quarter.of(self.first - timedelta(days=1))

    def __str__(self):
        return f"{self.first.year}Q{(self.first.month + 2) // 3}"


@dataclass(frozen=True)
class Share:
    """A part of the working time, with the range in which it lies; all between 0 and 1 or above."""

    share: float
    low: float
    high: float
