"""What the shell itself puts into the navigation."""

from django.utils.translation import gettext_lazy as _

from shanzhi.files import kinds as files
from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import RESIDENT, Entry


def register() -> None:
    # a card is public, and so is the photo its person agreed to
    files.register(files.Owner("people.Card", lambda pk, actor: True))
    navigation.register(Entry("home", _("Estate"), "home", "shell:home", side=RESIDENT, order=10))
    navigation.register(
        Entry(
            "audit", _("Audit"), "clipboard-check", "shell:audit", "administration",
            roles=frozenset({"audit_admin"}),
        )
    )  # fmt: skip
