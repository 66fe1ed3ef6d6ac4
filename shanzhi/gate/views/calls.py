"""Meetings and inspections: the week of a place, what a department announced, a new one."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.burden.views import parts
from shanzhi.kernel import asked
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried
from shanzhi.people.queries import departments
from shanzhi.places import queries as divisions

from .. import commands, presenting
from ..forms.others import CallForm
from ..models import Call
from ..queries import calls as queries
from ..rules import UNITS

FILTERS = ("kind", "department", "state", "q")


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The week of the post's place; ?week= is any day of it."""
    place, today = parts.place(request), localdate(timezone.now())
    first = queries.monday(asked.day(request.GET.get("week", ""), today))
    week = queries.week(place, first)
    clerk = request.actor.role in UNITS
    chosen = {name: asked.words(request.GET.get(name, "")) for name in FILTERS}
    page = queries.page(queries.announced(request.actor, chosen, today),
                        cursor=request.GET.get("cursor", ""))  # fmt: skip
    context = {
        "place": place, "name": divisions.name(place), "today": today, "week": week,
        "days": [(day, dateformat.format(day, "D"), [_line(each, today) for each in rows])
                 for day, rows in week.days],
        "before": first - timedelta(days=7), "after": first + timedelta(days=7),
        "page": page, "mine": [_line(each, today) for each in page.rows], "clerk": clerk,
        "listed": clerk or request.actor.role in queries.OVERSEERS, "chosen": chosen,
        "kinds": [("", _("All")), *Call.Kind.choices],
        "states": [("", _("All")), ("coming", _("Announced")), ("over", _("Over")),
                   ("cancelled", _("Cancelled"))],
        "departments": [("", _("All departments")), *departments().items()],
    }  # fmt: skip
    return render(request, "gate/calls.html", context)


@desk(roles=UNITS | queries.OVERSEERS)
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the filters leave of what was announced, as a file."""
    today = localdate(timezone.now())
    chosen = {name: asked.words(request.GET.get(name, "")) for name in FILTERS}
    rows = queries.announced(request.actor, chosen, today)
    lines = presenting.call_lines(rows.iterator(500), today)
    return parts.download(f"calls-{today:%Y%m%d}", kind, lines)


def _line(call, today):
    return {
        "state": presenting.call_state(call, today),
        "call": call, "unit": presenting.unit(call), "kind": call.get_kind_display(),
        "scope": "、".join(parts.scope_names(call.scope)),
    }  # fmt: skip


@desk(roles=UNITS)
@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    form = CallForm(request.POST or None, place=request.actor.place, initial={"heads": 1})
    if form.is_valid():
        values = dict(form.cleaned_data)
        demand = values.pop("demand")
        made = tried(form, lambda: commands.announce(
            values=values, demand=demand, by=request.actor, at=timezone.now()))  # fmt: skip
        if made:
            messages.success(request, _("Announced as %(number)s.") % {"number": made.number})
            return redirect(f"{reverse('gate:calls')}?week={made.on.isoformat()}")
    context = {"form": form}
    return render(request, "gate/call.html", context, status=422 if form.errors else 200)


@desk(roles=UNITS)
@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    call = get_object_or_404(Call, number=number)
    if (call.place, call.department_id) != (request.actor.place, request.actor.department):
        raise Http404
    reason = request.POST.get("reason", "")[:200]
    return done(request, _("Cancelled."), lambda: commands.cancel(
        call=call, reason=reason, by=request.actor, at=timezone.now()), "gate:calls")  # fmt: skip
