"""The gate: applications as a list, one of them, written and checked while it is typed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.burden import scoping
from shanzhi.burden.models import Category
from shanzhi.burden.queries import demand as demand_of
from shanzhi.burden.queries.following import open_changes
from shanzhi.burden.views import parts
from shanzhi.journal.labels import label
from shanzhi.kernel import asked
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried
from shanzhi.people.queries import departments

from .. import checks, commands, presenting, warming
from ..forms import applications as forms
from ..kinds import EDITABLE, OPEN
from ..models import Application
from ..queries import applications as queries
from ..queries import demands
from ..queries.checking import how_many, known, plan_of
from ..queries.hearing import hearing, opinion_of
from ..rules import OFFICE, UNITS
from ..rules.applications import COMMUNITY, renewable

FILTERS = ("state", "category", "department", "q")


def found(request: HttpRequest, number: str) -> Application:
    application = queries.application(number, request.actor)
    if application is None:
        raise Http404
    return application


def _chosen(request):
    return {name: asked.words(request.GET.get(name, "")) for name in FILTERS}


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    if request.actor.role in UNITS:
        warming.soon(request.actor.place)
    chosen = _chosen(request)
    page = queries.page(request.actor, chosen, cursor=request.GET.get("cursor", ""))
    context = {
        "chosen": chosen, "page": page, "rows": [presenting.row(each) for each in page.rows],
        "states": [("", _("All")), *Application.State.choices],
        "categories": [("", _("All")), *Category.choices],
        "departments": [("", _("All departments")), *departments().items()],
        "applies": request.actor.role in UNITS, "prolongs": request.actor.role in OFFICE,
        "emergencies": [(each, presenting.unit(each))
                        for each in demands.emergencies(request.actor)[:50]],
    }  # fmt: skip
    return render(request, "gate/index.html", context)


@desk
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the filters leave, as a file."""
    rows = queries.narrowed(request.actor, _chosen(request))
    name = f"applications-{localdate(timezone.now()):%Y%m%d}"
    return parts.download(name, kind, presenting.application_lines(rows.iterator(500)))


@desk
@require_safe
def application(request: HttpRequest, number: str) -> HttpResponse:
    """What the picture shows: findings, opinions, hours, the way it goes, and what may be done."""
    row, actor = found(request, number), request.actor
    plan, today = plan_of(row), localdate(timezone.now())
    taken = list(row.steps.order_by("pk"))
    said = _findings(row, plan, today, taken)
    office = actor.role in OFFICE and actor.covers(row.place)
    mine = actor.role in UNITS and (actor.place, actor.department) == (
        row.place, row.department_id)  # fmt: skip
    opinion = opinion_of(row, actor.place) if actor.role in COMMUNITY else None
    context = {
        "application": row, "unit": presenting.unit(row), "badge": presenting.badge(row),
        "findings": presenting.findings(said), "verdict": presenting.verdicts(said),
        "hours": presenting.hours(row), "merged": presenting.merged(row, said),
        "way": presenting.way(row, taken), "history": presenting.history(taken),
        "hearing": hearing(row), "votes": list(row.votes.order_by("position")),
        "office": office, "mine": mine, "open": row.state in OPEN,
        "editable": mine and row.state in EDITABLE,
        "withdrawable": mine and row.state in OPEN | EDITABLE, "opinion": opinion,
        "opinion_form": _opinion_form(opinion), "reason_form": forms.Reason(),
        "scope": parts.scope_names(row.scope),
        "waiting": scoping.rows(open_changes(label(row)), actor, today),
        "refusable": any(each.verdict == "stop" for each in said),
        "communities": _drawn(row) if office else [],
    }  # fmt: skip
    return render(request, "gate/application.html", context)


def _findings(row, plan, today, taken):
    """Of now while it is open; of the last step once it is decided."""
    if row.state in OPEN | EDITABLE:
        return checks.run(plan, known(plan, today))
    last = next((step for step in reversed(taken) if step.findings), None)
    return presenting.kept(last) if last else []


def _opinion_form(opinion):
    if opinion is None:
        return None
    initial = {"answer": opinion.answer, "text": opinion.text, "minutes": opinion.minutes}
    return forms.OpinionForm(initial=initial)


def _drawn(row):
    opinions = list(row.opinions.order_by("community"))
    return list(
        zip(parts.scope_names([each.community for each in opinions]), opinions, strict=True)
    )


# --- writing --------------------------------------------------------------------------------------


@desk(roles=UNITS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new application; ?renews=… begins with a demand that ends soon."""
    warming.soon(request.actor.place)
    renews = demand_of(request.actor.place, request.GET.get("renews", ""))
    mine = renews and renewable(renews, request.actor)
    initial = forms.renewal(renews) if mine else {"staff": 1}
    form = forms.ApplicationForm(request.POST or None, actor=request.actor, initial=initial)
    renewed = {"renews_id": renews.pk if mine else None}
    made = _wants_to_keep(request, form) and tried(
        form,
        lambda: commands.draft(values=form.values() | renewed, by=request.actor, at=timezone.now()),
    )
    if made:
        return _kept(request, form, made)
    return _editor(request, form, None)


@desk(roles=UNITS)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    if row.state not in EDITABLE:
        return redirect("gate:application", number)
    warming.soon(request.actor.place)
    form = forms.ApplicationForm(
        request.POST or None, actor=request.actor, initial=forms.initial(row)
    )
    made = _wants_to_keep(request, form) and tried(
        form,
        lambda: commands.keep(
            application=row, values=form.values(), edited=form.cleaned_data["edited"] or 0,
            by=request.actor, at=timezone.now(),
        ),
    )  # fmt: skip
    if made:
        return _kept(request, form, made)
    return _editor(request, form, row)


def _wants_to_keep(request, form):
    return "check" not in request.POST and form.is_valid()


def _kept(request, form, application):
    """Kept; and submitted where that was pressed and nothing speaks against it."""
    if "submit" in request.POST:
        sent = tried(form, lambda: commands.submit(
            application=application, by=request.actor, at=timezone.now()))  # fmt: skip
        if sent is None:
            form.data = form.data.dict() | {"edited": application.edited}
            return _editor(request, form, application)
        messages.success(request, _("Submitted under the number %(number)s.")
                         % {"number": application.number})  # fmt: skip
    else:
        messages.success(request, _("Kept."))
    return redirect("gate:application", application.number)


def _editor(request, form, row):
    context = {"form": form, "application": row} | _checked(request, form, row)
    status = 422 if form.is_bound and form.errors and "check" not in request.POST else 200
    return render(request, "gate/edit.html", context, status=status)


def _checked(request, form, row):
    """What the checks say of what is typed, gaps and mistakes and all."""
    if form.is_bound:
        form.is_valid()
        number = row.number if row else ""
        plan = form.plan(number, how_many(form.cleaned_data.get("scope") or ()))
    elif row:
        plan = plan_of(row)
    else:
        return {"findings": [], "verdict": None, "hours": 0, "merged": None, "plan": None}
    said = checks.run(plan, known(plan, localdate(timezone.now())))
    return {
        "findings": presenting.findings(said), "verdict": presenting.verdicts(said),
        "hours": presenting.hours(plan), "merged": presenting.merged(plan, said), "plan": plan,
    }  # fmt: skip


@desk(roles=UNITS)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """The part of the page that follows the typing."""
    form = forms.ApplicationForm(request.POST, actor=request.actor)
    row = queries.application(request.GET.get("number", ""), request.actor)
    return render(request, "gate/parts/checked.html", _checked(request, form, row))


@desk(roles=UNITS)
@require_POST
def submit(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    return pressed(request, number, _("Submitted."), lambda: commands.submit(
        application=row, by=request.actor, at=timezone.now()))  # fmt: skip


@desk(roles=UNITS)
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    return pressed(request, number, _("Withdrawn."), lambda: commands.withdraw(
        application=row, by=request.actor, at=timezone.now()))  # fmt: skip


def pressed(
    request: HttpRequest, number: str, sentence: str, run: Callable[[], Any]
) -> HttpResponse:
    """One press on the page of an application, and back to it."""
    return done(request, sentence, run, "gate:application", number)
