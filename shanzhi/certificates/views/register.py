"""The seal register: who, when, for what, how many; to search, to print, as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from shanzhi.people.decorators import desk

from .. import presenting, queries
from ..forms import issuing as forms
from ..models import Certificate
from . import parts

MOST = 2000  # lines of a print


@desk(roles=parts.WORKERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    wanted = forms.Narrow(request.GET).wanted()
    today, found = localdate(timezone.now()), _narrowed(request, wanted)
    context = {"wanted": wanted, "states": Certificate.State.choices, "today": today}
    if "print" in request.GET:
        rows = list(found.order_by("pk")[:MOST])
        context |= {
            "rows": presenting.rows(rows, today),
            "unit": presenting.unit_name(request.actor.place),
        }
        return render(request, "certificates/register_paper.html", context)
    page = queries.page(found, request.GET.get("cursor", ""))
    context |= {"page": page, "rows": presenting.rows(page.rows, today)}
    return render(request, "certificates/register.html", context)


def _narrowed(request, wanted):
    return queries.narrowed(queries.certificates(request.actor), wanted)


@desk(roles=parts.WORKERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    today = localdate(timezone.now())
    rows = list(_narrowed(request, forms.Narrow(request.GET).wanted()).order_by("pk")[:20_000])
    shown = [line | {"reason": row.reason} for line, row in
             zip(presenting.rows(rows, today), rows, strict=True)]  # fmt: skip
    return parts.csv(presenting.csv(shown), f"seal-register-{today:%Y%m%d}")
