"""What the pages of certificates have in common."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse

from shanzhi.kernel import places

from .. import queries
from ..models import Certificate, Edition, Entry
from ..rules import OFFICE

WORKERS = queries.WORKERS
SEARCHES_AN_HOUR = 600


def visible_edition(request: HttpRequest, edition: Edition) -> Edition:
    """Of one's own place and of those above; drafts only for the office that may publish them."""
    if edition.place not in places.above(request.actor.place):
        raise Http404
    if edition.state == Edition.State.DRAFT and request.actor.role not in OFFICE:
        raise Http404
    return edition


def entry(request: HttpRequest, pk: int) -> Entry:
    found = queries.catalogue.entry(pk)
    if found is None:
        raise Http404
    visible_edition(request, found.edition)
    return found


def certificate(request: HttpRequest, pk: int) -> Certificate:
    found = queries.certificates(request.actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def csv(lines: Iterable[str], name: str) -> HttpResponse:
    return StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )  # fmt: skip
