"""What the figures, the keys and the retention of the registry put into plugs."""

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import ngettext

from shanzhi.kernel import navigation, rotation
from shanzhi.kernel.navigation import Entry
from shanzhi.registry import kinds, packing, retention, versions
from shanzhi.registry.commands import retention as commands
from shanzhi.registry.intake import resealing
from shanzhi.registry.models import Chunk, PersonKey
from shanzhi.registry.queries import retention as queries
from shanzhi.registry.retention import Rule
from shanzhi.registry.rules.population import READERS

ENTRY = Entry(
    "population", t("Population"), "chart-bar", "registry:population", "insight",
    roles=READERS, order=60,
)  # fmt: skip


def register() -> None:
    rotation.register_column(
        rotation.Column(PersonKey, "wrapped", versions.key_context, ("person_id",))
    )
    rotation.register_column(
        rotation.Column(Chunk, "sealed", packing.context, ("batch_id", "number"))
    )
    resealing.register()
    retention.register(_rules)
    navigation.register(ENTRY)


def _rules() -> list[Rule]:
    """Read off the sections; what is kept for a shorter time than the person goes before."""
    person = kinds.SECTIONS["person"]
    shorter = [each for each in queries.of_persons() if each.retention < person.retention]
    return [
        *map(_of_section, shorter),
        Rule(
            "versions", _("History of sections and stays"),
            _("As the section, since it was replaced"),
            queries.versions_due, commands.delete_versions,
        ),
        Rule(
            "persons", _("Persons who left"), _after(person.retention),
            queries.persons_due, commands.forget_due,
        ),
        Rule(
            "requests", _("Decided requests for correction"), _("3 years after the decision"),
            lambda on: queries.requests_due(on).count(), commands.delete_requests,
        ),
        Rule(
            "binding-requests",
            _("Requests to bind an account, with the papers sent"), _("3 years"),
            lambda on: queries.binding_requests_due(on).count(), commands.delete_binding_requests,
        ),
        Rule(
            "staged", _("Rows of imports as they were read, with their file"),
            _("180 days after the import was opened, undone or discarded"),
            lambda on: len(queries.batches_due(on)), commands.delete_staged,
        ),
        Rule(
            "reads", _("Months of the read log"), _("3 years"),
            lambda on: len(queries.read_months(on)), commands.drop_reads,
        ),
    ]  # fmt: skip


def _of_section(section: kinds.Section) -> Rule:
    return Rule(
        f"section.{section.code}", section.title, _after(section.retention),
        lambda on: len(queries.rows_to_delete(section, on)),
        partial(commands.delete_section_rows, section=section.code),
    )  # fmt: skip


def _after(years: int) -> str:
    return ngettext(
        "%(count)d year after moving away or death",
        "%(count)d years after moving away or death",
        years,
    ) % {"count": years}
