"""Residents in the plugs of the areas below: the side bar, the duty of a transfer."""

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry
from shanzhi.registry.rules import numbers, tags
from shanzhi.registry.rules.persons import COMMUNITY
from shanzhi.work.kinds import DutyKind, register_duty


def register() -> None:
    register_duty(DutyKind("registry.transfer", _("Moves away"), _("Answer"), "orange"))
    for entry in ENTRIES:
        navigation.register(entry)


ENTRIES = [
    Entry("residents", _("Residents"), "users-group", "registry:residents", "services", order=50,
          roles=COMMUNITY),
    Entry("settling", _("Transfers and conflicts"), "arrows-exchange", "registry:settling",
          "services", order=51, roles=frozenset({"community_secretary", "community_worker"})),
    Entry("numbers", _("Persons and households"), "users-group", "registry:numbers", "services",
          order=50, roles=numbers.ROLES),
    Entry("tags", _("Restricted tags"), "shield-lock", "registry:tags", "services", order=52,
          roles=tags.ROLES),
]  # fmt: skip
