"""Returns: three taps, the letter, the list of each side, and the report."""

from datetime import timedelta
from itertools import chain

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.burden.views import parts
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused, asked
from shanzhi.people.decorators import desk, refused
from shanzhi.people.pressing import tried
from shanzhi.people.queries import departments, unit_name

from .. import commands, presenting
from ..forms.others import ReturnForm
from ..queries import returns as queries
from ..rules import OFFICE, UNITS
from ..rules.applications import COMMUNITY

READERS = OFFICE | UNITS | COMMUNITY | {"city_leader"}
SPANS = {"30": t("30 days"), "90": t("90 days"), "366": t("One year")}


def _rows(request):
    days = request.GET.get("days", "90")
    days = days if days in SPANS else "90"
    chosen = {name: asked.words(request.GET.get(name, "")) for name in ("department", "q")}
    since = localdate(timezone.now()) - timedelta(days=int(days))
    rows = queries.narrowed(queries.readable(request.actor), chosen, since)
    return rows, chosen | {"days": days}


@desk(roles=READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    rows, chosen = _rows(request)
    counts = queries.by_department(rows)
    named = request.actor.role in queries.NAMED
    page = queries.page(rows, cursor=request.GET.get("cursor", ""))
    context = {
        "chosen": chosen, "spans": SPANS.items(), "total": sum(each[2] for each in counts),
        "counts": [(unit_name(place, code), many) for place, code, many in counts[:10]],
        "most": max((many for _place, _code, many in counts), default=1),
        "page": page, "rows": [_line(each, named) for each in page.rows], "named": named,
        "departments": [("", _("All departments")), *departments().items()],
        "returns": request.actor.role in COMMUNITY,
    }  # fmt: skip
    return render(request, "gate/returns.html", context)


def _line(row, named):
    community = parts.scope_names([row.community])[0] if named else ""
    return {"row": row, "unit": presenting.unit(row), "community": community,
            "way": row.get_way_display()}  # fmt: skip


@desk(roles=READERS)
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the page lists; a department's file names no community either."""
    rows, _chosen = _rows(request)
    named = request.actor.role in queries.NAMED | COMMUNITY
    head = [pgettext("return", "Number"), _("Day"), _("Unit that asked"), _("How it came"),
            _("What was asked"), _("Clause"), *([_("Community")] if named else [])]  # fmt: skip
    lines = ([each.number, each.returned_on.isoformat(), presenting.unit(each),
              each.get_way_display(), each.what, each.clause,
              *(parts.scope_names([each.community]) if named else [])]
             for each in rows.iterator(500))  # fmt: skip
    name = f"returns-{localdate(timezone.now()):%Y%m%d}"
    return parts.download(name, kind, chain([head], lines))


@desk(roles=COMMUNITY)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Who asked, how, and what: the clause is found, the letter written."""
    form = ReturnForm(request.POST or None, initial=_told(request))
    if form.is_valid():
        given = form.cleaned_data
        made = tried(form, lambda: commands.give_back(
            place=form.place(request.actor.place), department=given["department"],
            way=given["way"], what=given["what"], entry=queries.clause_for(given["what"]),
            by=request.actor, at=timezone.now()))  # fmt: skip
        if made:
            messages.success(request, _("Returned with the letter %(number)s.")
                             % {"number": made.number})  # fmt: skip
            return redirect("gate:letter", made.number)
    return render(request, "gate/return.html", {"form": form}, status=422 if form.errors else 200)


def _told(request):
    """What the page one comes from knows already: a plaque on the wall, and whose it is."""
    told = {name: asked.words(request.GET.get(name, ""), 300)
            for name in ("department", "level", "way", "what")}  # fmt: skip
    return {name: text for name, text in told.items() if text}


@desk(roles=COMMUNITY)
@require_POST
def ended(request: HttpRequest, number: str) -> HttpResponse:
    """One press on the desk: what has ended, or was refused, is still asked."""
    row = queries.ended(number, request.actor.place)
    if row is None:
        raise Http404
    try:
        made = commands.give_back(
            place=row.place, department=row.department_id, way=request.POST.get("way", ""),
            what=f"{row.title} {row.number}", entry=None, about=label(row), by=request.actor,
            at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        return refused(request, str(refusal), reverse("work:inbox"))
    messages.success(request, _("Returned with the letter %(number)s.") % {"number": made.number})
    return redirect("gate:letter", made.number)


@desk(roles=READERS)
@require_safe
def letter(request: HttpRequest, number: str) -> HttpResponse:
    """To print; the department reads it unsigned."""
    row = queries.readable(request.actor).filter(number=number).first()
    if row is None:
        raise Http404
    signed = request.actor.role not in UNITS
    context = {
        "row": row, "unit": presenting.unit(row), "way": row.get_way_display(),
        "day": dateformat.format(row.returned_on, pgettext("date format", "j M Y")),
        "community": unit_name(row.community) if signed else "",
    }  # fmt: skip
    return render(request, "gate/letter.html", context)
