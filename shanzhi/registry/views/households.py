"""Household by household: the dwelling, the head, the members."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.kernel import Refused, asked
from shanzhi.people.decorators import desk
from shanzhi.people.limits import limit
from shanzhi.places import queries as divisions

from .. import commands, fence, queries
from ..commands import NewPresence
from ..forms import persons as forms
from ..models import Household, Presence
from ..presenting import entering
from ..presenting import persons as presenting
from .persons import KEEPERS, QUESTIONS_AN_HOUR, SERVICE

LIVING = Presence.Kind.LIVING


def _household(request, pk):
    household = queries.residents.household(request.actor, pk)
    if household is None:
        raise Http404
    return household


def _read(request, pk, at) -> queries.homes.Shown:
    household = queries.homes.shown(
        request.actor, pk, elements=presenting.IN_LIST, purpose=SERVICE, at=at
    )
    if household is None:
        raise Http404
    return household


def _shown(request, pk) -> dict[str, Any]:
    at = timezone.now()
    household, today = _read(request, pk, at), localdate(at)
    return {
        "household": household, "address": presenting.address(household.home),
        "members": presenting.members(household.now, today),
        "before": presenting.members(household.before, today), "head": household.head,
        "place": divisions.name(household.place), "since": presenting.on(household.valid_from),
        "ended": presenting.on(household.ended_on),
    }  # fmt: skip


@desk(roles=KEEPERS)
@require_safe
@fence.fenced
def household(request: HttpRequest, pk: int) -> HttpResponse:
    """Who lives here, who did, and what can be done."""
    return render(request, "registry/persons/household.html", _shown(request, pk))


@desk(roles=KEEPERS)
@require_safe
@fence.fenced
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The household as a sheet; masked as the screen is."""
    return render(request, "registry/persons/household_paper.html", _shown(request, pk))


# --- a new household ------------------------------------------------------------------------------


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def new(request: HttpRequest) -> HttpResponse:
    """The dwelling and the head on one page; then the members, one after the other."""
    data, today = request.POST if request.method == "POST" else None, localdate(timezone.now())
    known = _known(request)
    home = forms.DwellingForm(data, estates=divisions.estates(request.actor.place[:12]))
    kind = forms.KnownFounderForm if known else forms.FounderForm
    head = kind(data, initial={"since": today, "sex": "0"})
    if home.is_valid() and head.is_valid():
        made = _found(request, home, head, known)
        if made:
            messages.success(request, _("The household is entered. Now its members."))
            return redirect("registry:add_member", made.pk)
    context = {"home": home, "head": head, "known": known}
    status = 422 if home.errors or head.errors else 200
    return render(request, "registry/persons/new.html", context, status=status)


def _known(request):
    """?person= names somebody who is in the registry already."""
    text = request.GET.get("person", "")
    if not text:
        return None
    key = asked.key(text)
    person = queries.person(request.actor, key) if key else None
    if person is None:
        raise Http404
    return person


def _found(request, home, head, known) -> Household | None:
    at, by, given = timezone.now(), request.actor, head.cleaned_data
    if not known and not may_be_new(request, head):
        return None
    source = queries.source("community")
    try:
        with transaction.atomic():
            dwelling = commands.find_dwelling(
                address=home.address(by.place), holding=given.get("holding", ""), source=source,
                by=by, at=at,
            )  # fmt: skip
            person = _settled(request, head, known, dwelling, at)
            return commands.found_household(
                head=person, dwelling=dwelling, number=given["number"], since=given["since"],
                kind=given.get("kind") or Household.Kind.FAMILY, source=source, by=by, at=at,
            )  # fmt: skip
    except Refused as refusal:
        form = home if refusal.field in home.fields and refusal.field != "number" else head
        forms.add_refusal(form, refusal)
        return None


def _settled(request, form, known, dwelling, at):
    """The person living in the dwelling, new or moved in."""
    since, by = form.cleaned_data["since"], request.actor
    if known is None:
        return commands.add_person(
            values=form.values(), presences=[NewPresence(LIVING, by.place, dwelling, since)],
            source=queries.source("community"), by=by, at=at,
        )  # fmt: skip
    here = queries.presence.of(known.pk, LIVING)
    if not here or here[0].dwelling_id != (dwelling and dwelling.pk):
        commands.move_in(person=known, dwelling=dwelling, place=by.place, since=since, by=by, at=at)
    return known


def may_be_new(request: HttpRequest, form: forms.PersonForm) -> bool:
    """Not without a second look where the number is known already, here or elsewhere."""
    number = form.cleaned_data.get("identity", "")
    if not number or form.cleaned_data.get("nevertheless"):
        return True
    if queries.by_identity(request.actor, number):
        form.ask_nevertheless(_("Your community has an entry with this number already."))
        return False
    limit(request, "registry-elsewhere", per="account", amount=QUESTIONS_AN_HOUR)
    codes = commands.look_up(identity=number, by=request.actor, at=timezone.now())
    if codes:
        form.ask_nevertheless(
            _("This number is known in %(names)s: ask for a transfer.")
            % {"names": entering.known_in(codes)}
        )
    return not codes


# --- members --------------------------------------------------------------------------------------


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """One more; the button says whether another one follows."""
    household, known = _household(request, pk), _known(request)
    kind = forms.KnownMemberForm if known else forms.MemberForm
    form = kind(
        request.POST if request.method == "POST" else None,
        initial={"since": household.valid_from, "sex": "0"},
    )
    if form.is_valid() and _joined(request, household, form, known):
        messages.success(request, _("Entered."))
        more = "more" in request.POST
        return redirect("registry:add_member" if more else "registry:household", pk)
    context = _shown(request, pk) | {"form": form, "known": known}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/add_member.html", context, status=status)


def _joined(request, household, form, known):
    at, given = timezone.now(), form.cleaned_data
    if not known and not may_be_new(request, form):
        return False
    try:
        with transaction.atomic():
            person = _settled(request, form, known, household.dwelling, at)
            commands.set_household(
                person=person, household=household, relation=given["relation"],
                since=given["since"], by=request.actor, at=at,
            )  # fmt: skip
    except Refused as refusal:
        forms.add_refusal(form, refusal)
        return False
    return True
