"""The catalogue and grants in the plugs: duties, notices, navigation."""

from django.utils.translation import gettext_lazy as t

from shanzhi.journal.kinds import Follower, register_follower
from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry
from shanzhi.work.kinds import DutyKind, register_duty

from .. import sharing_notices
from ..queries.sharing import WATCHERS

DUTIES = [
    DutyKind("registry.grant_decide", t("Data asked for"), t("Decide"), "blue"),
    DutyKind("registry.grant_provide", t("Data to provide"), t("Provide"), "teal"),
    DutyKind(
        "registry.grant_complete", t("Data application"), t("Complete the application"), "orange"
    ),
    DutyKind("registry.reveals", t("Many reveals"), t("Look at it"), "orange"),
]
ENTRIES = [
    Entry("catalogue", t("Data catalogue"), "list-search", "registry:catalogue", "services",
          order=40),
    Entry("grants", t("Data sharing"), "share", "registry:grants", "services", order=50,
          roles=frozenset({"department_clerk"}) | WATCHERS),
]  # fmt: skip


def register() -> None:
    for kind in DUTIES:
        register_duty(kind)
    sharing_notices.register()
    register_follower(Follower("registry.sharing_notices", sharing_notices.tell))
    for entry in ENTRIES:
        navigation.register(entry)
