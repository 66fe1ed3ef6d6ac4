"""What the frame around every page shows of each area: tabs, side bar, search, account menu.

An area registers its entries in `AppConfig.ready()`; the shell draws them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .acting import Actor

DESK, RESIDENT = "desk", "resident"

SECTIONS = {  # of the side bar, in this order
    "": "",
    "services": pgettext_lazy("side bar", "Services"),
    "burden": _("Burden relief"),
    "together": _("Governing together"),
    "insight": _("Insight"),
    "administration": _("Administration"),
}
SEARCH = "search"  # the form of the head: gets ?q=
PLACE = "place"  # where a resident chooses the neighbourhood
POSTS = "posts"  # takes POST post=…, next=…: acts through another post from now on
BELL = "bell"  # the messages, in the desk's top bar
ACCOUNT = "account"  # a line of the account menu
SPECIAL = {SEARCH, PLACE, POSTS, BELL, ACCOUNT}


@dataclass(frozen=True)
class Entry:
    """One way into an area.

    `section` is one of SECTIONS for the side bar, or one of SPECIAL; "" for the tab bar.
    `roles` empty means everybody of that side. `count` gives the number beside the label;
    `carried` names an attribute of the account that holds it where the sign-in fetched it already.
    """

    code: str
    label: str | Promise
    icon: str
    url_name: str
    section: str = ""
    side: str = DESK
    roles: frozenset[str] = frozenset()
    order: int = 100
    count: Callable[[Actor, datetime], int] | None = None
    carried: str = ""
    spoken: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def label_in(self, language: str) -> str:
        """Every page shows them all."""
        if language not in self.spoken:
            self.spoken[language] = str(self.label)
        return self.spoken[language]


_entries: dict[tuple[str, str], Entry] = {}


def register(entry: Entry) -> None:
    if entry.section not in SECTIONS and entry.section not in SPECIAL:
        raise ValueError(f"no section {entry.section!r}")
    _entries[entry.side, entry.code] = entry


def entries() -> list[Entry]:
    return sorted(_entries.values(), key=lambda entry: (entry.side, entry.order, entry.code))


def entries_for(actor: Actor | None, side: str = DESK) -> list[Entry]:
    """What this actor may see on one side, in order. The desk is closed without a post."""
    role = actor.role if actor else ""
    if side == DESK and not role:
        return []
    return [
        entry
        for entry in entries()
        if entry.side == side and (not entry.roles or role in entry.roles)
    ]
