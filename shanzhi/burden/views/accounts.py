"""The burden account of a place, and comparisons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shanzhi.kernel import places
from shanzhi.people.decorators import desk
from shanzhi.places import queries as divisions

from .. import presenting, queries
from ..kinds import WORKERS
from ..rules import OFFICE
from . import parts

KINDS = {
    "category": _("By category"), "department": _("By department"), "level": _("By level"),
    "place": _("By place"), "year": _("By year"),
}  # fmt: skip


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Eight categories before and after, hours, and the share of the week."""
    place, on = parts.place(request), parts.day(request)
    campaign = queries.campaign_of(place)
    account = queries.account(place, on)
    total = account.total()
    workers = campaign.workers if campaign else WORKERS
    context = {
        **_where(request, place, on),
        "campaign": campaign,
        "bars": presenting.categories(account, campaign, _to_list(place)),
        "total": total,
        "there": account.there,
        "before": presenting.week(account, total.minutes_before, workers),
        "now": presenting.week(account, total.minutes_now, workers),
        "workers": workers,
        "article": 100 * presenting.ARTICLE,
        "remarks": list(queries.remarks(campaign, place)[:10]) if campaign else [],
        "office": request.actor.role in OFFICE,
    }
    return render(request, "burden/index.html", context)


@desk
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The same numbers, one way or another."""
    place, on = parts.place(request), parts.day(request)
    kind = request.GET.get("by", "")
    kind = kind if kind in KINDS else "category"
    rows = _rows(kind, place, on)
    context = {
        **_where(request, place, on),
        "kind": kind,
        "kinds": KINDS,
        "rows": rows,
        "most": max((each.hours_before for each in rows), default=0) or 1,
    }
    return render(request, "burden/compare.html", context)


def _rows(kind, place, on):
    to_list, base = _to_list(place), f"{reverse('burden:account')}?"
    if kind == "year":
        campaign = queries.campaign_of(place)
        return presenting.by_year(place, campaign, on, f"{base}place={place}&")
    account = queries.account(place, on)
    if kind == "department":
        return presenting.by_department(account, to_list)
    if kind == "level":
        return presenting.by_level(account, to_list)
    if kind == "place":
        codes = [each.code for each in divisions.children(place) if len(each.code) <= 12]
        return presenting.by_place(account, codes, base)
    return presenting.categories(account, queries.campaign_of(place), to_list)


def _to_list(place):
    return f"{reverse('burden:demands')}?place={place}&"


def _where(request, place, on):
    top = parts.home(request.actor)
    line = [code for code in places.above(place) if len(code) >= min(len(top), 4)]
    names = divisions.names(line)
    below = [each for each in divisions.children(place) if len(each.code) <= 12]
    return {
        "place": place,
        "on": on,
        "name": names.get(place, place),
        "line": [(code, names.get(code, code)) for code in line],
        "below": below,
    }
