"""From what was raised to the problem document that answers it."""

import logging
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shanzhi.cases.answers import Invalid
from shanzhi.kernel import Refused
from shanzhi.kernel.api import problems
from shanzhi.kernel.api.problems import Mistake, Problem
from shanzhi.people.limits import TooMany

from .. import faults

log = logging.getLogger(__name__)


LIMITS = ("min_length", "max_length", "ge", "le")
SENTENCES = {
    "missing": t("Please fill this in."),
    "extra_forbidden": t("This is not asked for."),
    "string_too_short": t("At least %(limit)s characters."),
    "string_too_long": t("At most %(limit)s characters."),
    "greater_than_equal": t("Not less than %(limit)s."),
    "less_than_equal": t("Not more than %(limit)s."),
    "literal_error": t("Choose one of the options."),
    "string_pattern_mismatch": t("This does not have the documented form."),
}


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """Never a traceback, never a page: whatever it was, a document."""
    return problems.answer(request, of(request, error))


def of(request: HttpRequest, error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error.__cause__, Problem):  # raised while ninja read the body
        return error.__cause__
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, Invalid):
        return _invalid((f"answers.{path}", text) for path, text in error.errors.items())
    if isinstance(error, ValidationError):
        return _unfit(error)
    return _of_request(error) or _of_database(error) or _fault(request, error)


def _refused(refusal):
    """About a field, it is the caller's input; else the state of things."""
    if isinstance(refusal, TooMany):
        return Problem(problems.TOO_MANY, refusal.sentence, headers={"Retry-After": "60"})
    if refusal.field:
        return _invalid([(refusal.field, refusal.sentence)])
    return Problem(problems.REFUSED, refusal.sentence)


def _invalid(found: Iterable[tuple[str, Any]]) -> Problem:
    errors = [Mistake(path=path, detail=str(text)) for path, text in found]
    return Problem(problems.INVALID, errors=errors)


def _unfit(error):
    """What does not have the documented shape; an address that cannot exist is not found."""
    places = {each["loc"][0] for each in error.errors}
    if "path" in places:
        return Problem(problems.NOT_FOUND)
    found = [(".".join(map(str, _path(each["loc"]))), _sentence(each)) for each in error.errors]
    missing = any(each["type"] == "missing" for each in error.errors if each["loc"][0] == "header")
    if missing:
        sentence = _("Send an Idempotency-Key, a new one for each new request.")
        return Problem(problems.MALFORMED, sentence)
    return _invalid(found)


def _path(loc):
    """("body", "body", "unit", "place") → unit.place: as the caller wrote it."""
    inner = loc[2:] if loc[0] == "body" else loc[1:]
    return inner or loc[:1]


def _sentence(each):
    limits = each.get("ctx", {})
    limit = next((limits[name] for name in LIMITS if name in limits), "")
    known = SENTENCES.get(each["type"])
    return known % {"limit": limit} if known else each["msg"]


def _of_request(error):
    if isinstance(error, AuthenticationError):
        return Problem(problems.NO_KEY, headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, Http404):
        return Problem(problems.NOT_FOUND)
    if isinstance(error, RequestDataTooBig):
        return Problem(problems.TOO_LARGE)
    if isinstance(error, HttpError | BadRequest | SuspiciousOperation | UnreadablePostError):
        return Problem(problems.MALFORMED)
    return None


def _of_database(error):
    if isinstance(error, DataError):
        return Problem(problems.INVALID, _("A value is too long or out of range."))
    if isinstance(error, IntegrityError):
        sentence = _("Somebody did the same at this moment; look again, and repeat if need be.")
        return Problem(problems.REFUSED, sentence)
    return None


def _fault(request, error):
    fault = faults.of(error)
    if fault is faults.UNREACHABLE:
        faults.breaker.notice(error)
    log.error("%s %s: %s", request.method, request.path, type(error).__name__, exc_info=error)
    if fault and fault.status in (503, 507):
        return Problem(problems.UNAVAILABLE, fault.text, headers={"Retry-After": "60"})
    return Problem(problems.BROKEN)
