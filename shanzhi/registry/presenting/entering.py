"""While somebody is entered: who looks the same, what can happen next, restricted tags."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t

from shanzhi.kernel import Refused, identifiers, masking
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from .. import kinds, queries, readlog, rules, spelling, tags
from ..models import Person, Presence, Tag
from . import persons as presenting


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return make_aware(datetime.combine(day, time.max))


def say_changed(request: HttpRequest, fields: list[str]) -> None:
    if fields:
        messages.success(request, _("Saved; what was before is kept."))
    else:
        messages.info(request, _("Nothing was different, so nothing was changed."))


def elements_of(parts: list[presenting.Part]) -> list[str]:
    """Catalogue names of what the page of a person shows."""
    return [
        f"{part.code}.{element.field}"
        for part in parts if part.facts
        for element in kinds.SECTIONS[part.code].elements
    ]  # fmt: skip


# --- steps of a person ----------------------------------------------------------------------------

STEPS = {
    "move-in": (t("Enter a presence"), "home-plus"),
    "move-out": (t("Moves out"), "logout"),
    "register": (t("Household register moved"), "book-2"),
    "die": (t("Enter the death"), "flower"),
}


def steps(person: Person) -> list[tuple[str, str, str]]:
    """(address, title, icon) of what can happen to a person now."""
    if person.state == Person.State.DEAD:
        return []
    return [
        (reverse("registry:person_step", args=[person.pk, code]), str(title), icon)
        for code, (title, icon) in STEPS.items()
    ]


def endings(person: Person) -> list[tuple[str, str]]:
    """What can end: open presences but the registered one, as choices of a form."""
    rows = [
        each for each in queries.residents.presences(person)
        if each.until is None and each.kind != Presence.Kind.REGISTERED
    ]  # fmt: skip
    shown = presenting.stays(rows)
    return [
        (f"{row.kind}/{row.place}", f"{stay.kind}: {stay.where}, {stay.period}")
        for row, stay in zip(rows, shown, strict=True)
    ]


# --- who looks the same ---------------------------------------------------------------------------


def twins(actor: Actor, typed: Mapping[str, str], today: date) -> dict[str, Any]:
    """`number` where a whole one was typed; its holders here; and those of the same name and birth
    in the same estate.
    """
    number, wrong = _number(typed, today)
    holders = queries.by_identity(actor, number) if number else []
    born = identifiers.birth(number) if len(number) == 18 else _birth(typed)
    estate = typed.get("estate", "")
    alike = queries.residents.lookalikes(
        actor, typed.get("name", "").strip()[:100], born,
        int(estate) if estate.isdecimal() and len(estate) < 10 else None,
    )  # fmt: skip
    alike = [each for each in alike if each not in holders]
    return {
        "number": number, "wrong": wrong, "elsewhere": "",
        "holders": [_twin(each, today) for each in holders],
        "alike": [_twin(each, today) for each in alike],
        "ids": [each.pk for each in (*holders, *alike)], "typed": bool(typed.get("identity")),
    }  # fmt: skip


def known_in(codes: list[str]) -> str:
    """Names of communities; "" is somebody no community has at present."""
    gone = _("the entries of those who moved away or died")
    return _(", ").join(divisions.name(code) if code else gone for code in codes)


def _number(typed, today):
    """The number, and what is wrong with one that is as long as a whole one."""
    text = identifiers.plain(typed.get("identity", "")[:40]).upper()
    document = typed.get("document", "111")
    if len(text) < (15 if document in spelling.CHECKED else 4):
        return "", ""
    try:
        return spelling.identity(text, document, today=today), ""
    except Refused as refusal:
        return "", str(refusal)


def _birth(typed):
    try:
        return date.fromisoformat(typed.get("birth", ""))
    except ValueError:
        return None


def _twin(person, today):
    return {
        "id": person.pk, "href": reverse("registry:person", args=[person.pk]),
        "name": person.name, "about": presenting.about(person.sex, person.birth, today),
        "identity": masking.identity(person.identity or ""),
    }  # fmt: skip


# --- restricted tags ------------------------------------------------------------------------------


def note_tags(actor: Actor, rows: list[Tag], at: datetime) -> None:
    """Each kind is a line of its own in the read log, withheld where its law says so."""
    for kind in sorted({row.kind for row in rows}):
        declared, of_kind = tags.KINDS[kind], [row for row in rows if row.kind == kind]
        readlog.note(
            by=actor, persons=[row.person_id for row in of_kind], elements=[f"tag.{kind}"],
            purpose=str(declared.title), through="page", basis=declared.basis, at=at,
            withheld=declared.withheld,
            review_on=min(row.review_on for row in of_kind) if declared.withheld else None,
        )  # fmt: skip


def tag_rows(rows: list[Tag], actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "tag": row, "title": str(tags.KINDS[row.kind].title),
            "agency": str(tags.KINDS[row.kind].agency), "basis": tags.KINDS[row.kind].basis,
            "since": presenting.on(row.since), "review_on": presenting.on(row.review_on),
            "may_set": rules.tags.may_set(actor, row.kind, row.place),
        }
        for row in rows
    ]  # fmt: skip


def tag_choices(codes: list[str]) -> list[tuple[str, Any]]:
    return [(code, tags.KINDS[code].title) for code in codes]


def tag_chips(codes: list[str], chosen: str) -> list[dict[str, Any]]:
    base = reverse("registry:tags")
    chips = [{"label": _("All"), "href": base, "active": not chosen}]
    return chips + [
        {"label": title, "href": f"{base}?kind={code}", "active": code == chosen}
        for code, title in tag_choices(codes)
    ]
