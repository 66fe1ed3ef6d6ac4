"""What the shell itself puts into the navigation."""

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import navigation
from shanzhi.kernel.navigation import RESIDENT, Entry


def register() -> None:
    navigation.register(Entry("home", _("Estate"), "home", "shell:home", side=RESIDENT, order=10))
