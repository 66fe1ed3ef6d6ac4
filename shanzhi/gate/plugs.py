"""What the gate puts into the plugs of the areas below."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as t
from django.utils.translation import pgettext_lazy

from shanzhi.burden import memory
from shanzhi.burden.kinds import Condition, Scoped, register_condition, register_scoped
from shanzhi.journal.kinds import Follower, register_follower
from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry
from shanzhi.places.moves import following
from shanzhi.work.kinds import DutyKind, Panel, register_duty, register_panel

from . import commands, conditions, desk, ending, notices
from .kinds import EDITABLE, OPEN
from .models import Application, Call
from .rules.applications import COMMUNITY, OFFICE, UNITS
from .rules.calls import check_scope

ENTRIES = [
    Entry("gate", t("Gate"), "door", "gate:index", "burden", order=5),
    Entry("calls", t("Meetings and inspections"), "calendar-event", "gate:calls", "burden",
          order=26),
    Entry("returns", t("Returns"), "corner-up-left", "gate:returns", "burden", order=28,
          roles=OFFICE | UNITS | COMMUNITY | {"city_leader"}),
]  # fmt: skip

CONDITIONS = [
    Condition("gate.meeting", t("Joint meeting with its members"), "gate:index",
              conditions.meeting, 50),
    Condition("gate.clocks", t("Clocks of the gate"), "gate:index", conditions.clocks, 60),
    Condition("gate.caps", t("Yearly caps of meetings and inspections"), "gate:calls",
              conditions.caps, 70),
]  # fmt: skip

DUTIES = [
    DutyKind("gate.screen", t("To screen"), t("Screen"), "blue"),
    DutyKind("gate.hear", t("To hear"), t("Say what you think"), "orange"),
    DutyKind("gate.decide", t("To decide"), pgettext_lazy("application", "Decide"), "orange"),
    DutyKind("gate.complete", t("To complete"), t("Complete"), "teal"),
    DutyKind("gate.evaluate", t("To evaluate"), t("Evaluate"), "teal"),
    DutyKind("gate.expiring", t("Ends soon"), t("Look"), "orange"),
]


def _unfinished(today):
    return Q(state__in=EDITABLE | OPEN)


def _to_come(today):
    return Q(cancelled_at=None, on__gte=today)


SCOPED = [
    Scoped(Application, lambda row: reverse("gate:application", args=[row.number]),
           ending.application, _unfinished, _unfinished, owner_widens=True),
    Scoped(Call, lambda row: reverse("gate:calls"), ending.call, _to_come, _to_come,
           owner_widens=True, check=check_scope),
]  # fmt: skip


def register() -> None:
    for scoped in SCOPED:
        register_scoped(scoped)
    register_follower(Follower("gate.moves", following(commands.follow_move), from_now=True))
    register_follower(Follower("gate.notices", notices.tell))
    notices.register()
    for condition in CONDITIONS:
        register_condition(condition)
    memory.WATCHED += ["gate_step", "gate_return"]
    register_panel(Panel("gate.reminders", "gate/parts/reminders.html", desk.reminders,
                         "gate/gate.css"))  # fmt: skip
    for kind in DUTIES:
        register_duty(kind)
    for entry in ENTRIES:
        navigation.register(entry)
