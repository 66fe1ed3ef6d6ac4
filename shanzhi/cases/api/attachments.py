"""Files: sent before the case that needs them, read by whoever may see the case."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from ninja import Router

from shanzhi.files import commands, disk, queries
from shanzhi.files import rules as limits
from shanzhi.files.receiving import uploads
from shanzhi.journal import labels
from shanzhi.kernel import Refused
from shanzhi.kernel.api import problems
from shanzhi.kernel.api.problems import Problem

from . import replays, scope, shapes, whole

router = Router(tags=["attachments"])
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}
DOWNLOAD: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.post("", response={201: shapes.Attachment}, summary="Send a file", openapi_extra=UPLOAD)
def upload(request: HttpRequest, idempotency_key: replays.MayRepeat) -> HttpResponse:
    """A photo (JPEG, PNG, WebP) or a paper (PDF, OFD, Word, Excel). Name the id in the answers of
    a case within 24 hours, or it is deleted."""
    key = request.auth
    scope.check_writes(key)
    sent = _sent(request)
    digest = hashlib.sha256(sent.read()).hexdigest()

    def run(at):
        sent.seek(0)
        return 201, whole.attachment(_stored(sent, key.actor, at))

    return replays.once(request, idempotency_key, [sent.name, digest], run)


def _sent(request):
    if request.content_type != "multipart/form-data":
        raise Problem(problems.WRONG_TYPE, _("Send the file as multipart/form-data."))
    if "file" in request.FILES or not getattr(request, "skipped_uploads", ()):
        found = uploads(request, "file")
        if not found:
            raise Refused(_("Send one file, named “file”."), field="file")
        return found[0]
    raise _too_large()


def _too_large():
    try:
        limits.check_size(limits.largest() + 1)
    except Refused as refusal:
        return Problem(problems.TOO_LARGE, refusal.sentence)
    raise AssertionError("more than the largest was taken")


def _stored(sent, by, at):
    if sent.size > limits.largest():
        raise _too_large()
    try:
        limits.check_pace(by=by, at=at)
    except Refused as refusal:
        headers = {"Retry-After": "600"}
        raise Problem(problems.TOO_MANY, refusal.sentence, headers=headers) from None
    try:
        return commands.store(upload=sent, by=by, at=at)
    except Refused as refusal:
        raise Refused(refusal.sentence, field="file") from None


@router.get("/{file_id}", summary="Fetch a file", openapi_extra=DOWNLOAD)
def download(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Of a case that the key may see."""
    file = queries.readable(file_id, request.auth.actor)
    if file is None or not file.owner.startswith("cases.Case:"):
        raise Http404
    if not scope.visible(request.auth).filter(pk=labels.pk(file.owner)).exists():
        raise Http404
    headers = {
        "Content-Type": file.content_type,
        "Content-Length": str(disk.length(file.pk, disk.WHOLE)),
        "Content-Disposition": content_disposition_header(True, file.name),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(disk.read(file.pk, disk.WHOLE), headers=headers)
