"""JSON in and out, by orjson: Chinese stays readable and rows need no models."""

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from . import problems
from .problems import Problem

JSON = "application/json"


def dump(data: Any) -> bytes:
    return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


def answer(data: Any, status: int = 200, **headers: str) -> HttpResponse:
    """Rows as they are; their shape is documented, and held by the tests, not checked each time."""
    return HttpResponse(dump(data), status=status, content_type=JSON, headers=headers)


class Renderer(BaseRenderer):
    media_type = JSON

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return dump(data)


class Strict(Parser):
    """Takes JSON only as JSON, and no NUL characters: PostgreSQL keeps none."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != JSON:
            raise Problem(problems.WRONG_TYPE)
        data = orjson.loads(request.body)
        if b"\\u0000" in request.body and _holds_nul(data):
            raise Problem(problems.MALFORMED)
        return data

    def parse_querydict(self, data: QueryDict, list_fields: list[str], request: HttpRequest) -> Any:
        if any("\0" in value for values in data.lists() for value in values[1]):
            raise Problem(problems.MALFORMED)
        return super().parse_querydict(data, list_fields, request)


def _holds_nul(value):
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(each) for pair in value.items() for each in pair)
    return isinstance(value, list) and any(_holds_nul(each) for each in value)
