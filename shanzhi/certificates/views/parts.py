"""What the pages of certificates have in common."""

from collections.abc import Collection, Iterable

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone

from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor
from shanzhi.places.queries import predecessors
from shanzhi.registry import readlog

from .. import commands, paper, queries, seals
from ..models import Certificate, Edition, Entry
from ..rules import OFFICE

WORKERS = queries.WORKERS
SEARCHES_AN_HOUR = 600


def visible_edition(request: HttpRequest, edition: Edition) -> Edition:
    """Of one's own place, of what was merged into it and of those above; drafts only for the office
    that may publish them."""
    place = request.actor.place
    if edition.place not in [*places.above(place), *predecessors(place)]:
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


def note(request: HttpRequest, persons: Collection[int], row: Entry) -> None:
    """Who was looked at for it, and what of them."""
    readlog.note(
        by=request.actor, persons=persons, elements=queries.facts.elements(row),
        purpose=queries.facts.purpose(row), through=readlog.Through.PAGE, at=timezone.now(),
    )  # fmt: skip


def sheet(request: HttpRequest, row: Certificate, by: Actor) -> bytes:
    """The PDF. One with an electronic seal is made once and kept."""
    content = paper.kept(row)
    if content is None:
        content = paper.pdf(row, request.build_absolute_uri("/").rstrip("/"))
        if seals.is_electronic():
            content = seals.press(content, number=row.number, place=row.place)
            content = commands.keep_paper(certificate=row, paper=content, by=by, at=timezone.now())
    return content


def pdf(content: bytes, name: str, attached: bool = False) -> HttpResponse:
    way = "attachment" if attached else "inline"
    return HttpResponse(
        content, content_type="application/pdf",
        headers={"Content-Disposition": f'{way}; filename="{name}"',
                 "Cache-Control": "private, no-store"},
    )  # fmt: skip


def csv(lines: Iterable[str], name: str) -> HttpResponse:
    return StreamingHttpResponse(
        lines, content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )  # fmt: skip
