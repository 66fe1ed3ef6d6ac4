"""The population pyramid of a place, for the posts whose place holds it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as t
from django.views.decorators.http import require_safe

from shanzhi.people.decorators import desk
from shanzhi.places import queries as places

from .. import fence, queries
from ..models import Presence
from ..presenting import population as presenting
from ..rules import population as rules

KINDS = {
    "living": (Presence.Kind.LIVING, t("Resident population")),
    "registered": (Presence.Kind.REGISTERED, t("Registered population")),
}


def _asked(request):
    """Place, kind and figures of the query string; 404 for a place that is not one's own."""
    actor = request.actor
    place = request.GET.get("place", actor.place)
    kind = request.GET.get("kind", "living")
    if kind not in KINDS or not rules.may_see(actor, place) or not places.exists(place):
        raise Http404
    today = localdate(timezone.now())
    found = queries.pyramid(place, today, KINDS[kind][0])
    return place, kind, today, found, rules.is_exact(actor)


def _context(request):
    place, kind, today, found, exact = _asked(request)
    return {
        "place": place,
        "name": places.name(place),
        "kind": kind,
        "kinds": [(code, title) for code, (_kind, title) in KINDS.items()],
        "today": today,
        "unknown": found.unknown,
        "nobody": not found.total,
        "exact": exact,
        "figures": presenting.figures(found),
        "pyramid": presenting.drawing(found, exact),
    }


@desk(roles=rules.READERS)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    context = _context(request)
    own = request.actor.place
    place = context["place"]
    context["below"] = places.children(place) if len(place) < 12 else []
    above = [
        code for code in (place[:4], place[:6], place[:9], place[:12]) if len(code) >= len(own)
    ]
    context["line"] = [(code, places.name(code)) for code in dict.fromkeys(above)]
    return render(request, "registry/population/index.html", context)


@desk(roles=rules.READERS)
@require_safe
@fence.fenced
def paper(request: HttpRequest) -> HttpResponse:
    return render(request, "registry/population/paper.html", _context(request))


@desk(roles=rules.READERS)
@require_safe
@fence.fenced
def export(request: HttpRequest) -> HttpResponse:
    place, kind, today, found, exact = _asked(request)
    name = f"population-{place}-{kind}-{today:%Y%m%d}.csv"
    return HttpResponse(
        presenting.as_csv(found, exact),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
