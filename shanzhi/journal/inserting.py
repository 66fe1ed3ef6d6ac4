"""The one statement that writes an entry, for `record` and for hot commands in raw SQL."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from shanzhi.kernel.acting import Actor

INSERT = "insert into journal_entry (at, verb, about, by, post, behalf, place, data)"
PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"1[3-9]\d{9}"  # a mobile number
    r"|[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"  # identity
    r")(?![0-9A-Za-z])"
)


def sql_insert(
    verb: str,
    *,
    about: str,
    by: Actor,
    at: datetime,
    place: str,
    behalf: str = "",
    data: dict[str, Any],
    source: str = "",
) -> tuple[str, tuple]:
    """An `insert … returning id` and its parameters, to stand alone or as one CTE among others.

    With `source`, the name of a CTE above it, `about` is an SQL expression over its columns, and
    an entry is written for each of its rows:

        text, params = sql_insert("cases.received", about="'cases.Case:' || id", source="made", …)
        cursor.execute(f"with made as (insert … returning id), entry as ({text}) select …", …)
    """
    values = (verb, by.account_id, by.post_id, behalf, place, _json(verb, data))
    at_verb, rest = "%s::timestamptz, %s", "%s::bigint, %s::bigint, %s, %s, %s::jsonb"
    if source:
        text = f"{INSERT} select {at_verb}, {about}, {rest} from {source} returning id"
        return text, (at, *values)
    text = f"{INSERT} values ({at_verb}, %s, {rest}) returning id"
    return text, (at, verb, about, *values[1:])


def _json(verb, data):
    text = orjson.dumps(data, default=str).decode()
    # the whole text first: it is one quick search, and numbers only are told apart after a hit
    if PERSONAL.search(text) and any(PERSONAL.search(each) for each in _texts(orjson.loads(text))):
        raise ValueError(f"{verb}: the journal takes references, never phones or identity numbers")
    return text


def _texts(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
