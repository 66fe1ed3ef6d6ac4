"""How much of the week is meetings, inspections, ledgers? By place and quarter."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shanzhi.burden.views import parts
from shanzhi.kernel import places, sheets
from shanzhi.people.decorators import desk
from shanzhi.places import queries as divisions

from .. import presenting
from ..kinds import LEAST, Quarter
from ..queries import diary, results
from ..rules import OFFICE, READERS, SECRETARY

CHOICES = 8  # quarters to choose from
MOST = 8  # departments on the page; all are in the file


@desk(roles=READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    place, today = parts.place(request), localdate(timezone.now())
    quarter = _quarter(request, today)
    found = results.result(place, quarter, today)
    to_place = f"{reverse('effort:index')}?quarter={quarter}&place="
    context = {
        **_where(request, place, quarter, today),
        "result": found, "now": found.now, "core": presenting.core(found.now),
        "groups": presenting.groups(found.now),
        "departments": presenting.departments(found.now.records)[:MOST],
        "series": presenting.series(found.series, place),
        "below_rows": presenting.below(found, to_place),
        "units": {side: presenting.joined(each.unit) for side, each in
                  (("records", found.now.records), ("diary", found.now.diary))
                  if each and each.unit != (place,)},
        "article": 100 * presenting.ARTICLE, "few": presenting.FEW, "least": LEAST,
        "office": request.actor.role in OFFICE, "secretary": request.actor.role in SECRETARY,
    }  # fmt: skip
    return render(request, "effort/index.html", context)


@desk(roles=READERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    place, today = parts.place(request), localdate(timezone.now())
    quarter = _quarter(request, today)
    found = results.result(place, quarter, today)
    return StreamingHttpResponse(
        sheets.lines(presenting.lines(found)), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="week-{place}-{quarter}.csv"'},
    )  # fmt: skip


def _quarter(request, today) -> Quarter:
    """The one asked for; else the latest whose diary is shown, else the present one."""
    asked = Quarter.named(request.GET.get("quarter", "")[:6])
    if asked and asked <= Quarter.of(today):
        return asked
    return max(diary.quarters_kept(today), default=Quarter.of(today))


def _where(request, place, quarter, today):
    top = parts.reach(request.actor)
    line = [code for code in places.above(place) if places.holds(top, code)]
    names = divisions.names(line)
    quarters = [Quarter.of(today)]
    while len(quarters) < CHOICES:
        quarters.append(quarters[-1].before)
    return {
        "place": place, "name": names.get(place, place), "quarter": quarter,
        "line": [(code, names.get(code, code)) for code in line],
        "below": [each for each in divisions.children(place) if len(each.code) <= 12],
        "quarters": [(str(each), presenting.quarter(each)) for each in quarters],
        "title": presenting.quarter(quarter),
    }  # fmt: skip
