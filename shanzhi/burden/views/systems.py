"""Joining the systems: inventory and map, one system, what a community logs into, the notices."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried
from shanzhi.places import queries as divisions

from .. import cleaning, commands
from ..forms.cleanups import Logins, PlanForm
from ..models import SystemUse
from ..queries import systems as queries
from ..rules import OFFICE
from ..rules.walls import COMMUNITY
from . import parts


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The inventory, and the map of what goes into what."""
    place, today = parts.place(request), localdate(timezone.now())
    fates, logins = queries.fates(), queries.logins(place)
    rows = [cleaning.system_row(each, fates, logins, today) for each in queries.systems(place)]
    context = {
        **parts.whereabouts(request, place),
        "rows": rows, "map": cleaning.map_of(rows), "told": queries.told(place),
        "there": parts.communities_of(place),
        "done": sum(row["fate"]["code"] != "" for row in rows),
        "closed": sum(row["announced"] for row in rows),
        "tells": request.actor.role in COMMUNITY,
    }  # fmt: skip
    return render(request, "burden/systems.html", context)


def _found(request, number):
    row = queries.system(parts.reach(request.actor), number)
    if row is None:
        raise Http404
    return row


@desk
@require_http_methods(["GET", "POST"])
def system(request: HttpRequest, number: str) -> HttpResponse:
    """One system: who logs in, what becomes of it, when it closes."""
    row, today = _found(request, number), localdate(timezone.now())
    may = request.actor.role in OFFICE and request.actor.covers(row.place)
    form = PlanForm(request.POST or None, initial=_initial(row)) if may else None
    if form and form.is_valid() and tried(form, lambda: commands.plan_system(
        demand=row, course=form.course(), by=request.actor, at=timezone.now())):  # fmt: skip
        messages.success(request, _("Kept."))
        return redirect("burden:system", number)
    where = parts.home(request.actor)
    often, login = dict(SystemUse.Often.choices), dict(SystemUse.Login.choices)
    context = {
        "demand": row, "plan": cleaning.plan_of(row), "form": form, "may": may,
        "line": cleaning.system_row(row, queries.fates(), queries.logins(where), today),
        "into": queries.leading_to(row), "today": today,
        "ways": [(often[one], login[other], many, people)
                 for one, other, many, people in queries.ways(where, row)],
    }  # fmt: skip
    status = 422 if form and form.errors else 200
    return render(request, "burden/system.html", context, status=status)


def _initial(row):
    plan = cleaning.plan_of(row)
    if plan is None:
        heir = row.heir.number if row.heir else ""
        return {"url": row.url, "heir": heir, "fate": "merge" if heir else ""}
    known = {name: getattr(plan, name) for name in
             ("fate", "url", "closes_on", "data_to", "contact", "reason")}  # fmt: skip
    return known | {"heir": plan.heir.number if plan.heir else ""}


@desk(roles=OFFICE)
@require_POST
def announce(request: HttpRequest, number: str) -> HttpResponse:
    plan = cleaning.plan_of(_found(request, number))
    if plan is None:
        raise Http404
    return done(
        request,
        _("Announced: everybody can read it."),
        lambda: commands.announce_closing(plan=plan, by=request.actor, at=timezone.now()),
        "burden:system",
        number,
    )


@desk(roles=COMMUNITY)
@require_http_methods(["GET", "POST"])
def logins(request: HttpRequest) -> HttpResponse:
    """One page on which a community says what it really logs into."""
    place, at = parts.home(request.actor), timezone.now()
    asked = list(queries.asked_of(place, localdate(at)))
    known = queries.uses(place)
    form = Logins(request.POST or None, systems=asked, initial=_said(asked, known))
    if form.is_valid() and tried(form, lambda: commands.tell_systems(
        community=place, uses=form.uses(), by=request.actor, at=at) is not None):  # fmt: skip
        messages.success(request, _("Thank you. It can be said again whenever it changes."))
        return redirect("burden:systems")
    context = {
        "form": form, "place": place, "name": divisions.name(place),
        "told_on": max((each.told_on for each in known.values()), default=None),
    }  # fmt: skip
    return render(request, "burden/logins.html", context, status=422 if form.errors else 200)


def _said(systems, known):
    return {
        f"{part}-{each.number}": getattr(known[each.pk], part)
        for each in systems
        if each.pk in known
        for part in ("people", "often", "login")
    }


# --- notices, for everybody -----------------------------------------------------------------------


@require_safe
def closings(request: HttpRequest) -> HttpResponse:
    """What closes and what has closed; without sign-in."""
    today = localdate(timezone.now())
    rows = [cleaning.notice(each, today) for each in queries.closings()]
    context = {"coming": [each for each in rows if not each["closed"]][::-1],
               "past": [each for each in rows if each["closed"]]}  # fmt: skip
    return render(request, "burden/closings.html", context)


@require_safe
def closing(request: HttpRequest, number: str) -> HttpResponse:
    """The notice of one closing, to read and to print; without sign-in."""
    plan = queries.closing(number)
    if plan is None:
        raise Http404
    context = cleaning.notice(plan, localdate(timezone.now()))
    return render(request, "burden/closing.html", context)


@desk(roles=OFFICE)
@require_safe
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """The same notice before it is announced."""
    plan = cleaning.plan_of(_found(request, number))
    if plan is None or plan.closes_on is None:
        raise Http404
    context = cleaning.notice(plan, localdate(timezone.now())) | {"draft": not plan.announced_on}
    return render(request, "burden/closing.html", context)
