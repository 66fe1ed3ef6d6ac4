"""What happens to a household: another head, some leave, it ends. One page each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.db import transaction
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

from .. import commands, fence, queries
from ..forms import persons as forms
from ..models import Household, Person
from .persons import KEEPERS


@dataclass(frozen=True)
class Step:
    """`run` answers with the household to show next."""

    title: str | Promise
    hint: str | Promise
    form: Callable[..., django_forms.Form]
    run: Callable[..., Household]
    estates: bool = False
    danger: bool = False


def _member(members, pk) -> Person:
    return next(each.person for each in members if each.person_id == pk)


def _head(*, household, members, form, by, at):
    given = form.cleaned_data
    return commands.change_head(
        household=household, head=_member(members, given["head"]), relations=form.relations(),
        since=given["since"], by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def _split(*, household, members, form, by, at):
    given, source, dwelling = form.cleaned_data, queries.source("community"), None
    if form.has_dwelling():
        dwelling = commands.find_dwelling(
            address=form.address(by.place), source=source, by=by, at=at
        )
    made = commands.split(
        household=household, head=_member(members, given["head"]), relations=form.relations(),
        dwelling=dwelling, since=given["since"], source=source, by=by, at=at,
    )  # fmt: skip
    for pk in [given["head"], *form.relations()] if dwelling else []:
        commands.move_in(
            person=_member(members, pk), dwelling=dwelling, since=given["since"], by=by, at=at
        )
    return made


def _leave(*, household, members, form, by, at):
    given = form.cleaned_data
    return commands.leave_household(
        person=_member(members, given["who"]), on=given["on"], by=by, at=at
    )


def _end(*, household, members, form, by, at):
    return commands.end_household(household=household, on=form.cleaned_data["on"], by=by, at=at)


STEPS = {
    "head": Step(_("Another head"), _("Everybody else needs a relation to the new head."),
                 forms.NewHead, _head),
    "split": Step(_("Some leave"), _("They found a household of their own, here or elsewhere in "
                                     "the community."), forms.Split, _split, estates=True),
    "leave": Step(_("One leaves the household"),
                  _("The person still lives here, but belongs to no household."),
                  forms.Leave, _leave),
    "end": Step(_("End the household"),
                _("All memberships end; the persons stay where they are present. An ended "
                  "household is not opened again."), forms.End, _end, danger=True),
}  # fmt: skip


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def step(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    household = queries.residents.household(request.actor, pk)
    if household is None or household.ended_on or code not in STEPS:
        raise Http404
    chosen, at = STEPS[code], timezone.now()
    members = queries.residents.members(household).now
    extra = {"estates": divisions.estates(request.actor.place[:12])} if chosen.estates else {}
    form = chosen.form(
        request.POST if request.method == "POST" else None, members=members,
        initial={"since": localdate(at), "on": localdate(at)}, **extra,
    )  # fmt: skip
    if form.is_valid() and (shown := _run(request, chosen, household, members, form, at)):
        return redirect("registry:household", shown.pk)
    context = {"household": household, "step": chosen, "form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/household_step.html", context, status=status)


def _run(request, chosen, household, members, form, at) -> Any:
    try:
        shown = chosen.run(household=household, members=members, form=form, by=request.actor, at=at)
    except Refused as refusal:
        forms.add_refusal(form, refusal)
        return None
    messages.success(request, _("Done."))
    return shown
