"""What people put into the plugs of the areas below: guard of the desk, follower, navigation."""

from django.utils.translation import gettext_lazy as _

from shanzhi.journal.kinds import Follower, register_follower
from shanzhi.kernel import access, navigation
from shanzhi.kernel.navigation import ACCOUNT, BELL, PLACE, POSTS, RESIDENT, Entry
from shanzhi.places.moves import following

from . import commands, decorators, kinds, queries, resealing
from .rules import CARD_KEEPERS


def register() -> None:
    access.set_guard(decorators.stop)
    resealing.register()
    register_follower(Follower("people.moves", following(commands.follow_move), from_now=True))
    for entry in ENTRIES:
        navigation.register(entry)


def _unread(actor, at):
    return queries.unread(actor.account_id) if actor.account_id else 0


ADMINISTRATION = "administration"
ENTRIES = [
    Entry("people", _("Staff"), "users", "people:posts", ADMINISTRATION, roles=kinds.GRANTERS),
    Entry("cards", _("Contact cards"), "address-book", "people:cards", ADMINISTRATION,
          roles=frozenset(CARD_KEEPERS)),
    Entry("keys", _("API keys"), "key", "people:keys", ADMINISTRATION, order=110),
    Entry("posts", _("My posts"), "replace", "people:choose_post", POSTS),
    Entry("bell", _("Notices"), "bell", "people:notices", BELL, count=_unread, carried="unread"),
    Entry("security", _("Security"), "shield-lock", "mfa_index", ACCOUNT, order=20),
    Entry("sessions", _("My sessions"), "devices", "usersessions_list", ACCOUNT, order=30),
    Entry("place", _("My community"), "map-pin", "people:home", PLACE, RESIDENT),
    Entry("me", _("My page"), "user", "people:me", side=RESIDENT, order=900,
          count=_unread, carried="unread"),
]  # fmt: skip
