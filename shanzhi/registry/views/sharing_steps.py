"""The steps of an application: one page each, drawn from these tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as t
from django.views.decorators.http import require_http_methods

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk

from .. import commands, fence
from ..forms import sharing as forms
from ..kinds import Share
from ..models import GrantPart
from ..presenting import sharing as presenting
from ..queries import sharing
from ..readlog import title
from .sharing import GRANT_ROLES, found


@dataclass(frozen=True)
class Step:
    """`run` gets the grant or the part, by, at and what the form says."""

    title: str | Promise
    done: str | Promise
    run: Callable[..., Any]
    form: type = forms.Nothing
    hint: str | Promise = ""
    kind: str = "primary"  # look of the button
    icon: str = "arrow-right"
    extra: Callable[[GrantPart], dict[str, Any]] = field(default=lambda part: {})


def _gaps(*, gaps, **rest):
    return commands.tell_gaps(gaps=gaps.splitlines(), **rest)


def _of_agreement(part):
    rows = list(part.elements.order_by("pk"))
    full = [(each.element, title(each.element)) for each in rows if each.full]
    return {"full": full, "not_shared": any(each.share == Share.NOT_SHARED for each in rows)}


OF_GRANT = {
    "send": Step(
        t("Send to the owners"), t("Sent to the owners; their time limits run."),
        commands.ask_grant, icon="send",
        hint=t("Each owner answers within 10 working days, within 1 what is shared "
               "unconditionally."),
    ),
    "discard": Step(
        t("Discard"), t("Discarded."), commands.discard_grant, kind="danger", icon="trash",
        hint=t("The draft is lost for good."),
    ),
    "withdraw": Step(
        t("Withdraw"), t("Withdrawn."), commands.withdraw_grant, kind="danger", icon="x",
        hint=t("The owners need not decide any more. If it is needed later, ask anew."),
    ),
    "suspend": Step(
        t("Suspend"), t("Suspended: nothing can be read."), commands.suspend_grant, forms.Reason,
        hint=t("On misuse. From this moment nothing can be read by it."), kind="danger",
        icon="player-pause",
    ),
    "resume": Step(
        t("Resume"), t("Resumed."), commands.resume_grant, icon="player-play",
        hint=t("The unit can read again what was granted."),
    ),
    "end": Step(
        t("End the grant"), t("The grant has ended."), commands.end_grant, forms.Reason,
        kind="danger", icon="ban",
        hint=t("It cannot be opened again; the unit would have to ask anew."),
    ),
}  # fmt: skip
OF_PART = {
    "agree": Step(
        t("Agree to share"), t("Agreed."), commands.agree_grant, forms.Agree, extra=_of_agreement,
        icon="check",
    ),
    "gaps": Step(
        t("Say what is missing"), t("The unit was told what is missing."), _gaps, forms.Gaps,
        icon="file-description",
        hint=t("Your time limit stands still until the unit has completed it."),
    ),
    "refuse": Step(
        t("Refuse to share"), t("Refused; the unit reads the reason."), commands.refuse_grant,
        forms.Refuse, kind="danger", icon="x",
    ),
    "extend": Step(
        t("Take longer"), t("The time limit was lengthened."), commands.extend_grant, forms.Extend,
        icon="clock-plus",
    ),
    "provide": Step(
        t("Provide"), t("Provided: the unit can read it."), commands.provide_grant, icon="package",
        hint=t("From now on the unit reads what you agreed to."),
    ),
    "move": Step(
        t("Let it read the merged division"), t("Confirmed."), commands.move_grant,
        icon="map-pin",
        hint=t("The division was merged. From now on the unit reads everybody of the new one, as "
               "soon as all owners have confirmed; the unit and you are told."),
    ),
    "complete": Step(
        t("Complete the application"), t("Sent; the owner’s time limit runs on."),
        commands.complete_grant, forms.Answer, icon="file-check",
    ),
}  # fmt: skip


@desk(roles=GRANT_ROLES)
@require_http_methods(["GET", "POST"])
@fence.fenced
def of_grant(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """A step of the whole application."""
    grant = found(request, number)
    if code not in OF_GRANT:
        raise Http404
    form = OF_GRANT[code].form(request.POST if request.method == "POST" else None)
    if _performed(request, form, OF_GRANT[code], grant=grant):
        if code == "discard":
            return redirect("registry:grants")
        return redirect("registry:grant", number=number)
    return _page(request, grant, OF_GRANT[code], form)


@desk(roles=GRANT_ROLES)
@require_http_methods(["GET", "POST"])
@fence.fenced
def of_part(request: HttpRequest, number: str, owner: str, code: str) -> HttpResponse:
    """A step of what one owner decides."""
    grant = found(request, number)
    part = sharing.part(grant, owner)
    if part is None or code not in OF_PART:
        raise Http404
    step = OF_PART[code]
    form = step.form(request.POST if request.method == "POST" else None, **step.extra(part))
    if _performed(request, form, step, part=part):
        return redirect("registry:grant", number=number)
    return _page(request, grant, step, form, part)


def _performed(request, form, step, **what):
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            step.run(by=request.actor, at=timezone.now(), **what, **form.cleaned_data)
    except Refused as refusal:
        forms.check(form, refusal)
        return False
    messages.success(request, str(step.done))
    return True


def _page(request, grant, step, form, part=None):
    context = {
        "grant": grant, "whom": presenting.whom(grant), "consent": presenting.consent(grant),
        "step": step, "form": form, "part": part,
        "elements": [title(each.element) for each in part.elements.order_by("pk")] if part else [],
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "registry/sharing/step.html", context, status=status)
