import base64
from datetime import UTC, date, datetime
from uuid import UUID

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shanzhi.kernel import Refused, paging

AT = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
ID = UUID("6f1d0c52-5c0b-4a6e-9d53-3a1d0f0c1a2b")


def cursor(value) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode()


def test_a_key_comes_back_in_its_types():
    key = (AT, 17, "320411", date(2026, 3, 2), ID, 1.5)
    text = paging.encode(key)
    assert paging.decode(text, datetime, int, str, date, UUID, float) == key
    assert not set(text) & set("=&?/+ ")


def test_without_types_it_comes_back_as_json():
    assert paging.decode(paging.encode((AT, 17))) == (AT.isoformat(), 17)


def test_no_cursor_is_the_first_page():
    assert paging.decode("") is None
    assert paging.decode("", int) is None


@given(st.text(max_size=80))
@example("\0")
@example("\ud800")
@example("中文")
@example("W" * 10_000)
@example("=")
def test_garbage_is_refused(text):
    for kinds in ((), (datetime, int)):
        try:
            key = paging.decode(text, *kinds)
        except Refused:
            continue
        assert key is None or isinstance(key, tuple)


@pytest.mark.parametrize(
    "value",
    [
        None, 1, "x", {}, {"a": 1}, [], [AT.isoformat()], [AT.isoformat(), 1, 1],
        [AT.isoformat(), "1"], [AT.isoformat(), True], [AT.isoformat(), 1.0],
        [AT.isoformat(), None], [AT.isoformat(), 2**63], [AT.isoformat(), [1]],
        ["2026-03-02T09:30:00", 1], ["yesterday", 1], [1, 1], [None, 1], ["\0", 1],
        ["9999999-01-01T00:00:00+00:00", 1],
    ],
)  # fmt: skip
def test_another_key_than_this_page_makes_is_refused(value):
    with pytest.raises(Refused):
        paging.decode(cursor(value), datetime, int)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (str, "a\0"),
        (str, 1),
        (UUID, "x"),
        (UUID, 1),
        (date, "2026-02-30"),
        (float, "x"),
        (float, {}),
    ],
)
def test_each_type_is_checked(kind, value):
    with pytest.raises(Refused):
        paging.decode(cursor([value]), kind)


@given(st.binary(max_size=60))
def test_any_bytes_in_a_cursor_are_answered(content):
    text = base64.urlsafe_b64encode(content).decode()
    try:
        paging.decode(text, int)
    except Refused:
        return
    assert not text or isinstance(orjson.loads(content)[0], int)


@pytest.mark.parametrize(
    ("count", "shown", "more"), [(0, 0, False), (2, 2, False), (3, 3, False), (4, 3, True)]
)
def test_a_page_says_where_the_next_one_begins(count, shown, more):
    rows = list(range(count))
    page = paging.page(rows, size=3, key=lambda row: (row,))
    assert page.rows == rows[:shown]
    assert paging.decode(page.next, int) == ((2,) if more else None)
