"""What goes along when two entries become one, and the way to the double entries."""

from django.utils.translation import gettext_lazy as t

from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import Entry
from shanzhi.registry import models, owning, rules
from shanzhi.registry.owning import Owned, alike


def _bound_twice(row, kept):
    """Two accounts that both are this person; somebody has to say which."""
    return alike("relation", ended_at=None, relation="self")(row, kept) or _same_binding(row, kept)


_same_binding = alike("account_id", ended_at=None)

OWNED = (
    Owned(models.Tag, t("Restricted tags"), clashes=alike("kind", until=None)),
    Owned(models.Transfer, t("Transfers")),
    Owned(models.Death, t("Deaths"), clashes=alike(undone_at=None)),
    Owned(models.Binding, t("Accounts"), clashes=_bound_twice, refusal=t(
        "Both entries are bound to an account of a resident; end one of the bindings first.")),
    Owned(models.ChangeRequest, t("Corrections asked for"),
          clashes=alike("element", state="waiting"), refusal=t(
        "The same field of both entries waits for a correction; let it be decided first.")),
    Owned(models.ErasureRequest, t("Deletions asked for")),
    Owned(models.Consent, t("Consents"), clashes=alike("purpose_id", withdrawn_at=None)),
)  # fmt: skip


def register() -> None:
    for owned in OWNED:
        owning.register(owned)
    navigation.register(
        Entry("linking", t("Double entries"), "arrow-merge-both", "registry:comparisons",
              "services", order=53, roles=rules.persons.COMMUNITY)
    )  # fmt: skip
