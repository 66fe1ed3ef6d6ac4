"""Levels above a community see numbers, never persons."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shanzhi.kernel import places
from shanzhi.people.decorators import desk
from shanzhi.places import queries as divisions

from .. import fence
from ..presenting import numbers as presenting
from ..presenting import population
from ..queries.population import pyramid
from ..rules.numbers import ROLES


@desk(roles=ROLES)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    """Persons, households and presences of each division one level below."""
    place = request.GET.get("place", "") or request.actor.place
    if not places.holds(request.actor.place, place) or not divisions.exists(place):
        raise Http404
    today = localdate(timezone.now())
    rows = presenting.rows(place, divisions.children(place), today)
    context = {
        "place": divisions.name(place), "rows": rows, "total": presenting.total(rows),
        "path": presenting.path(request.actor.place, place), "place_code": place,
        "pyramid": population.drawing(pyramid(place, today), exact=False),
    }  # fmt: skip
    return render(request, "registry/persons/numbers.html", context)
