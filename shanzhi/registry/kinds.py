"""Sections of the registry: a typed model each, and what the catalogue says of its fields.

An area or a business line adds a section in its own folder: a model built on models.Record, and one
`register(Section(...))` in `ready()`. Type, length and code list of an element are read off the
model's field, so that code and catalogue cannot differ; what no column says is declared here.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.fields import SealedText

from .codelists import CodeList
from .columns import CodedField, HashField


class Sensitivity(models.TextChoices):
    """How much harm a leak does; masking and approval follow from it."""

    GENERAL = "s1", pgettext_lazy("sensitivity", "General")
    PERSONAL = "s2", pgettext_lazy("sensitivity", "Personal")
    # Personal Information Protection Law, article 28
    SENSITIVE = "s3", pgettext_lazy("sensitivity", "Sensitive")


class Share(models.TextChoices):
    """政务数据共享条例: how a department may have it."""

    UNCONDITIONAL = "unconditional", _("Shared unconditionally")
    CONDITIONAL = "conditional", _("Shared on conditions")
    NOT_SHARED = "not_shared", _("Not shared")


WHEN_IT_CHANGES = _("When it changes")


@dataclass(frozen=True)
class Element:
    """One field as the catalogue knows it. `mask` names a function of kernel/masking.py, or is
    "year" or "hidden". Further names people use for it are in data/synonyms.csv, or here.
    """

    field: str
    title: str | Promise
    definition: str | Promise
    synonyms: tuple[str, ...] = ()
    sensitivity: Sensitivity = Sensitivity.PERSONAL
    share: Share = Share.CONDITIONAL
    basis: str = ""  # the law by which it is collected
    owner: str = ""  # code of the department that decides corrections; "" as the section
    unit: str | Promise = ""
    cycle: str | Promise = WHEN_IT_CHANGES
    mask: str = ""
    hashed: str = ""  # kind of the keyed hash beside it, in the column `<field>_hash`


@dataclass(frozen=True)
class Section:
    """`model` is a Record (or Person itself); `owner` the department that answers for it."""

    code: str
    title: str | Promise
    model: type[models.Model]
    owner: str
    elements: tuple[Element, ...]
    retention: int = 10  # years after the person has left or died
    editors: frozenset[str] = frozenset({"community_secretary", "community_worker", "grid_leader"})

    @cached_property
    def by_field(self) -> dict[str, Element]:
        return {element.field: element for element in self.elements}

    @cached_property
    def entries(self) -> dict[str, "Entry"]:
        """By the field; made once, as a page asks for dozens."""
        return {element.field: Entry(self, element) for element in self.elements}

    def check(self) -> None:
        """Every column is described, and nothing else is."""
        columns = {
            field.name
            for field in self.model._meta.concrete_fields
            if field.name not in HOUSEKEEPING and not isinstance(field, HashField)
        }
        described = set(self.by_field)
        if columns != described or len(described) != len(self.elements):
            odd = ", ".join(sorted(columns ^ described)) or "twice"
            raise ImproperlyConfigured(f"section {self.code} and its model differ: {odd}")
        for element in self.elements:
            if element.hashed:
                self.model._meta.get_field(f"{element.field}_hash")


HOUSEKEEPING = {
    "id", "person", "source", "collected_on", "verified_on", "valid_from", "recorded_at", "batch",
    "merged_into", "disputed", "community",
}  # fmt: skip

SECTIONS: dict[str, Section] = {}


def register(section: Section) -> None:
    if section.code in SECTIONS:
        raise ImproperlyConfigured(f"there is a section {section.code} already")
    section.check()
    SECTIONS[section.code] = section


# --- names of elements: "person.birth" ------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An element in its section, with what its column says."""

    section: Section
    element: Element

    @property
    def code(self) -> str:
        return f"{self.section.code}.{self.element.field}"

    @cached_property
    def column(self) -> models.Field:
        return self.section.model._meta.get_field(self.element.field)

    @property
    def owner(self) -> str:
        return self.element.owner or self.section.owner

    @property
    def synonyms(self) -> tuple[str, ...]:
        return (*_synonyms().get(self.code, ()), *self.element.synonyms)

    @property
    def codelist(self) -> CodeList | None:
        return getattr(self.column, "codelist", None)

    @property
    def type(self) -> str:
        """ "text", "code", "date", "number" or "yes_no"; a sealed value is text."""
        return next((name for kind, name in TYPES if isinstance(self.column, kind)), "text")

    @property
    def length(self) -> int | None:
        return self.column.max_length

    @property
    def sealed(self) -> bool:
        return isinstance(self.column, SealedText)


TYPES = (
    (CodedField, "code"),
    (models.DateField, "date"),
    (models.BooleanField, "yes_no"),
    (models.IntegerField, "number"),
    (models.DecimalField, "number"),
)


@cache
def _synonyms():
    path = Path(__file__).with_name("data") / "synonyms.csv"
    with path.open(encoding="utf-8") as file:
        return {row["element"]: row["synonyms"].split() for row in csv.DictReader(file)}


def entries() -> Iterator[Entry]:
    for section in SECTIONS.values():
        yield from section.entries.values()


def entry(code: str) -> Entry | None:
    """The element of a catalogue name, or None where there is none of that name."""
    section, _dot, field = code.partition(".")
    return SECTIONS[section].entries.get(field) if section in SECTIONS else None
