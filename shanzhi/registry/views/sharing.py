"""Applications and grants on the desk: lists, the form, one grant with its owners' decisions."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk, refused

from .. import commands, fence, queries, readlog
from ..forms import sharing as forms
from ..models import Grant
from ..presenting import catalogue as elements
from ..presenting import sharing as presenting
from ..queries import sharing
from ..rules import sharing as rules

GRANT_ROLES = frozenset({"department_clerk"}) | sharing.WATCHERS


# --- lists ----------------------------------------------------------------------------------------


@desk(roles=GRANT_ROLES)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    """What the unit asked for; beside it, what others ask of it."""
    side, rows = _side(request)
    state = request.GET.get("state", "")
    page = queries.grant_page(rows, state=state, cursor=request.GET.get("cursor", ""))
    context = {
        "side": side,
        "sides": _sides(request.actor),
        "page": page,
        "rows": [presenting.line(each) for each in page.rows],
        "states": [("", _("All")), *Grant.State.choices],
        "state": state,
        "may_ask": rules.may_ask(request.actor),
    }
    return render(request, "registry/sharing/index.html", context)


def _sides(actor):
    owned = sharing.grants_to_owner(actor).exists()
    if actor.role in sharing.WATCHERS:
        return []
    return [("", _("Asked for by us")), *([("owner", _("Asked of us"))] if owned else [])]


def _side(request):
    if request.actor.role in sharing.WATCHERS:
        return "all", sharing.visible_grants(request.actor)
    if request.GET.get("side") == "owner":
        return "owner", sharing.grants_to_owner(request.actor)
    return "", sharing.grants_of_unit(request.actor)


# --- one grant ------------------------------------------------------------------------------------


def found(request: HttpRequest, number: str) -> Grant:
    grant = queries.grant(request.actor, number)
    if grant is None:
        raise Http404
    return grant


@desk(roles=GRANT_ROLES)
@require_safe
@fence.fenced
def grant(request: HttpRequest, number: str) -> HttpResponse:
    row, at = found(request, number), timezone.now()
    parts = presenting.parts(row, request.actor, at)
    owners = [each.row.owner_id for each in parts]
    asks = rules.asks(request.actor, row)
    context = {
        "grant": row,
        "line": presenting.line(row),
        "badge": presenting.badge(row, localdate(at)),
        "whom": presenting.whom(row),
        "became": presenting.became(row, localdate(at)),
        "consent": presenting.consent(row),
        "parts": parts,
        "steps": presenting.steps_of_grant(row, request.actor, owners),
        "events": presenting.timeline(row),
        "asks": asks,
        "readable": asks and row.state == Grant.State.GRANTED and not presenting.over(row, at),
        "watches": _watches(request.actor, owners) or asks,
        "prefix": "/api/v1/registry/grants",
    }
    return render(request, "registry/sharing/grant.html", context)


def _watches(actor, owners):
    return actor.role in sharing.WATCHERS or any(rules.owns(actor, each) for each in owners)


@desk(roles=GRANT_ROLES)
@require_safe
@fence.fenced
def log(request: HttpRequest, number: str) -> HttpResponse:
    """What was read by this grant: for its unit, its owners and those who watch."""
    row = found(request, number)
    page = readlog.of_grant(row.pk, request.GET.get("cursor", ""))
    context = {"grant": row, "page": page, "rows": presenting.reads(page.rows)}
    return render(request, "registry/sharing/log.html", context)


# --- the form -------------------------------------------------------------------------------------


@desk(roles={"department_clerk"})
@require_http_methods(["GET", "POST"])
@fence.fenced
def new(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _saved(request, None)
    today = localdate(timezone.now())
    initial = {
        "scope": forms.division_words(request.actor.place), "kind": 2, "method": "desk",
        "since": today, "until": today.replace(month=12, day=31),
    }  # fmt: skip
    form = forms.GrantForm(actor=request.actor, initial=initial)
    chosen = dict.fromkeys(request.GET.getlist("element"), False)
    return _form(request, form, chosen)


@desk(roles={"department_clerk"})
@require_http_methods(["GET", "POST"])
@fence.fenced
def edit(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    try:
        rules.check_asks(request.actor, row)
        rules.check_state(row, Grant.State.DRAFT)
    except Refused as refusal:
        return refused(request, str(refusal))
    if request.method == "POST":
        return _saved(request, row)
    form = forms.GrantForm(actor=request.actor, initial=forms.initial_of(row))
    return _form(request, form, sharing.elements_of(row), row)


def _saved(request, row):
    """As a draft; the other button sends it at once."""
    form = forms.GrantForm(request.POST, actor=request.actor)
    if form.is_valid():
        try:
            row = _save(request, row, form.wanted())
        except Refused as refusal:
            forms.check(form, refusal)
        else:
            return redirect("registry:grant", number=row.number)
    return _form(request, form, {code: code in form.full for code in form.chosen}, row, 422)


@transaction.atomic
def _save(request, row, wanted):
    values = {"wanted": wanted, "by": request.actor, "at": timezone.now()}
    if row is None:
        row = commands.draft_grant(**values)
    else:
        row = commands.redraft_grant(grant=row, **values)
    if request.POST.get("press") == "send":
        commands.ask_grant(grant=row, by=request.actor, at=values["at"])
        messages.success(request, _("Sent to the owners; their time limits run."))
    else:
        messages.success(request, _("Saved; nobody else sees it yet."))
    return row


def _form(request, form, chosen, row=None, status=200):
    context = {
        "form": form,
        "grant": row,
        "groups": forms.element_rows(chosen, elements.owner_name),
        "share_badge": elements.share_badge,
    }
    return render(request, "registry/sharing/edit.html", context, status=status)
