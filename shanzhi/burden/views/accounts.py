"""The burden account of a place, and comparisons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

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
    campaigns = parts.campaigns(request, place)
    campaign = campaigns.chosen or next(iter(campaigns.counted), None)
    account = queries.account(place, on, campaigns.counted)
    total = account.total()
    workers = campaign.workers if campaign else WORKERS
    context = {
        **_where(request, place, on),
        "campaign": campaign,
        "campaigns": campaigns,
        "bars": presenting.categories(account, campaigns.counted, _to_list(place, campaigns)),
        "total": total,
        "there": account.there,
        "before": presenting.week(account, total.minutes_before, workers),
        "now": presenting.week(account, total.minutes_now, workers),
        "workers": workers,
        "article": 100 * presenting.ARTICLE,
        "remarks": list(queries.remarks(campaigns.counted, place)[:10]),
        "before_merger": presenting.counted_before(campaigns.counted, place),
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
    campaigns = parts.campaigns(request, place)
    rows = _rows(kind, place, on, campaigns)
    if not campaigns.known and not any(each.hours_now for each in rows):
        rows = []  # nothing was counted, and nothing is asked
    context = {
        **_where(request, place, on),
        "campaigns": campaigns,
        "kind": kind,
        "kinds": KINDS,
        "rows": rows,
        "most": max((each.hours_before for each in rows), default=0) or 1,
    }
    return render(request, "burden/compare.html", context)


def _rows(kind, place, on, campaigns):
    to_list = _to_list(place, campaigns)
    base = f"{reverse('burden:account')}?{_kept(campaigns)}"
    if kind == "year":
        return presenting.by_year(place, campaigns.counted, on, f"{base}place={place}&")
    account = queries.account(place, on, campaigns.counted)
    if kind == "department":
        return presenting.by_department(account, to_list)
    if kind == "level":
        return presenting.by_level(account, to_list)
    if kind == "place":
        codes = [each.code for each in divisions.children(place) if len(each.code) <= 12]
        return presenting.by_place(account, codes, base)
    return presenting.categories(account, campaigns.counted, to_list)


def _to_list(place, campaigns):
    return f"{reverse('burden:demands')}?place={place}&{_kept(campaigns)}"


def _kept(campaigns):
    return f"campaign={campaigns.code}&" if campaigns.code else ""


def _where(request, place, on):
    return parts.whereabouts(request, place) | {"on": on}
