"""The notice everybody can read, and the desk's registers of the privacy law."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk
from shanzhi.people.queries import unit_name
from shanzhi.work.queries import open_clocks

from .. import commands, fence, queries, readlog
from ..forms import rights as forms
from ..models import Incident, PrivacyNotice, Purpose
from ..rules import privacy as rules


@require_safe
def notice(request: HttpRequest, version: int | None = None) -> HttpResponse:
    """What residents are told, before they sign in as well; older versions stay readable."""
    if version is None:
        found = queries.notice_in_force(localdate(timezone.now()))
    else:
        found = get_object_or_404(PrivacyNotice, version=version)
    context = {"notice": found, "versions": queries.privacy_notices()}
    return render(request, "registry/privacy/notice.html", context)


@desk(roles=rules.KEEPERS)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    """All registers on one page."""
    actor = request.actor
    context = {
        "notices": queries.privacy_notices(),
        "purposes": queries.purposes(),
        "title": readlog.title,
        "assessments": list(queries.assessments(actor)[:50]),
        "incidents": list(queries.incidents(actor)[:50]) if _answers(actor) else [],
        "answers": _answers(actor),
        "today": localdate(timezone.now()),
    }
    return render(request, "registry/privacy/index.html", context)


def _answers(actor):
    return actor.role in rules.ANSWERS_FOR_ALL


def _entered(
    request: HttpRequest, form: Any, command: Callable[..., Any], title: str, done: str
) -> HttpResponse:
    """A form of one register: kept, or shown again with what is wrong."""
    if form.is_valid():
        try:
            command(by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("registry:privacy_desk")
    context = {"form": form, "heading": title}
    status = 422 if form.errors else 200
    return render(request, "registry/privacy/form.html", context, status=status)


@desk(roles=rules.ANSWERS_FOR_ALL)
@require_http_methods(["GET", "POST"])
def new_notice(request: HttpRequest) -> HttpResponse:
    last = next(iter(queries.privacy_notices()), None)
    initial = {
        "title": last.title if last else _("How we handle personal information"),
        "text": last.text if last else "",
        "in_force_from": localdate(timezone.now()),
    }
    form = forms.Notice(request.POST or None, initial=initial)
    return _entered(request, form, commands.publish_notice, _("New version of the notice"),
                    _("Published."))  # fmt: skip


@desk(roles=rules.KEEPERS)
@require_http_methods(["GET", "POST"])
def purpose(request: HttpRequest, code: str = "") -> HttpResponse:
    initial = {}
    if code:
        found = get_object_or_404(Purpose, pk=code)
        initial = {
            "code": found.pk, "title": found.title, "text": found.text, "open": found.open,
            "elements": "\n".join(found.elements),
        }  # fmt: skip
    form = forms.PurposeForm(request.POST or None, initial=initial)
    return _entered(request, form, commands.set_purpose, _("Purpose that rests on consent"),
                    _("Kept."))  # fmt: skip


@desk(roles=rules.KEEPERS)
@require_http_methods(["GET", "POST"])
def new_assessment(request: HttpRequest) -> HttpResponse:
    form = forms.AssessmentForm(
        request.POST or None, initial={"made_on": localdate(timezone.now())}
    )
    return _entered(request, form, commands.keep_assessment, _("Impact assessment"), _("Kept."))


@desk(roles=rules.KEEPERS)
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.assessments(request.actor), pk=pk)
    context = {"row": found, "unit": unit_name(found.place, found.department)}
    return render(request, "registry/privacy/assessment.html", context)


@desk(roles=rules.ANSWERS_FOR_ALL)
@require_http_methods(["GET", "POST"])
def new_incident(request: HttpRequest) -> HttpResponse:
    form = forms.IncidentForm(request.POST or None)
    return _entered(request, form, commands.open_incident, _("Report an incident"),
                    _("Entered; its clock runs."))  # fmt: skip


@desk(roles=rules.ANSWERS_FOR_ALL)
@require_http_methods(["GET", "POST"])
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    """What happened so far, and the next step."""
    found = queries.incidents(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    following = rules.NEXT.get(Incident.State(found.state))
    form = forms.Words(request.POST or None)
    if form.is_valid():
        try:
            commands.step_incident(
                incident=found, state=request.POST.get("state", ""), by=request.actor,
                at=timezone.now(), **form.cleaned_data,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("registry:incident", pk=pk)
    context = {
        "row": found, "steps": list(found.steps.order_by("at", "pk")), "form": form,
        "following": following, "clocks": open_clocks(f"registry.Incident:{found.pk}"),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/privacy/incident.html", context, status=status)
