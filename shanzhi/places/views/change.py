"""Renaming, merging, splitting, moving: entered, looked at as a plan, confirmed."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.access import desk

from .. import commands, forms, plans, queries, rules
from ..plans import Part, Plan
from . import parts


@dataclass(frozen=True)
class Change:
    """A command with what it is given, and what would come of it."""

    command: object
    values: dict
    plan: Plan
    then: str  # the code whose page comes next


@desk(roles=rules.DIVISION_ROLES)
def rename(request, code):
    division = _present(code)
    form = forms.Rename(request.POST or None, initial=_today() | {"name": division.name})

    def change(values):
        return Change(commands.rename, values | {"code": code}, Plan(), code)

    return _page(request, division, form, _("Rename"), change)


@desk(roles=rules.DIVISION_ROLES)
def merge(request, code):
    division = _present(code)
    siblings = [each for each in queries.children(division.parent) if each.code != code]
    choices = [(each.code, each.short_name) for each in siblings]
    form = forms.Merge(request.POST or None, siblings=choices, initial=_today())

    def change(values):
        olds = [code, *values.pop("others")]
        new = code if values.pop("stays") else plans.free_code(division.parent, like=code)
        return Change(
            commands.merge, values | {"olds": olds, "new": new}, plans.merge(olds, new), new
        )

    return _page(request, division, form, _("Merge"), change)


@desk(roles=rules.DIVISION_ROLES)
def split(request, code):
    division = _present(code)
    children = [(each.code, each.short_name) for each in queries.children(code)]
    form = forms.Split(
        request.POST or None, name=division.name, children=children, initial=_today()
    )

    def change(values):
        found = _parts(division, values, [child for child, _name in children])
        given = {"code": code, "parts": found, "on": values["on"], "reason": values["reason"]}
        return Change(commands.split, given, plans.split(code, found), found[0].code)

    return _page(request, division, form, _("Split"), change)


def _parts(division, values, children):
    numbers = [n for n in range(1, forms.PARTS + 1) if values[f"name_{n}"]]
    taken, found = [], []
    for number in numbers:
        keeps = values["keeps"] and number == 1
        code = division.code
        if not keeps:
            code = plans.free_code(division.parent, like=division.code, taken=taken)
        taken.append(code)
        mine = tuple(child for child in children if values[f"part_{child}"] == str(number))
        found.append(Part(code, values[f"name_{number}"].strip(), mine))
    return found


@desk(roles=rules.DIVISION_ROLES)
def move(request, code):
    division = _present(code)
    form = forms.Move(request.POST or None, parents=_parents(request, division), initial=_today())

    def change(values):
        new = plans.free_code(values["parent"], like=code)
        return Change(
            commands.move, values | {"code": code, "new": new}, plans.move(code, new), new
        )

    return _page(request, division, form, _("Move"), change)


def _parents(request, division):
    """All divisions of the level above in one's place, each with where it lies."""
    level = places.level(division.parent) if division.parent else ""
    found = queries.inside(request.actor.place).filter(level=level).exclude(code=division.parent)
    above = queries.names(each.parent for each in found)
    return [(each.code, f"{above.get(each.parent, '')} {each.short_name}") for each in found]


def _page(request, division, form, title, change):
    """The form; then what would change, with a button to do it; then the changed place."""
    plan = None
    if request.method == "POST" and form.is_valid():
        found = change(dict(form.cleaned_data))
        values = found.values | {"by": request.actor, "at": timezone.now()}
        try:
            if "confirm" in request.POST:
                found.command(**values)
                messages.success(request, _("The divisions have been changed."))
                return redirect("places:division", code=found.then)
            parts.rehearse(found.command, **values)
            plan = found.plan
        except Refused as refusal:
            parts.refuse(form, refusal)
    context = {"division": division, "line": parts.line(division.code), "title": title}
    status = 422 if form.errors else 200
    return render(
        request, "places/change.html", context | {"form": form, "plan": plan}, status=status
    )


def _present(code):
    if not queries.exists(code):
        raise Http404
    return queries.current(code)


def _today():
    return {"on": localdate(timezone.now())}
