"""A repeated request gets the first one's answer: Idempotency-Key, kept for 24 hours.

The answer is kept in the transaction of the command, so that there is never one without the other.
Only what was done is kept: a request that was refused may be mended and sent again.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import orjson
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Header

from shanzhi.kernel.api import content, problems
from shanzhi.kernel.api.problems import Problem

from .. import commands
from ..commands.drafts import KEEP_REPLAYS
from ..models import Replay

ABOUT = "A new text for each new request, the same for a repetition: it gets the first answer."
FORM = {"alias": "Idempotency-Key", "pattern": r"^[!-~]{1,100}$", "description": ABOUT}
Once = Annotated[str, Header(**FORM)]
MayRepeat = Annotated[str, Header("", **FORM | {"pattern": r"^[!-~]{0,100}$"})]

Run = Callable[[datetime], tuple[int, dict[str, Any]]]


def once(request: HttpRequest, key: str, sent: Any, run: Run) -> HttpResponse:
    """Run it, or answer as the first time. `sent` is all that makes this request what it is."""
    at = timezone.now()
    if not key:
        status, data = run(at)
        return content.answer(data, status)
    by = request.auth.actor
    digest = _digest(request.path, sent)
    with transaction.atomic():
        _wait_for_twins(f"key:{by.key_id}", key)
        if first := _first(f"key:{by.key_id}", key, at):
            return _again(first, digest)
        status, data = run(at)
        data = orjson.loads(content.dump(data))
        commands.keep_replay(key=key, digest=digest, status=status, body=data, by=by, at=at)
    return content.answer(data, status)


def _digest(path, sent):
    text = orjson.dumps([path, sent], default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).digest()


def _wait_for_twins(actor, key):
    """Of two that come at once, one waits here until the other is done, and finds its answer."""
    digest = hashlib.sha256(f"{actor}/{key}".encode()).digest()
    number = int.from_bytes(digest[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [number])


def _first(actor, key, at):
    return Replay.objects.filter(actor=actor, key=key, at__gt=at - KEEP_REPLAYS).first()


def _again(first, digest):
    if bytes(first.digest) != digest:
        raise Problem(problems.KEY_REUSED)
    return content.answer(first.sealed, first.status, **{"Idempotent-Replayed": "true"})
