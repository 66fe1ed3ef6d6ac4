"""Keyset pages: a page says where the next one begins, so page 50,000 costs what page 1 costs."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.translation import gettext_lazy as _

from . import Refused

LONGEST = 600  # characters of a cursor


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    next: str  # cursor of the following page, "" on the last


def encode(key: tuple) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(key, default=str)).decode().rstrip("=")


def decode(cursor: str, *kinds: type) -> tuple | None:
    """The key a cursor holds, None for the first page; Refused if it is not one of ours.

    `kinds` are the types of the key's parts (int, str, date, datetime, UUID, float). Name them
    wherever the key goes into a query: a cursor is text from outside.
    """
    if not cursor:
        return None
    try:
        key = orjson.loads(_unpack(cursor))
        if not isinstance(key, list):
            raise ValueError
        if kinds:
            key = [READERS[kind](part) for kind, part in zip(kinds, key, strict=True)]
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise Refused(_("This page link is broken; start again from the first page.")) from None
    return tuple(key)


def _unpack(cursor):
    if len(cursor) > LONGEST:
        raise ValueError
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def _whole(part):
    if type(part) is not int or not -(2**63) <= part < 2**63:
        raise ValueError
    return part


def _text(part):
    if type(part) is not str or "\0" in part:
        raise ValueError
    return part


def _moment(part):
    moment = datetime.fromisoformat(_text(part))
    if moment.tzinfo is None:
        raise ValueError
    return moment


READERS: dict[type, Callable[[Any], Any]] = {
    int: _whole,
    str: _text,
    float: lambda part: float(_text(part) if isinstance(part, str) else part),
    date: lambda part: date.fromisoformat(_text(part)),
    datetime: _moment,
    UUID: lambda part: UUID(_text(part)),
}


def page(rows: Sequence[Any], *, size: int, key: Callable[[Any], tuple]) -> Page:
    """`rows` holds up to size + 1 rows in order; the extra one tells that there is a next page."""
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, encode(key(rows[-1])) if more else "")
