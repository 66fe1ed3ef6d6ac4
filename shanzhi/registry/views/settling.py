"""Between communities: transfers asked for and answered, and two holders of one number."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused, paging
from shanzhi.people.decorators import desk
from shanzhi.people.limits import limit
from shanzhi.places import queries as divisions

from .. import commands, fence, queries, rules
from ..forms import persons as forms
from ..forms import settling
from ..models import Transfer
from ..presenting import settling as presenting
from .persons import KEEPERS, QUESTIONS_AN_HOUR, note


@desk(roles=KEEPERS)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    """Conflicts to settle, and the transfers of this community."""
    try:
        page = queries.conflicts.transfers(request.actor, request.GET.get("cursor", ""))
    except Refused:
        page = paging.Page([], "")
    open_ones = list(queries.conflicts.conflicts(request.actor)[:50])
    shown = [presenting.conflict(request.actor, each, _pair_url()) for each in open_ones]
    note(request, [pk for each in shown for pk in each.ids], ["person.name", "person.identity"])
    context = {
        "page": page, "conflicts": shown, "deaths": _deaths(request),
        "rows": presenting.transfer_rows(request.actor, page.rows),
    }  # fmt: skip
    return render(request, "registry/persons/settling.html", context)


def _deaths(request):
    """With their names, which the fence shows of nobody who is present nowhere."""
    rows = queries.deaths.of_the_year(request.actor, localdate(timezone.now()))
    if not rows:
        return []
    persons = [each.person_id for each in rows]
    note(request, persons, ["person.name", "person.died_on"])
    with fence.within(request.actor, persons=persons):
        return presenting.deaths(rows, queries.persons.names(persons))


def _pair_url():
    """Where two entries are compared and merged, if linking is there."""
    try:
        return reverse("registry:link_pair", args=[0, 0])
    except NoReverseMatch:
        return ""


@desk(roles=KEEPERS)
@require_POST
@fence.fenced
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    conflict = queries.conflicts.conflicts(request.actor).filter(pk=pk).first()
    form = settling.Settle(request.POST)
    if conflict is None:
        raise Http404
    if form.is_valid():
        run = partial(commands.settle_conflict, conflict=conflict, **form.cleaned_data)
        _perform(request, run, _("Settled."))
    return redirect("registry:settling")


def _perform(request, run, done) -> bool:
    try:
        run(by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


# --- transfers ------------------------------------------------------------------------------------


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def ask(request: HttpRequest) -> HttpResponse:
    """Somebody who lives here now, and in another community by the registry."""
    estates = divisions.estates(request.actor.place[:12])
    initial = {"since": localdate(timezone.now())}
    if "begin" in request.POST:  # typed on the page of a new person, and taken along
        typed = {name: request.POST.get(name, "") for name in settling.TransferForm.base_fields}
        form = settling.TransferForm(estates=estates, initial=initial | typed)
    else:
        data = request.POST if request.method == "POST" else None
        form = settling.TransferForm(data, estates=estates, initial=initial)
    if form.is_bound and form.is_valid() and (transfer := _ask(request, form)):
        return redirect("registry:transfer", transfer.pk)
    context = {"form": form, "days": rules.conflicts.transfer_days()}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/transfer_new.html", context, status=status)


def _ask(request, form):
    limit(request, "registry-elsewhere", per="account", amount=QUESTIONS_AN_HOUR)
    at, by, given = timezone.now(), request.actor, form.cleaned_data
    try:
        dwelling = commands.find_dwelling(
            address=form.address(by.place), source=queries.source("community"), by=by, at=at
        )
        transfer = commands.ask_transfer(
            identity=given["identity"], name=given["name"], dwelling=dwelling,
            since=given["since"], note=given["note"], by=by, at=at,
        )  # fmt: skip
    except Refused as refusal:
        forms.add_refusal(form, refusal)
        return None
    done = transfer.state == Transfer.State.DONE
    messages.success(request, _("Transferred.") if done else _("The other community was asked."))
    return transfer


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked; the old community confirms or objects, the new one may withdraw."""
    row = queries.conflicts.transfer(request.actor, pk)
    if row is None:
        raise Http404
    form = settling.Objection(request.POST if request.POST.get("answer") == "object" else None)
    if request.method == "POST" and _answer(request, row, form):
        return redirect("registry:transfer", pk)
    context = presenting.transfer(request.actor, row) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/transfer.html", context, status=status)


def _answer(request, row, form):
    answer = request.POST.get("answer", "")
    if answer == "object":
        if not form.is_valid():
            return False
        run = partial(commands.object_transfer, transfer=row, **form.cleaned_data)
        return _perform(request, run, _("The other community is told that you objected."))
    if answer not in ("confirm", "withdraw"):
        return False
    command = commands.confirm_transfer if answer == "confirm" else commands.withdraw_transfer
    done = _("Transferred.") if answer == "confirm" else _("Withdrawn.")
    return _perform(request, partial(command, transfer=row), done)
