"""What everybody may see: the catalogue, the written commitments, and a certificate's page."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shanzhi.kernel import asked
from shanzhi.people.limits import limit

from .. import presenting, queries, rules
from ..models import Edition

CHECKS, TEN_MINUTES = 60, 600  # a counter with many papers has one address


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which certificates nobody needs to ask a community for, and who has them."""
    text = asked.words(request.GET.get("q", ""))
    home = request.user.home if request.user.is_authenticated else ""
    edition = queries.catalogue.edition(home or settings.SHANZHI_CITY)
    rows = list(queries.catalogue.entries(edition)) if edition else []
    if text and edition:
        rows = queries.catalogue.search(edition, text)
    context = {
        "q": text,
        "refused": [_row(each) for each in rows if not each.allowed],
        "issued": [_row(each) for each in rows if each.allowed],
    }
    return render(request, "certificates/public.html", context)


def _row(entry):
    return entry, presenting.way_out(entry), presenting.states(entry)


@require_safe
def commitment(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of the written commitment, to print and fill in by hand."""
    row = queries.catalogue.entry(pk)
    if row is None or not row.commitment or row.edition.state == Edition.State.DRAFT:
        raise Http404
    unit = asked.words(request.GET.get("unit", ""), 80)
    with override("zh-hans"):
        return render(request, "certificates/commitment.html", {"row": row, "unit": unit})


@never_cache
@require_safe
def check(request: HttpRequest, token: str) -> HttpResponse:
    """Where the code on the paper leads: number, unit, day, validity and a masked name."""
    limit(request, "certificate", per="ip", amount=CHECKS, seconds=TEN_MINUTES)
    shown = queries.shown(token)
    context = {"shown": shown}
    if shown:
        expired = rules.has_expired(shown.until, localdate(timezone.now()))
        state = "revoked" if shown.revoked else "expired" if expired else "valid"
        context |= {"state": state, "unit": presenting.unit_name(shown.place)}
    response = render(request, "certificates/check.html", context, status=200 if shown else 404)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
