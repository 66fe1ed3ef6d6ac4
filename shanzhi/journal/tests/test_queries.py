from datetime import timedelta

import pytest

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from .. import queries
from .factories import NOON, TIANAN, make_entry

pytestmark = pytest.mark.django_db


def test_the_story_of_one_thing_is_told_in_order():
    closed = make_entry("cases.closed", at=NOON + timedelta(hours=1))
    received = make_entry("cases.received", at=NOON)
    accepted = make_entry("cases.accepted", at=NOON)
    make_entry("cases.received", about="cases.Case:11")

    assert [row.id for row in queries.about("cases.Case:1")] == [received, accepted, closed]


def test_pages_are_newest_first_and_miss_none_with_equal_times():
    numbers = [make_entry(at=NOON + timedelta(seconds=n // 3)) for n in range(10)]

    pages, cursor = [], ""
    while True:
        page = queries.entries("3204", cursor=cursor, size=4)
        pages.append([row.id for row in page.rows])
        if not (cursor := page.next):
            break

    assert [number for page in pages for number in page] == numbers[::-1]
    assert [len(page) for page in pages] == [4, 4, 2]


def test_entries_are_those_of_a_place_of_some_verbs_and_of_a_time():
    here = make_entry("cases.received")
    make_entry("cases.closed")
    make_entry("cases.received", place="320412001001")
    make_entry("cases.received", at=NOON - timedelta(seconds=1))
    make_entry("cases.received", at=NOON + timedelta(hours=1))

    found = queries.entries(
        "320411", verbs=["cases.received"], since=NOON, until=NOON + timedelta(hours=1)
    )
    assert [row.id for row in found.rows] == [here]
    assert len(queries.entries("").rows) == 5


def test_the_audit_searches_by_the_start_of_the_verb_and_by_account():
    mine = make_entry("cases.received")
    make_entry("cases.received", by=SYSTEM)
    make_entry("files.stored")
    make_entry("cases_.received")

    found = queries.search(TIANAN, verb_prefix="cases.", by=7)
    assert [row.id for row in found.rows] == [mine]
    assert len(queries.search(TIANAN).rows) == 4


def test_a_broken_page_link_is_refused():
    with pytest.raises(Refused, match="page link is broken"):
        queries.entries("3204", cursor="nonsense")
