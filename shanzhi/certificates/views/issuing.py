"""A certificate: whom it is for, what the registry says, the seal, the paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import papers
from shanzhi.people.decorators import desk
from shanzhi.people.limits import limit
from shanzhi.people.pressing import tried
from shanzhi.registry import fence

from .. import commands, presenting, queries, rules, seals
from ..forms import issuing as forms
from ..kinds import needs_word
from ..models import Certificate
from . import parts

State = Certificate.State


@desk(roles=parts.WORKERS)
@fence.fenced
@require_http_methods(["GET", "POST"])
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """For whom: a resident of the own community. Numbers are sent, not put into an address."""
    row = parts.entry(request, pk)
    if not row.allowed:
        raise Http404
    if not row.of_person:
        return redirect("certificates:request", pk)
    form, people = forms.Find(request.POST or None), None
    if form.is_valid():
        limit(request, "registry-search", per="account", amount=parts.SEARCHES_AN_HOUR)
        people = queries.facts.find(request.actor, form.cleaned_data["q"])
        parts.note(request, [each.id for each in people], row)
    context = {"row": row, "form": form, "people": people}
    return render(request, "certificates/find.html", context)


@desk(roles=parts.WORKERS)
@fence.fenced
@require_http_methods(["GET", "POST"])
def request_one(request: HttpRequest, pk: int, person: int | None = None) -> HttpResponse:
    """What it will state, line by line beside the registry; then unit, purpose, copies, days."""
    row = parts.entry(request, pk)
    held = queries.facts.held(request.actor, person, row.fields) if row.of_person else None
    if not row.allowed or (held is None) == row.of_person:
        raise Http404
    lines = queries.facts.lines(row, held, request.actor.place)
    form = forms.Request(request.POST or None, entry=row, lines=lines)
    made = form.is_valid() and tried(form, lambda: commands.request(
        entry=row, person_id=person, wish=form.wish(), by=request.actor,
        at=timezone.now()))  # fmt: skip
    if made:
        messages.success(request, _("The secretary has it on the desk for the seal."))
        return redirect("certificates:certificate", made.pk)
    if held:
        parts.note(request, [held.person], row)
    context = {
        "row": row, "held": held, "form": form, "units": queries.units(),
        "lines": [each for each in presenting.stated(lines) if each.value],
        "missing": needs_word(lines),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "certificates/request.html", context, status=status)


@desk(roles=parts.WORKERS)
@fence.fenced
@require_safe
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """A line of the register with everything on it, and the next step."""
    return _shown(request, parts.certificate(request, pk))


def _shown(request, row, **bound):
    lines, refusal = commands.issuing.stated(row), ""
    if row.state == State.REQUESTED:
        lines, refusal = _looked_at_again(request, row, lines)
    needed = bool(needs_word(lines))
    today, application = localdate(timezone.now()), queries.applications.of(row)
    own = {row.asked_by, application and application.account}
    context = {
        "row": row, "application": application, "lines": presenting.stated(lines),
        "badge": presenting.badge(row, today),
        "line": presenting.rows([row], today)[0], "timeline": presenting.timeline(row),
        "refusal": refusal, "steps": rules.NEXT[row.state], "pdf": papers.can_make_pdf(),
        "secretary": request.actor.role in rules.SECRETARY,
        "own": request.actor.account_id in own, "electronic": seals.is_electronic(),
        "seal_form": bound.get("seal") or forms.Seal(needed=needed), "needed": needed,
        "hand_out_form": bound.get("hand_out") or forms.HandOut(),
        "reason_form": bound.get("reason") or forms.Reason(),
    }  # fmt: skip
    wrong = any(form.errors for form in bound.values())
    return render(request, "certificates/certificate.html", context, status=422 if wrong else 200)


def _looked_at_again(request, row, lines):
    """What the registry says today: the secretary seals what is true now."""
    held = queries.facts.held(request.actor, row.person, row.entry.fields)
    if held:
        parts.note(request, [held.person], row.entry)
    lines = queries.facts.again(lines, held, row.place)
    return lines, rules.refusal_of(row, held, lines)


@desk(roles=parts.WORKERS)
@fence.fenced
@require_POST
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    row = parts.certificate(request, pk)
    form = forms.Seal(request.POST, needed="vouched" in request.POST)
    if form.is_valid() and tried(form, lambda: commands.seal(
        certificate=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Sealed and numbered; print it and press the paper seal."))
        return redirect("certificates:certificate", pk)
    return _shown(request, parts.certificate(request, pk), seal=form)


@desk(roles=parts.WORKERS)
@fence.fenced
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Refused before the seal, revoked after it."""
    row, form = parts.certificate(request, pk), forms.Reason(request.POST)
    step = commands.refuse_request if row.state == State.REQUESTED else commands.revoke
    if form.is_valid() and tried(form, lambda: step(
        certificate=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Done; the register says so, and so does the public page."))
        return redirect("certificates:certificate", pk)
    return _shown(request, parts.certificate(request, pk), reason=form)


@desk(roles=parts.WORKERS)
@fence.fenced
@require_POST
def hand_out(request: HttpRequest, pk: int) -> HttpResponse:
    row, form = parts.certificate(request, pk), forms.HandOut(request.POST)
    if form.is_valid() and tried(form, lambda: commands.hand_out(
        certificate=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Handed out."))
        return redirect("certificates:certificate", pk)
    return _shown(request, parts.certificate(request, pk), hand_out=form)


@desk(roles=parts.WORKERS)
@never_cache
@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet. One with an electronic seal is made once and kept."""
    row = parts.certificate(request, pk)
    rules.check_paper(row, request.actor)
    content = parts.sheet(request, row, request.actor)
    if row.person:
        parts.note(request, [row.person], row.entry)
    return parts.pdf(content, f"{row.number}.pdf")
