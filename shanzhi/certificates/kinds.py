"""What a certificate can state, and the plain shapes in which rules, queries and pages speak."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AGREES, UNKNOWN, DIFFERS = "agrees", "unknown", "differs"
DATE, RELATION = "date", "relation"


@dataclass(frozen=True)
class Fact:
    """Something the registry may know. `element` is what is read of the catalogue for it; where
    `claim` is set, the resident says it and it is compared, else it is taken from the registry.
    """

    code: str
    title: str | Promise
    element: str
    claim: str = ""
    here: bool = False  # only of somebody who lives in the community
    mask: str = ""


FACTS = {
    fact.code: fact
    for fact in (
        Fact("person.name", _("Full name"), "person.name"),
        Fact("person.identity", _("Citizen identity number"), "person.identity", mask="identity"),
        Fact("person.birth", _("Date of birth"), "person.birth"),
        Fact("home.written", _("Present address"), "home.written", here=True),
        Fact("home.estate", _("Estate"), "home.estate", here=True),
        Fact("living.since", _("Lives here since"), "home.written", claim=DATE, here=True),
        Fact("household.relation", _("Relation to the head of household"), "household.dwelling",
             claim=RELATION, here=True),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of what a certificate states. `code` is that of a Fact, or "" beside a `label` of
    the catalogue's own; `known` is the registry's word, "" where it has none.
    """

    code: str
    label: str
    value: str
    known: str = ""
    disputed: bool = False

    @property
    def verdict(self) -> str:
        if not self.known or self.disputed:
            return UNKNOWN
        return AGREES if self.value == self.known else DIFFERS


@dataclass(frozen=True)
class Held:
    """What the registry holds of somebody, as far as certificates state it."""

    person: int
    name: str
    alive: bool
    lives_here: bool
    values: Mapping[str, str] = field(default_factory=dict)
    disputed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wish:
    """What is typed for a certificate: `said` by the place of a field in the catalogue's row."""

    unit: str
    purpose: str
    copies: int
    days: int
    said: Mapping[int, str] = field(default_factory=dict)
    holder: str = ""  # where it is not about a resident of the registry


@dataclass(frozen=True)
class CatalogueRow:
    """A row of a catalogue as a file tells it: values by column of Entry."""

    number: int  # of the file's line
    values: Mapping[str, Any]

    @property
    def code(self) -> str:
        return self.values["code"]


def needs_word(lines: Sequence[Line]) -> list[Line]:
    """What the registry does not know: the secretary stands for it, or it is not sealed."""
    return [line for line in lines if line.verdict == UNKNOWN]
