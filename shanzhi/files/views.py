import logging
import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shanzhi.kernel import Refused
from shanzhi.kernel.crypto import CannotOpen
from shanzhi.people import limits
from shanzhi.people.acting import actor
from shanzhi.people.decorators import resident

from . import commands, disk, queries
from .receiving import uploads

log = logging.getLogger(__name__)

ATTEMPTS = 60  # in ten minutes, what is refused included: to look at a picture costs something


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Checked as a whole before the first byte leaves: half a file is worse than a sentence."""
    found = queries.readable(pk, actor(request))
    if found is None:
        raise Http404
    kind = disk.THUMB if "thumb" in request.GET and found.has_thumb else disk.WHOLE
    try:
        length = disk.length(pk, kind)
    except CannotOpen as fault:
        log.error("file %s%s: %s", pk, kind, fault)
        raise Refused(_("This file is damaged and cannot be opened; ask for it again.")) from None
    return StreamingHttpResponse(disk.read(pk, kind), headers=_headers(found, kind, length))


def _headers(found, kind, length):
    """Nothing in a file may run, be guessed, be kept by a cache, or be read by another site."""
    return {
        "Content-Type": "image/jpeg" if kind == disk.THUMB else found.content_type,
        "Content-Length": str(length),
        "Content-Disposition": content_disposition_header(not found.is_picture, found.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }


@resident
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Rows for what was taken and sentences for what was not; the form sends the rows along."""
    field = request.POST.get("field", "")
    if not re.fullmatch(r"[\w-]{1,80}", field):
        raise Http404
    limits.limit(request, "upload", per="account", amount=ATTEMPTS, seconds=600)
    stored, refused = [], []
    try:
        for each in uploads(request, field):
            _take(each, request, stored, refused)
    except Refused as refusal:
        refused.append({"name": "", "sentence": refusal.sentence})
    context = {"field": field, "stored": stored, "refused": refused}
    status = 200 if stored or not refused else 422
    return render(request, "files/uploaded.html", context, status=status)


def _take(each, request, stored, refused):
    try:
        stored.append(commands.store(upload=each, by=actor(request), at=timezone.now()))
    except Refused as refusal:
        refused.append({"name": each.name, "sentence": refusal.sentence})


@resident
@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    if queries.readable(pk, actor(request)) is None:
        raise Http404
    commands.remove(file=pk, by=actor(request), at=timezone.now())
    return HttpResponse()
