"""What the measurement puts into the plugs of the areas below."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as t

from shanzhi.journal.kinds import Follower, Measure, register_follower, register_measure
from shanzhi.kernel import navigation
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.navigation import Entry
from shanzhi.work.kinds import DutyKind, Panel, register_duty, register_panel

from . import moving
from .kinds import TIMES
from .models import Group, Half
from .queries import diary
from .queries.workers import HEADCOUNT
from .rules import ANSWERERS, READERS

ENTRY = Entry("effort", t("Where the week goes"), "chart-bar", "effort:index", "burden",
              order=12, roles=READERS)  # fmt: skip
MEASURES = {"cases.delivered": "effort.delivered", "cases.called_back": "effort.called_back"}


def half_day(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """The half-day this worker is asked about, while the diary has its number."""
    if actor.role not in ANSWERERS:
        return None
    ballot = diary.waiting(actor, at)
    if ballot is None or diary.demand(actor.place[:12], localdate(at)) is None:
        return None
    return {
        "ballot": ballot.pk, "morning": ballot.half == Half.MORNING,
        "on": localdate(ballot.opens_at), "parts": TIMES[ballot.half], "groups": Group.choices,
    }  # fmt: skip


def register() -> None:
    navigation.register(ENTRY)
    register_duty(DutyKind(HEADCOUNT, t("Workers after a split"), t("State them"), "orange"))
    register_follower(Follower("effort.moves", moving.follow, from_now=True))
    for verb, measure in MEASURES.items():
        register_measure(Measure(verb, measure))
    register_panel(Panel("effort.half_day", "effort/parts/half_day.html", half_day))
