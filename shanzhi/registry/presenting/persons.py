"""Persons and households as plain rows for pages: formatted once, masked by the one rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import pgettext

from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from .. import kinds, masks, rules, versions
from ..addresses import Address, line
from ..codelists import HEAD, RELATION, SEX
from ..models import Dwelling, Membership, Person, Presence, Source
from ..queries import homes, presence, residents
from ..queries.persons import Found
from ..queries.residents import Wanted
from ..queries.stays import Believed

LIVING, REGISTERED = Presence.Kind.LIVING, Presence.Kind.REGISTERED
TONES = {1: "grey", 2: "teal", 3: "blue", 4: "blue"}
IN_LIST = ("person.name", "person.sex", "person.birth", "person.identity", "person.phone",
           "home.door")  # fmt: skip
FULL = frozenset(
    {"name", "former_name", "birth"}
)  # the community's posts know whom they look after
BANDS = {
    "0": t("0–5 years"), "6": t("6–17 years"), "18": t("18–59 years"), "60": t("60–79 years"),
    "80": t("80–99 years"), "100": t("100 years and older"),
}  # fmt: skip


def on(day: date | None) -> str:
    return dateformat.format(day, pgettext("date format", "j M Y")) if day else ""


def age(birth: date | None, today: date) -> int | None:
    if birth is None:
        return None
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def address(dwelling: Dwelling | homes.Home | None) -> str:
    """The whole address, for the community it lies in."""
    if dwelling is None:
        return ""
    door = dwelling.door or {}
    parts = {part: door.get(part, "") for part in ("number", "unit", "room")}
    return line(
        Address(dwelling.place, dwelling.estate, dwelling.road, building=dwelling.building, **parts)
    ) or (dwelling.written or "")


# --- the list -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    href: str
    name: str
    about: str  # 男 · 76 岁
    identity: str
    phone: str
    address: str
    badges: list[tuple[str, str]]
    note: str = ""


def rows(found: Iterable[residents.Resident], today: date) -> list[Row]:
    """Two queries for what a list shows beside the presences."""
    found = list(found)
    persons = residents.persons_of(each.id for each in found)
    dwellings = residents.dwellings_of(each.dwelling_id for each in found)
    return [_row(each, persons, dwellings, today) for each in found if each.id in persons]


def _row(each, persons, dwellings, today):
    person = persons[each.id]
    stub = REGISTERED in each.kinds and len(each.kinds) == 1
    badges = [(str(Presence.Kind(kind).label), TONES[kind]) for kind in each.kinds]
    if apart := apart_note(each.kinds):
        badges.append((apart, "orange"))
    return Row(
        href=reverse("registry:person", args=[each.id]), name=each.name,
        about=about(each.sex, each.birth, today),
        identity="" if stub else masking.identity(person.identity or ""),
        phone="" if stub else masking.phone(person.phone or ""),
        address=address(dwellings.get(each.dwelling_id)), badges=badges,
    )  # fmt: skip


def apart_note(kinds_here: Iterable[int]) -> str:
    """人户分离, as one community sees it."""
    here = set(kinds_here)
    if LIVING in here and REGISTERED not in here:
        return _("Registered elsewhere")
    if REGISTERED in here and LIVING not in here:
        return _("Lives elsewhere")
    return ""


def about(sex: str, birth: date | None, today: date) -> str:
    years = age(birth, today)
    told = [SEX.label(sex) if sex in ("1", "2") else ""]
    told.append("" if years is None else _("%(count)s years") % {"count": years})
    return " · ".join(filter(None, told))


def chips(wanted: Wanted, counts: residents.Counts, actor: Actor) -> list[list[dict[str, Any]]]:
    """Three lines of filters: what kind of presence, which grid, which age."""
    base = reverse("registry:residents")

    def chip(label, count=None, **changed):
        kept = {"q": wanted.text, "grid": wanted.grid, "kind": wanted.kind or "",
                "band": wanted.band, "apart": wanted.apart} | changed  # fmt: skip
        query = urlencode({key: value for key, value in kept.items() if value})
        active = all(str(getattr(wanted, key) or "") == value for key, value in changed.items())
        shown = {"label": label, "href": f"{base}?{query}" if query else base, "active": active}
        return shown if count is None or wanted.text else shown | {"count": count}

    first = [
        chip(_("All"), counts.persons, kind="", apart=""),
        chip(_("Lives here"), counts.living, kind="2", apart=""),
        chip(_("Registered here"), counts.registered, kind="1", apart=""),
        chip(_("Lives here, registered elsewhere"), counts.here, kind="", apart="here"),
        chip(_("Registered here, lives elsewhere"), counts.gone, kind="", apart="gone"),
    ]
    ages = [chip(_("All ages"), band="")]
    ages += [chip(label, band=band) for band, label in BANDS.items()]
    grids = divisions.children(actor.place) if len(actor.place) == 12 else []
    second = [
        chip(_("All grids"), grid=""),
        *(chip(each.short_name, grid=each.code) for each in grids),
    ]
    return [first, ages, second if grids else []]


def chosen(lines: list[list[dict[str, Any]]]) -> str:
    """What the list is narrowed to, in words; each line begins with what narrows nothing."""
    return " · ".join(
        str(each["label"]) for line in lines for each in line[1:] if each["active"]
    )  # fmt: skip


def list_address(text: str) -> str:
    """Of the list of names that begin with a text."""
    base = reverse("registry:residents")
    return f"{base}?{urlencode({'q': text})}" if text else base


def as_residents(found: Iterable[Found]) -> list[residents.Resident]:
    """Of people found by a number, with what they are here."""
    found = list(found)
    here = presence.seen().filter(person__in=[each.id for each in found]).order_by("kind")
    kinds_of, homes = {}, {}
    for person_id, kind, dwelling_id in here.values_list("person_id", "kind", "dwelling_id"):
        kinds_of.setdefault(person_id, []).append(kind)
        if kind == LIVING:
            homes[person_id] = dwelling_id
    return [
        residents.Resident(
            each.id, each.name, each.birth, each.sex, kinds_of.get(each.id, []), homes.get(each.id)
        )
        for each in found
    ]


# --- a person -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    title: str
    value: str
    masked: bool
    disputed: bool


@dataclass(frozen=True)
class Part:
    """A section of a person as the page shows it."""

    code: str
    title: str
    facts: list[Fact]
    source: str
    since: str
    recorded: datetime | None
    verified: str
    edit: str


def parts(person: Person, actor: Actor, sources: dict[int, str]) -> list[Part]:
    """The person and every section that hangs on one; one query a section."""
    found = []
    for section in kinds.SECTIONS.values():
        if section.model is Person:
            row = person
        elif versions.is_of_person(section):
            row = section.model.objects.filter(person=person).first()
        else:
            continue
        found.append(_part(section, row, person, actor, sources))
    return found


def _part(section, row, person, actor, sources):
    may_edit = actor.role in section.editors
    edit = reverse("registry:edit_person", args=[person.pk, section.code]) if may_edit else ""
    if row is None:
        return Part(section.code, str(section.title), [], "", "", None, "", edit)
    shown = facts(section, versions.values_of(row, section), person.disputed)
    return Part(
        section.code, str(section.title), shown, sources.get(row.source_id, ""),
        on(row.valid_from), row.recorded_at, on(row.verified_on), edit,
    )  # fmt: skip


def facts(
    section: kinds.Section, values: dict[str, Any], disputed: Iterable[str] = ()
) -> list[Fact]:
    """What is known; an element nothing is known of is left out."""
    found = []
    for name, entry in section.entries.items():
        full = name in FULL
        if text := masks.shown(entry, values.get(name), full=full):
            wrong = name in disputed or entry.code in disputed
            title = str(entry.element.title)
            found.append(Fact(title, text, masks.masked(entry, full), wrong))
    return found


def sections_of_persons() -> list[tuple[str, Any]]:
    return [
        (section.code, section.title)
        for section in kinds.SECTIONS.values()
        if versions.is_of_person(section)
    ]


def sources() -> dict[int, str]:
    return dict(Source.objects.values_list("pk", "name"))


@dataclass(frozen=True)
class Stay:
    kind: str
    tone: str
    where: str
    period: str
    open: bool


def stays(rows: Iterable[Presence]) -> list[Stay]:
    rows = list(rows)
    names = divisions.names({each.place for each in rows} | {each.community for each in rows})
    return [
        Stay(
            str(each.get_kind_display()), TONES[each.kind] if each.until is None else "grey",
            address(each.dwelling) or names.get(each.place, each.place),
            period(each.since, each.until), each.until is None,
        )
        for each in rows
    ]  # fmt: skip


def believed(presences: Iterable[Believed], members: Iterable[Believed]) -> list[Stay]:
    """What held on another day: where somebody was, then in which household as what."""
    presences = list(presences)
    names = divisions.names({each.place for each in presences})
    told = [
        (str(Presence.Kind(each.kind).label), TONES[each.kind],
         address(each.dwelling) or names.get(each.place, each.place), each)
        for each in presences
    ] + [
        (RELATION.label(each.relation), "grey",
         address(each.household.dwelling) or _("Household"), each)
        for each in members if each.household
    ]  # fmt: skip
    return [
        Stay(kind, tone, where, period(each.since, each.until), each.until is None)
        for kind, tone, where, each in told
    ]


def period(since: date, until: date | None) -> str:
    if until:
        return _("%(since)s to %(until)s") % {"since": on(since), "until": on(until)}
    return _("since %(day)s") % {"day": on(since)}


@dataclass(frozen=True)
class Change:
    """One belief of the past in the table of what was before."""

    period: str
    fields: str
    source: str
    replaced: datetime | None  # when it was found to be wrong


def changes(person: Person, sources: dict[int, str]) -> list[Change]:
    """What is believed, from the latest day back, and what was believed wrongly; names of fields
    only, values are asked for by a day.
    """
    spans = versions.timeline(person.pk, "person", row=person)
    if len(spans) < 2:
        return []
    believed = [each for each in spans if each.known_to is None]
    befores = [*believed[1:], None]
    befores += [_instead(span, believed) for span in spans[len(believed) :]]
    return [
        Change(
            period(span.valid_from, span.valid_to), _fields("person", span, before),
            sources.get(span.source_id, ""), span.known_to,
        )
        for span, before in zip(spans, befores, strict=True)
    ]  # fmt: skip


def _instead(wrong, believed):
    """What is believed now of the day from which something was believed wrongly."""
    return next((each for each in believed if each.valid_from <= wrong.valid_from), None)


def _fields(section, span, before):
    if span.values is None or before is None or before.values is None:
        return ""
    declared = kinds.SECTIONS[section].by_field
    differ = [name for name, value in span.values.items() if before.values.get(name) != value]
    return _(", ").join(str(declared[name].title) for name in differ if name in declared)


# --- a household ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    id: int
    href: str
    name: str
    relation: str
    about: str
    identity: str
    phone: str
    period: str
    head: bool
    dead: bool


def members(found: Iterable[homes.Member], today: date) -> list[Member]:
    return [
        Member(
            each.id, reverse("registry:person", args=[each.id]), each.name,
            RELATION.label(each.relation), about(each.sex, each.birth, today),
            masking.identity(each.identity), masking.phone(each.phone),
            period(each.since, each.until), each.relation == HEAD, each.state == Person.State.DEAD,
        )
        for each in found
    ]  # fmt: skip


def home_of(membership: Membership | None) -> str:
    """The address of somebody's household."""
    return address(membership.household.dwelling) if membership else ""


def lives(person: Person) -> str:
    """Of someone who is only registered here: the community the person lives in."""
    return divisions.name(rules.persons.lives_elsewhere(person.pk))
