"""The community's queue of what residents ask for on the phone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.people.decorators import desk
from shanzhi.people.pressing import tried
from shanzhi.registry import fence

from .. import commands, presenting, progress, queries, rules
from ..forms import applying as forms
from ..forms.issuing import Request
from ..kinds import needs_word
from ..models import Application
from . import parts


@desk(roles=parts.WORKERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = forms.Narrow(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    rows = queries.applications.of_place(request.actor)
    page = queries.page(rows.filter(state=state) if state else rows, request.GET.get("cursor", ""))
    context = {
        "page": page, "rows": progress.desk_rows(page.rows, localdate(timezone.now())),
        "state": state, "states": [("", _("All")), *Application.State.choices],
    }  # fmt: skip
    return render(request, "certificates/applications.html", context)


def _found(request, pk) -> Application:
    row = queries.applications.of_place(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@desk(roles=parts.WORKERS)
@fence.fenced
@require_http_methods(["GET", "POST"])
def application(request: HttpRequest, pk: int) -> HttpResponse:
    """What was asked beside what the registry says; taken, it goes to the secretary."""
    row = _found(request, pk)
    return _shown(request, row, posted=request.POST or None)


def _shown(request, row, posted=None, **bound):
    today, take, lines, held = localdate(timezone.now()), None, [], None
    if "take" in rules.applying.NEXT[row.state] and not row.forgotten_on:
        take, lines, held = _take_form(request, row, posted)
    if take and take.is_valid():
        made = tried(take, lambda: commands.take(
            application=row, wish=take.wish(), by=request.actor, at=timezone.now()))  # fmt: skip
        if made:
            messages.success(request, _("The secretary has it on the desk for the seal."))
            return redirect("certificates:certificate", made.certificate_id)
    context = {
        "row": row, "take": take, "held": held, "badge": progress.badge(row, today),
        "lines": [each for each in presenting.stated(lines) if each.value],
        "missing": needs_word(lines), "units": queries.units(), "reason": progress.reason(row),
        "at": presenting.moment(row.asked_at), "steps": rules.applying.NEXT[row.state],
        "own": row.account == request.actor.account_id,
        "ask_form": bound.get("ask") or forms.Missing(),
        "decline_form": bound.get("decline") or forms.Decline(),
    }  # fmt: skip
    wrong = any(form.errors for form in (take, *bound.values()) if form)
    return render(request, "certificates/application.html", context, status=422 if wrong else 200)


def _take_form(request, row, posted):
    """The form of the counter, with what the resident sent; none where nobody can be looked at."""
    entry = queries.catalogue.here(row.entry, row.place)
    if entry is None:
        return None, [], None
    held = queries.facts.held(request.actor, row.person, entry.fields) if row.person else None
    if entry.of_person and held is None:
        return None, [], None
    if held:
        parts.note(request, [held.person], entry)
    lines = queries.facts.lines(entry, held, row.place)
    form = Request(posted, entry=entry, lines=lines, initial=forms.typed(row))
    return form, lines, held


@desk(roles=parts.WORKERS)
@fence.fenced
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    form, said = forms.Missing(request.POST), _("The resident is told what is missing.")
    return _answered(request, pk, "ask", form, commands.ask_missing, said)


@desk(roles=parts.WORKERS)
@fence.fenced
@require_POST
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    form, said = forms.Decline(request.POST), _("The resident is told the reason.")
    return _answered(request, pk, "decline", form, commands.decline, said)


def _answered(request, pk, name, form, command, said):
    row = _found(request, pk)
    if form.is_valid() and tried(form, lambda: command(
        application=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, said)
        return redirect("certificates:application", pk)
    return _shown(request, row, **{name: form})
