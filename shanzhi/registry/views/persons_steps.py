"""What happens to a person: moves in or out, is registered elsewhere, dies. One page each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk
from shanzhi.places import queries as divisions

from .. import commands, fence, queries, rules
from ..forms import persons as forms
from ..models import Person
from ..presenting import entering
from .persons import KEEPERS, found


@dataclass(frozen=True)
class Step:
    title: str | Promise
    done: str | Promise
    hint: str | Promise
    form: Callable[..., django_forms.Form]
    run: Callable[..., Any]
    extra: Callable[[HttpRequest, Person], dict[str, Any]]
    danger: bool = False


def _nothing(request, person):
    return {}


def _estates(request, person):
    return {"estates": divisions.estates(request.actor.place[:12])}


def _presences(request, person):
    return {"presences": entering.endings(person)}


def _move_in(*, request, person, form, at):
    given, by = form.cleaned_data, request.actor
    dwelling = None
    if given["kind"] == queries.residents.LIVING or given["building"] or given["number"]:
        dwelling = commands.find_dwelling(
            address=form.address(by.place), source=queries.source("community"), by=by, at=at
        )
    commands.move_in(
        person=person, dwelling=dwelling, place="" if dwelling else by.place, kind=given["kind"],
        since=given["since"], by=by, at=at,
    )  # fmt: skip


def _move_out(*, request, person, form, at):
    kind, _slash, place = form.cleaned_data["which"].partition("/")
    commands.move_out(
        person=person, kind=int(kind), place=place, on=form.cleaned_data["on"],
        by=request.actor, at=at,
    )  # fmt: skip


def _register(*, request, person, form, at):
    commands.register(person=person, by=request.actor, at=at, **form.cleaned_data)


def _die(*, request, person, form, at):
    commands.die(person=person, by=request.actor, at=at, **form.cleaned_data)


STEPS = {
    "move-in": Step(
        _("Enter a presence"), _("Entered."),
        _("Somebody who lives in another community is asked for by a transfer."),
        forms.MoveIn, _move_in, _estates,
    ),
    "move-out": Step(
        _("Moves out"), _("Moved out."),
        _("Who leaves home leaves the household, too. Nothing is deleted."),
        forms.MoveOut, _move_out, _presences, danger=True,
    ),
    "register": Step(
        _("Household register moved"), _("Entered."),
        _("If it is now in another community of this city, that one sees a stub from now on."),
        forms.Register, _register, _nothing,
    ),
    "die": Step(
        _("Enter the death"), _("Entered."),
        _("All presences and the membership of the household end on that day, in every community. "
          "If it turns out wrong, the secretary takes it back under “Transfers and conflicts”."),
        forms.Death, _die, _nothing, danger=True,
    ),
}  # fmt: skip


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    person, sight = found(request, pk)
    if code not in STEPS or (sight == rules.persons.STUB and code == "move-out"):
        raise Http404
    chosen, at = STEPS[code], timezone.now()
    form = chosen.form(
        request.POST if request.method == "POST" else None,
        initial={"since": localdate(at), "on": localdate(at)}, **chosen.extra(request, person),
    )  # fmt: skip
    if form.is_valid() and _run(request, chosen, person, form, at):
        still = queries.person(request.actor, pk)
        return redirect("registry:person", pk) if still else redirect("registry:residents")
    context = {"person": person, "step": chosen, "form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/step.html", context, status=status)


def _run(request, chosen, person, form, at):
    try:
        chosen.run(request=request, person=person, form=form, at=at)
    except Refused as refusal:
        forms.add_refusal(form, refusal)
        return False
    messages.success(request, str(chosen.done))
    return True
