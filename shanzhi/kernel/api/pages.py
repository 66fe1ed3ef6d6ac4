"""Keyset pages: ?cursor=&size= gives {"rows": […], "next": "…"} and a Link to the next page."""

from collections.abc import Sequence
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query

from shanzhi.kernel import Refused, paging

from . import content

MOST = 100
Cursor = Annotated[str, Query("", max_length=paging.LONGEST, description="`next` of a page")]
Size = Annotated[int, Query(20, ge=1, le=MOST, description="rows of a page")]


def after(cursor: str, *kinds: type) -> tuple | None:
    """The key a cursor holds; what is wrong with it is said of the parameter."""
    try:
        return paging.decode(cursor, *kinds)
    except Refused as refusal:
        raise Refused(refusal.sentence, field="cursor") from None


def answer(request: HttpRequest, rows: Sequence[Any], next_cursor: str) -> HttpResponse:
    found = content.answer({"rows": rows, "next": next_cursor})
    if next_cursor:
        query = request.GET.copy()
        query["cursor"] = next_cursor
        found["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'
    return found
