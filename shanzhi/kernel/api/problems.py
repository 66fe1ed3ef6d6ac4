"""What went wrong, as a document of RFC 9457 with a sentence the caller can act on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypedDict

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """`type` of the document is /problems/<slug>; docs/api.md says what to do about each."""

    slug: str
    status: int
    title: str | Promise
    detail: str | Promise


class Mistake(TypedDict):
    """One thing to mend: `path` leads to it, as in answers.members.0.identity."""

    path: str
    detail: str


MALFORMED = Kind(
    "malformed", 400, _("Not understood"), _("The request cannot be read; see docs/api.md.")
)
NO_KEY = Kind(
    "no-valid-key",
    401,
    _("No valid key"),
    _("Send “Authorization: Bearer” with an API key that is valid today."),
)
OUT_OF_SCOPE = Kind(
    "out-of-scope", 403, _("Not with this key"), _("This key is not meant for that.")
)
NOT_FOUND = Kind(
    "not-found", 404, _("Not found"), _("There is nothing here that this key may see.")
)
NO_SUCH_METHOD = Kind(
    "method-not-allowed",
    405,
    _("Not possible here"),
    _("This address does not take that method."),
)
REFUSED = Kind(
    "refused", 409, _("That is not possible"), _("The state of things does not allow it.")
)
TOO_LARGE = Kind("too-large", 413, _("Too large"), _("Send less at once."))
WRONG_TYPE = Kind(
    "wrong-content-type", 415, _("Wrong type of content"), _("Send JSON as application/json.")
)
INVALID = Kind("invalid", 422, _("Not valid"), _("Mend what the list of errors names."))
KEY_REUSED = Kind(
    "idempotency-key-reused",
    422,
    _("Idempotency key used before"),
    _("This Idempotency-Key came with another request before; take a new one."),
)
TOO_MANY = Kind(
    "too-many-requests", 429, _("Too many requests"), _("Wait as long as Retry-After says.")
)
BROKEN = Kind(
    "broken",
    500,
    _("Something went wrong on our side"),
    _("The fault has been noted; nothing was saved. Please try again later."),
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    _("Not available just now"),
    _("Nothing was saved. Please try again in a minute."),
)
KINDS = (
    MALFORMED, NO_KEY, OUT_OF_SCOPE, NOT_FOUND, NO_SUCH_METHOD, REFUSED, TOO_LARGE, WRONG_TYPE,
    INVALID, KEY_REUSED, TOO_MANY, BROKEN, UNAVAILABLE,
)  # fmt: skip
STATUSES = sorted({kind.status for kind in KINDS})


class Problem(Exception):  # noqa: N818  an answer, like Refused
    """Raised anywhere below an API view; answered as the document it says."""

    def __init__(
        self,
        kind: Kind,
        detail: str | Promise = "",
        *,
        errors: Sequence[Mistake] = (),
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(kind.slug)
        self.kind, self.detail = kind, detail or kind.detail
        self.errors, self.headers = errors, headers or {}


def of_status(status: int, detail: str | Promise) -> Problem:
    """For a fault met outside the API's own views."""
    kind = next((each for each in KINDS if each.status == status), UNAVAILABLE)
    return Problem(kind, detail, headers={"Retry-After": "60"} if kind is UNAVAILABLE else {})


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    kind = problem.kind
    document = {
        "type": f"/problems/{kind.slug}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(problem.detail),
        "instance": request.path,
    }
    if problem.errors:
        document["errors"] = list(problem.errors)
    return HttpResponse(
        orjson.dumps(document), status=kind.status, content_type=MEDIA_TYPE, headers=problem.headers
    )


def phrase(status: int) -> str:
    return HTTPStatus(status).phrase


SCHEMA = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "enum": [f"/problems/{kind.slug}" for kind in KINDS],
        },
        "title": {"type": "string"},
        "status": {"type": "integer", "enum": STATUSES},
        "detail": {"type": "string", "description": "A sentence in the language asked for."},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "detail"],
                "properties": {"path": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
