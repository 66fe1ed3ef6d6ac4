"""Who calls the API: the bearer of a key, looked up once in a few seconds, and counted."""

import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from threading import Lock

from django.conf import settings
from django.db import InternalError
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from shanzhi.kernel.acting import SYSTEM
from shanzhi.kernel.api import problems
from shanzhi.kernel.api.problems import Problem

from . import commands, queries
from .commands.requests import take_requests
from .queries import Bearer

KNOWN_SECONDS = 3.0  # a key that was revoked works so long on other processes
KNOWN_MOST = 1000
MARK_SECONDS = 3600
WINDOW = 60  # seconds in which a key has its requests
SHARES = 50  # into so many shares the requests of a window are divided


@dataclass
class Known:
    """A key as this process knows it, and what is left of the share it took."""

    bearer: Bearer
    fresh_until: float
    marked_at: float
    left: int = 0
    spent: int = 0  # by all processes, as of the last share taken
    until: datetime | None = None
    lock: Lock = field(default_factory=Lock)


_known: OrderedDict[bytes, Known] = OrderedDict()


def forget() -> None:
    """The next request looks the key up again."""
    _known.clear()


class ApiKey(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:
        known = _look_up(token)
        if known is None:
            return None
        request.quota = _count(known)
        return known.bearer


def _look_up(token: str) -> Known | None:
    digest, now = queries.digest(token), time.monotonic()
    known = _known.get(digest)
    if known and now < known.fresh_until:
        return known
    at = timezone.now()
    bearer = queries.bearer(token, at)
    if bearer is None:
        _known.pop(digest, None)
        return None
    known = known or Known(bearer, 0, now - MARK_SECONDS)
    known.bearer, known.fresh_until = bearer, now + KNOWN_SECONDS
    if now - known.marked_at >= MARK_SECONDS:
        known.marked_at = now
        with suppress(InternalError):  # a database that can only be read
            commands.mark_key_used(key_id=bearer.actor.key_id, by=SYSTEM, at=at)
    _keep(digest, known)
    return known


def _keep(digest, known):
    _known[digest] = known
    while len(_known) > KNOWN_MOST:
        _known.popitem(last=False)


# --- how often ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Quota:
    """What is left to a key, for the headers of the answer; counted to a share."""

    limit: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={WINDOW}',
            "RateLimit": f'"key";r={self.left};t={self.seconds}',
        }


def limit() -> int:
    return settings.SHANZHI_API_RATE


def _count(known: Known) -> Quota:
    """One request less of this process's share; a new share is taken from the database."""
    at = timezone.now()
    with known.lock:
        if known.until is None or known.until <= at:
            known.left, known.spent = 0, 0
        if known.left == 0:
            _take(known, at)
        if known.left == 0:
            seconds = ceil((known.until - at).total_seconds())
            quota = Quota(limit(), 0, max(seconds, 1))
            headers = {"Retry-After": str(quota.seconds)} | quota.headers
            raise Problem(problems.TOO_MANY, headers=headers)
        known.left -= 1
        left = max(limit() - known.spent, 0) + known.left
        return Quota(limit(), left, max(ceil((known.until - at).total_seconds()), 1))


def _take(known, at):
    if known.until and at < known.until and known.spent >= limit():
        return  # all is spent, and the database need not be asked again
    share = max(limit() // SHARES, 1)
    taken = take_requests(
        key_id=known.bearer.actor.key_id, share=share, seconds=WINDOW, by=SYSTEM, at=at
    )
    known.until, known.spent = taken.until, min(taken.count, limit())
    known.left = max(share - max(taken.count - limit(), 0), 0)
