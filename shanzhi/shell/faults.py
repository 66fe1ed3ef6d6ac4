"""Which page answers which fault: nobody sees a traceback, and nobody waits for a dead database."""

import errno
import logging
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import psycopg
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import DataError, Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from shanzhi.kernel import Refused
from shanzhi.kernel.api import problems
from shanzhi.people.limits import TooMany

log = logging.getLogger(__name__)

PAUSE = 2.0  # seconds in which nobody else tries a database that has just been found dead


@dataclass(frozen=True)
class Fault:
    status: int
    title: str | Promise
    text: str | Promise
    icon: str = ""  # instead of the status


BAD_REQUEST = Fault(
    400,
    _("This request cannot be understood"),
    _("Please go back, load the page again and repeat what you did."),
)
BUSY = Fault(
    503,
    _("The system is busy"),
    _("This took too long and was stopped; nothing was saved. Please try again in a moment."),
)
UNREACHABLE = Fault(
    503,
    _("The service is being restored"),
    _("The database cannot be reached just now. Nothing is lost; please try again in a minute."),
)
DISK_FULL = Fault(
    507,
    _("The server has no room left"),
    _("What you sent was not saved. The operator must make room; please try again later."),
)
READ_ONLY = Fault(
    503,
    _("The system can only be read just now"),
    _("Nothing was saved. You can look things up; please send it again in a few minutes."),
)
ONLY_SENT = Fault(
    405,
    _("Nothing to see here"),
    _("This address only takes what a form sends. Nothing was changed; open the page again."),
)
TOO_BIG = Fault(
    413,
    _("That is too large to send"),
    _("Please send fewer or smaller files, or shorten the text."),
)


def of(error: BaseException) -> Fault | None:
    """The fault an exception stands for; None where it is a mistake of ours."""
    if isinstance(error, TooMany):
        return Fault(429, _("Too many attempts"), error.sentence)
    if isinstance(error, Refused):
        return Fault(409, _("That is not possible"), error.sentence, "hand-stop")
    if isinstance(error, RequestDataTooBig):
        return TOO_BIG
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DISK_FULL
    if isinstance(error, PoolTimeout | PoolClosed | TooManyRequests):
        return UNREACHABLE
    return of_database(error) if isinstance(error, Error) else None


def of_database(error: Error) -> Fault | None:
    if isinstance(error, DataError):  # a character or a number that no column takes
        return BAD_REQUEST
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.DiskFull):
        return DISK_FULL
    if isinstance(cause, psycopg.errors.ReadOnlySqlTransaction):
        return READ_ONLY
    if isinstance(cause, PoolTimeout | PoolClosed):
        return UNREACHABLE
    state = (isinstance(cause, psycopg.Error) and cause.sqlstate) or ""
    if state == CANCELLED or state[:2] in BUSY_CLASSES:
        return BUSY
    return UNREACHABLE if isinstance(error, OperationalError | InterfaceError) else None


CANCELLED = "57014"  # by the statement time-out
BUSY_CLASSES = {"40", "53", "55"}  # deadlocks, limits reached, locks not to be had


class Breaker:
    """Remembers for a moment that the database is dead, so that requests do not queue for it."""

    def __init__(self):
        self.until = 0.0
        self.failed = 0

    def notice(self, error: BaseException) -> bool:
        """Is it the database that is dead, and not all connections at work?"""
        exhausted = isinstance(error.__cause__, PoolTimeout | TooManyRequests)
        dead = not exhausted or self._pool_fails_to_connect()
        if dead:
            self.until = time.monotonic() + PAUSE
            if connection.pool:
                connection.pool.drain()  # else each old connection would fail one more visitor
        return dead

    def _pool_fails_to_connect(self) -> bool:
        """A pool also times out when all its connections are at work; then the database lives."""
        before, pool = self.failed, connection.pool
        self.failed = pool.get_stats().get("connections_errors", 0) if pool else 0
        return self.failed > before

    @property
    def is_open(self) -> bool:
        return time.monotonic() < self.until


breaker = Breaker()


def answer(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """The page for an exception that reached the top, if it stands for a fault we know."""
    fault = of(error)
    if fault is UNREACHABLE and not breaker.notice(error):
        fault = BUSY
    if fault and fault.status >= 500:
        log.error("%s %s: %s", request.method, request.path, type(error).__name__, exc_info=error)
    return page(request, fault) if fault else None


def page(request: HttpRequest, fault: Fault) -> HttpResponse:
    """Made without the database; a part of a page gets the sentence alone, a program a document."""
    request.faulty = True
    if request.path.startswith("/api/"):
        return problems.answer(request, problems.of_status(fault.status, fault.text))
    part = getattr(request, "htmx", False)
    template = "shell/errors/part.html" if part else "shell/errors/page.html"
    context = {"fault": fault, "back": back(request)}
    response = render(request, template, context, status=fault.status)
    if fault.status in (429, 503):
        response["Retry-After"] = "60"
    return response


def back(request: HttpRequest) -> str:
    """The page of ours the visitor came from, or the first one; never this very page."""
    origin = request.META.get("HTTP_REFERER", "")
    try:
        safe = url_has_allowed_host_and_scheme(origin, {request.get_host()})
    except DisallowedHost:
        safe = False
    return origin if safe and urlsplit(origin).path != request.path else "/"
