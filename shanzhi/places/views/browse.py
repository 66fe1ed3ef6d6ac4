"""The tree of divisions, for everyone at the desk; and the chooser for residents."""

from itertools import chain

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shanzhi.kernel import asked, places, sheets
from shanzhi.kernel.access import desk

from .. import queries, rules
from . import parts

EVERY_LEVEL = tuple(places.LEVELS)
MOST_TEXT = 30


@desk
@require_safe
def index(request):
    """Begins where one's post is; with ?q= a search through the city."""
    text = asked.words(request.GET.get("q", ""), MOST_TEXT)
    if not text:
        return redirect("places:division", code=request.actor.place or settings.SHANZHI_CITY)
    found = queries.search(text, within=settings.SHANZHI_CITY, limit=50, levels=EVERY_LEVEL)
    return render(request, "places/search.html", {"q": text, "found": found})


@desk
@require_safe
def division(request, code):
    found = queries.latest(code)
    if found is None:
        raise Http404
    now = found.valid_to is None
    context = {
        "division": found,
        "line": parts.line(code),
        "counts": parts.counts(code),
        "history": parts.history(code),
        "successors": parts.named(queries.successors(code, localdate(timezone.now()))),
        "may_change": now and rules.may_change_divisions(request.actor, code),
        "may_draw": now and rules.may_draw(request.actor, code),
    }
    return render(request, "places/division.html", context | parts.below(found))


@desk
@require_safe
def export(request, code):
    """The present divisions from here down, in the layout that `load_divisions` reads."""
    above = [queries.current(each) for each in places.above(code)[:-1] if queries.exists(each)]
    rows = [*above, *queries.inside(code)]
    if not rows:
        raise Http404
    cells = ([each.code, each.name, each.level, each.parent] for each in rows)
    return StreamingHttpResponse(
        sheets.lines(chain([["code", "name", "level", "parent"]], cells), mark=False),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="divisions-{code}.csv"'},
    )


@require_safe
def choose(request) -> HttpResponse:
    """Communities and estates whose name has `q` in it, as buttons of the form around them."""
    text = asked.words(request.GET.get("q", ""), MOST_TEXT)
    found = queries.search(text, within=settings.SHANZHI_CITY, limit=20)
    return render(request, "places/choose.html", {"q": text, "found": found})
