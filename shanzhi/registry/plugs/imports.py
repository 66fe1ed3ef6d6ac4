"""Imports and sources in the navigation."""

from django.utils.translation import gettext_lazy as t

from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry

from ..rules.imports import IMPORTERS
from ..rules.sources import SEERS

ENTRIES = [
    Entry("imports", t("Imports"), "table-import", "registry:imports", "services", order=45,
          roles=IMPORTERS),
    Entry("sources", t("Sources"), "plug-connected", "registry:sources", "services", order=46,
          roles=SEERS),
]  # fmt: skip


def register() -> None:
    for entry in ENTRIES:
        navigation.register(entry)
