"""What the burden puts into the plugs of the areas below."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as t

from shanzhi.files import kinds as files
from shanzhi.journal.kinds import Follower, register_follower
from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry
from shanzhi.work.kinds import (
    DutyKind,
    Kpi,
    Panel,
    register_duty,
    register_kpi,
    register_panel,
)

from . import desk, kinds, moving
from .commands.decisions import stop_of_nobody
from .conditions import CONDITIONS
from .models import Demand
from .queries.walls import may_read_photos

ENTRIES = [
    Entry("burden", t("Burden account"), "scale", "burden:account", "burden", order=10),
    Entry("demands", t("Demands on communities"), "list-details", "burden:demands", "burden",
          order=20),
    Entry("lists", t("Two lists"), "list-check", "burden:lists", "burden", order=22),
    Entry("whose", t("Whose is it?"), "help-circle", "burden:whose", "burden", order=24),
    Entry("cleanup", t("Four clean-ups"), "wand", "burden:four", "burden", order=15),
]  # fmt: skip

DEMANDS = kinds.Scoped(
    Demand,
    link=lambda row: reverse("burden:demand", args=[row.number]),
    end=stop_of_nobody,
    asking=lambda today: Q(state=Demand.State.IN_FORCE),
)


def register() -> None:
    kinds.register_scoped(DEMANDS)
    register_follower(Follower("burden.moves", moving.follow, from_now=True))
    register_duty(DutyKind("burden.scope", t("Merged divisions"), t("Decide whom it asks"),
                           "orange"))  # fmt: skip
    register_duty(DutyKind("burden.list", t("List of a merged place"), t("Say which list holds"),
                           "orange"))  # fmt: skip
    files.register(files.Owner("burden.Plaque", lambda pk, actor: may_read_photos(int(pk), actor)))
    for condition in CONDITIONS:
        kinds.register_condition(condition)
    register_kpi(Kpi("burden.share", t("Demands' share of the week"), desk.share))
    register_panel(Panel("burden.eight", "burden/parts/eight.html", desk.panel,
                         "burden/burden.css"))  # fmt: skip
    for entry in ENTRIES:
        navigation.register(entry)
