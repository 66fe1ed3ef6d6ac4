"""`frame`: what base templates draw around a page. Nothing is asked before a template uses it."""

from functools import cached_property
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.urls import NoReverseMatch
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, to_locale

from shanzhi.kernel import navigation, places
from shanzhi.kernel.acting import Actor
from shanzhi.people import kinds
from shanzhi.people import queries as people
from shanzhi.places import queries as divisions

from . import addresses, preferences


def frame(request: HttpRequest) -> dict[str, Any]:
    # one token a page: each would be drawn and masked anew for every form
    token = SimpleLazyObject(lambda: csrf_input(request))
    return {"frame": Frame(request), "csrf_input": token}


class Link(NamedTuple):
    code: str
    label: str
    icon: str
    href: str
    current: bool = False
    count: int = 0


class Frame:
    def __init__(self, request: HttpRequest):
        self.request = request
        self._known_entries: dict[str, list[navigation.Entry]] = {}

    # --- the visitor

    @cached_property
    def actor(self) -> Actor | None:
        return getattr(self.request, "actor", None)

    @cached_property
    def account(self):
        if getattr(self.request, "faulty", False):
            return None  # a page about a fault asks no database
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def on_desk(self) -> bool:
        return bool(self.actor and self.actor.is_staff)

    @cached_property
    def language(self) -> str:
        """As HTML wants it: zh-Hans."""
        return to_locale(get_language() or settings.LANGUAGE_CODE).replace("_", "-")

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        return [(code, name, code == get_language()) for code, name in settings.LANGUAGES]

    @cached_property
    def large(self) -> bool:
        chosen = preferences.large(self.request)
        if chosen is not None:
            return chosen
        return bool(self.account and self.account.large)

    @property
    def messages(self):
        return messages.get_messages(self.request)

    @property
    def source(self) -> str:
        return settings.SHANZHI_SOURCE

    @property
    def demo(self) -> bool:
        return settings.SHANZHI_DEMO

    # --- the place

    @cached_property
    def place(self) -> str:
        """Where this page plays: the post's division, or the neighbourhood a resident chose."""
        if self.on_desk:
            return self.actor.place
        return self.account.home if self.account else ""

    @cached_property
    def place_names(self) -> list[str]:
        """From the city down; residents speak of their community, not of its grid."""
        place = self.place if self.on_desk else places.cut(self.place, "community")
        return divisions.path_names(place) if place else []

    @cached_property
    def unit(self) -> str:
        return people.unit_name(self.actor.place, self.actor.department)

    @cached_property
    def role(self) -> str:
        return kinds.role_title(self.actor.role)

    @cached_property
    def posts(self) -> list[people.PostRow]:
        """The hats this account may put on; loaded with the actor."""
        return self.account.held if self.on_desk else []

    # --- navigation

    @cached_property
    def sections(self) -> list[tuple[str, list[Link]]]:
        """The side bar: (heading, links)."""
        entries = self._entries(navigation.DESK)
        entries = [entry for entry in entries if entry.section in navigation.SECTIONS]
        all_links, found = {link.code: link for link in self._links(entries)}, []
        for code, heading in navigation.SECTIONS.items():
            codes = [entry.code for entry in entries if entry.section == code]
            links = [all_links[each] for each in codes if each in all_links]
            if links:
                found.append((str(heading), links))
        return found

    @cached_property
    def tabs(self) -> list[Link]:
        entries = self._entries(navigation.RESIDENT)
        return self._links([entry for entry in entries if entry.section == ""])

    def special(self, section: str, side: str = navigation.DESK) -> list[Link]:
        return self._links([each for each in self._entries(side) if each.section == section])

    def first(self, section: str, side: str = navigation.DESK) -> Link | None:
        return next(iter(self.special(section, side)), None)

    def _entries(self, side: str) -> list[navigation.Entry]:
        if side not in self._known_entries:
            self._known_entries[side] = navigation.entries_for(self.actor, side)
        return self._known_entries[side]

    def _links(self, entries: list[navigation.Entry]) -> list[Link]:
        hrefs = {entry.code: href for entry in entries if (href := address(entry.url_name))}
        path = self.request.path
        here = max(
            (
                code
                for code, href in hrefs.items()
                if path == href or (href != "/" and path.startswith(href))
            ),
            key=lambda code: len(hrefs[code]),
            default="",
        )
        language = get_language() or ""
        return [
            Link(
                code=entry.code,
                label=entry.label_in(language),
                icon=entry.icon,
                href=hrefs[entry.code],
                current=entry.code == here,
                count=self._count(entry),
            )
            for entry in entries
            if entry.code in hrefs
        ]

    def _count(self, entry: navigation.Entry) -> int:
        if entry.carried and self.account and hasattr(self.account, entry.carried):
            return getattr(self.account, entry.carried)
        return entry.count(self.actor, timezone.now()) if entry.count else 0


def address(url_name: str) -> str:
    """Where an entry leads; "" while its area's addresses are not included."""
    try:
        return addresses.of(url_name)
    except NoReverseMatch:
        return ""
