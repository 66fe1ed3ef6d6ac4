"""Who asks communities for what they may not issue."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shanzhi.kernel import asked, places, sheets
from shanzhi.people.decorators import desk
from shanzhi.places import queries as divisions

from .. import presenting, queries
from ..rules import REPORT_READERS
from . import parts

DEEPEST = places.LEVELS["subdistrict"]  # a community is not named: what it refuses is its right


def _place(request):
    place = request.GET.get("place", "") or request.actor.place
    fits = places.is_code(place) and len(place) <= DEEPEST and request.actor.covers(place)
    if not (fits and divisions.exists(place)):
        raise Http404
    return place


def _period(request):
    """This year so far, where the address says nothing else."""
    today = localdate(timezone.now())
    since = asked.day(request.GET.get("since", ""), date(today.year, 1, 1))
    until = asked.day(request.GET.get("until", ""), today)
    return (since, until) if since <= until else (until, since)


@desk(roles=REPORT_READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    place, (since, until) = _place(request), _period(request)
    found = queries.report(place, since, until)
    below = [each for each in divisions.children(place) if len(each.code) <= DEEPEST]
    context = {
        "place": place, "since": since, "until": until, "report": found, "below": below,
        "line": [(code, divisions.name(code)) for code in places.above(place)
                 if request.actor.covers(code)],
        "units": [_bar(name, many, found) for name, many in found.units[:50]],
        "gaps": queries.gaps(place, since, until)[:50],
        "kinds": [(kind or str(presenting.UNLISTED), many) for kind, many in found.kinds],
    }  # fmt: skip
    return render(request, "certificates/report.html", context)


def _bar(name, many, found):
    """A unit with what it asked for, the most frequent first."""
    kinds = [(kind or str(presenting.UNLISTED), count)
             for (unit, kind), count in found.cells.items() if unit == name]  # fmt: skip
    return name, many, sorted(kinds, key=lambda each: (-each[1], each[0]))


@desk(roles=REPORT_READERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    place, (since, until) = _place(request), _period(request)
    found = queries.report(place, since, until)
    rows = sorted(found.cells.items(), key=lambda each: (-each[1], each[0]))
    lines = sheets.lines([("要求单位", "要求的证明", "告知单数"), *(
        (unit, kind or "目录外的证明", many) for (unit, kind), many in rows)])  # fmt: skip
    return parts.csv(lines, f"refusals-{place}-{since:%Y%m%d}-{until:%Y%m%d}")
