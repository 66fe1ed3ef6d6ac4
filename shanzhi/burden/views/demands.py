"""Demands: the list, its file, one demand, and what is decided on it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.journal.labels import label
from shanzhi.kernel import asked
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import tried
from shanzhi.people.queries import departments
from shanzhi.places import queries as divisions

from .. import commands, files, presenting, queries, scoping
from ..forms.decisions import FORMS, Undo
from ..models import Category, Demand, Verb
from ..queries.following import changes_of
from ..rules import OFFICE
from ..rules.following import READERS
from . import parts

FILTERS = ("category", "state", "department", "level", "q", "open")


def _chosen(request, place):
    known = {name: asked.words(request.GET.get(name, "")) for name in FILTERS}
    if request.GET.get("campaign"):
        known["campaign"] = parts.campaigns(request, place).code
    return known


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    place = parts.place(request)
    chosen = _chosen(request, place)
    page = queries.page(place, chosen, cursor=request.GET.get("cursor", ""))
    context = {
        "place": place,
        "name": divisions.name(place),
        "chosen": chosen,
        "scopes": request.actor.role in READERS,
        "page": page,
        "rows": [presenting.row(each) for each in page.rows],
        "categories": [("", _("All")), *Category.choices],
        "states": [("", _("All")), *Demand.State.choices],
        "departments": [("", _("All departments")), *departments().items()],
        "levels": [("", _("All levels")), *presenting.LEVELS.items()],
    }
    return render(request, "burden/demands.html", context)


@desk
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the filters leave, as a file that can be loaded again."""
    place = parts.place(request)
    rows = queries.narrowed(queries.demands(place), _chosen(request, place))
    rows = rows.prefetch_related("fields").order_by("number")
    name = f"demands-{localdate(timezone.now()):%Y%m%d}.csv"
    return StreamingHttpResponse(
        files.written(rows.iterator(500)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def found(request: HttpRequest, number: str) -> Demand:
    demand = queries.demand(parts.reach(request.actor), number)
    if demand is None:
        raise Http404
    return demand


@desk
@require_safe
def demand(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    decisions = [presenting.decision(each) for each in queries.decisions(row)]
    may = request.actor.role in OFFICE and request.actor.covers(row.place)
    frozen = bool(row.campaign and row.campaign.frozen_at) or row.campaign is None
    context = {
        "demand": row,
        "line": presenting.row(row),
        "size": presenting.size(row.times, row.minutes, row.staff),
        "scope": presenting.scope(row),
        "fields": list(row.fields.order_by("position")),
        "scope_changes": scoping.rows(
            changes_of(label(row)), request.actor, localdate(timezone.now())
        ),
        "decisions": decisions,
        "last": next((each for each in decisions
                      if each["verb"] != Verb.UNDO and not each["undone"]), None),
        "merged": [presenting.row(each) for each in
                   row.merged.select_related("department").order_by("number")[:50]],
        "verbs": list(FORMS) if may and frozen and row.state == row.State.IN_FORCE else [],
        "says": presenting.VERBS,
        "may": may,
        "frozen": frozen,
    }  # fmt: skip
    return render(request, "burden/demand.html", context)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One of the five verbs, with what it asks for."""
    row = found(request, number)
    if verb not in FORMS:
        raise Http404
    at = timezone.now()
    first = {name: getattr(row, name) for name in ("times", "minutes", "staff", "limits")}
    form = FORMS[verb](request.POST or None, demand=row,
                       initial=first | {"decided_on": localdate(at)})  # fmt: skip
    if form.is_valid() and tried(
        form, lambda: commands.decide(demand=row, wish=form.wish(), by=request.actor, at=at)
    ):
        messages.success(request, _("Decided: %(verb)s.") % {"verb": Verb(verb).label})
        return redirect("burden:demand", number)
    context = {
        "demand": row, "line": presenting.row(row), "form": form, "title": Verb(verb).label,
        "says": presenting.VERBS[Verb(verb)],
        "heirs": queries.heirs(row) if verb == Verb.MERGE else [],
    }  # fmt: skip
    return render(request, "burden/decide.html", context, status=422 if form.errors else 200)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    row, decision = found(request, number), queries.decision(pk)
    if decision is None or decision.demand_id != row.pk:
        raise Http404
    at = timezone.now()
    form = Undo(request.POST or None, demand=row, initial={"decided_on": localdate(at)})
    if form.is_valid() and tried(
        form, lambda: commands.undo(decision=decision, wish=form.wish(), by=request.actor, at=at)
    ):
        messages.success(request, _("It is as it was before the decision."))
        return redirect("burden:demand", number)
    context = {
        "demand": row, "line": presenting.row(row), "form": form, "heirs": [],
        "title": _("Undo: %(verb)s") % {"verb": decision.get_verb_display()},
    }  # fmt: skip
    return render(request, "burden/decide.html", context, status=422 if form.errors else 200)
