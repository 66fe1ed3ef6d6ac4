"""The pages for what goes wrong. config/urls.py names them as handler400, 403, 404 and 500."""

import logging
import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control

from .. import faults
from ..faults import BAD_REQUEST, Fault

log = logging.getLogger(__name__)

FORBIDDEN = Fault(
    403,
    _("This page is not open to you"),
    _("Sign in with the account or post it belongs to; whoever gave you the link can tell which."),
)
NO_TOKEN = Fault(
    403,
    _("This page was open for too long"),
    _("Nothing was sent. Please go back, load the page again and send it once more."),
)
NOT_FOUND = Fault(
    404,
    _("There is no such page"),
    _("The address may be mistyped, or the page may belong to another place or account."),
)
BROKEN = Fault(
    500,
    _("Something went wrong on our side"),
    _("The fault has been noted. Please try again later; what was saved before is safe."),
)
OFFLINE = Fault(
    0,
    _("There is no network"),
    _("This page will work again as soon as your phone is connected."),
    "wifi-off",
)
BARE = "<!doctype html><meta charset=utf-8><title>500</title><h1>500</h1>"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig)
    return faults.page(request, faults.TOO_BIG if too_big else BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A sentence given to PermissionDenied is shown."""
    text = str(exception)
    return faults.page(request, Fault(403, FORBIDDEN.title, text) if text else FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.warning("%s: %s", request.path, reason)
    return faults.page(request, NO_TOKEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return faults.page(request, NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Also for faults met outside views, which no `process_exception` sees."""
    error = sys.exc_info()[1]
    try:
        return (error and faults.answer(request, error)) or faults.page(request, BROKEN)
    except Exception:
        log.exception("the page for faults is broken itself")
        return HttpResponse(BARE, status=HTTPStatus.INTERNAL_SERVER_ERROR)


@cache_control(max_age=3600)
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "shell/errors/offline.html", {"fault": OFFLINE, "back": "/"})


@cache_control(max_age=3600)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: served from the root, since its address bounds what it may answer."""
    return render(request, "shell/sw.js", content_type="text/javascript")
