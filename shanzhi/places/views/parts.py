"""What the pages have in common: rows made once, refusals put where they belong."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places

from .. import drawing, memory, queries, rules
from ..models import Division, Succession


def href(code: str) -> str:
    return reverse("places:division", args=[code])


def named(codes: list[str]) -> list[dict]:
    known = queries.names(codes)
    return [{"code": code, "name": known.get(code, code), "href": href(code)} for code in codes]


def line(code: str) -> list[dict]:
    """The way down to a place, for the crumbs."""
    return named(places.above(code)[:-1])


def child_rows(code: str) -> list[dict]:
    inside = queries.below_counts(code)
    base = href("0")
    return [
        {
            "code": each.code,
            "name": each.short_name,
            "official": each.name,
            "href": base.replace("/0/", f"/{each.code}/"),
            "below": inside.get(each.code, 0),
        }
        for each in queries.children(code)
    ]


def below(division: Division) -> dict:
    """A community shows its grids and estates, every other division its children."""
    code, level = division.code, division.level
    if level == Division.Level.COMMUNITY:
        grids = queries.grids(code)
        picture = drawing.picture(grids)
        return {"grids": grids, "picture": picture, "estates": queries.estates(code)}
    if level == Division.Level.GRID:
        return {"estates": queries.estates(code)}
    return {"rows": child_rows(code), "estates": None}


def counts(code: str) -> list[tuple[str, int]]:
    labels = dict(Division.Level.choices)
    return [(labels[level], count) for level, count in queries.level_counts(code).items()]


def history(code: str) -> list[dict]:
    """Names and successions in time order, as rows of the timeline."""
    versions = queries.history(code)
    rows = [(version.valid_from, version.name, "") for version in versions]
    if versions and versions[-1].valid_to:
        rows.append((versions[-1].valid_to, _("Ended"), ""))
    changes = queries.successions(code)
    called = queries.names({each for change in changes for each in (change.old, change.new)})
    for change in changes:
        title = Succession.Kind(change.kind).label
        text = (
            f"{called.get(change.old, '')} {change.old} → {called.get(change.new, '')} {change.new}"
        )
        rows.append((change.on, title, text))
    rows.sort(key=lambda row: row[0])
    return [{"at": date_format(on), "title": title, "text": text} for on, title, text in rows]


def check_may_draw(request: HttpRequest, code: str) -> None:
    """No form for who may only look: the page says so."""
    try:
        rules.check_may_draw(request.actor, code)
    except Refused as refusal:
        raise PermissionDenied(refusal.sentence) from None


def refuse(form: forms.Form, refusal: Refused) -> None:
    """The sentence beside its field, or above the form where that has no such field."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))


def rehearse(command, **values) -> None:
    """Would this command be refused? It is carried out and taken back."""
    try:
        with transaction.atomic():
            command(**values)
            transaction.set_rollback(True)
    finally:
        memory.forget()
