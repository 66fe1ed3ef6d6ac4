"""The four clean-ups side by side, and the first of them: what the gate needs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shanzhi.people.decorators import desk
from shanzhi.places import queries as divisions

from .. import cleaning, queries
from ..rules import OFFICE
from ..rules.walls import COMMUNITY
from . import parts


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """How far each of the four is in a place, and what comes next."""
    place, today = parts.place(request), localdate(timezone.now())
    context = {
        **parts.whereabouts(request, place),
        "steps": cleaning.steps(place, today, tells=request.actor.role in COMMUNITY),
        "campaign": queries.campaign_of(place),
        "office": request.actor.role in OFFICE,
    }
    return render(request, "burden/four.html", context)


@desk
@require_safe
def gatekeeping(request: HttpRequest) -> HttpResponse:
    """What must be true so that nothing enters past the gate."""
    place, today = parts.place(request), localdate(timezone.now())
    rows = cleaning.conditions(place, today)
    context = {
        "place": place, "name": divisions.name(place), "rows": rows, "here_step": "gate",
        "done": sum(each["holds"] for each in rows), "office": request.actor.role in OFFICE,
    }  # fmt: skip
    return render(request, "burden/gatekeeping.html", context)
