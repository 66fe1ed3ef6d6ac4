"""A small city, built as the large ones are."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from bench.generate import build
from shanzhi.cases import numbers
from shanzhi.cases.models import Case, Involvement, Rating, Reply
from shanzhi.journal import followers, tallies
from shanzhi.journal import queries as journal
from shanzhi.kernel import places
from shanzhi.people.models import Account, Post
from shanzhi.work.models import Duty

CASES = 2000
NOW = datetime(2026, 5, 20, 8, 0, tzinfo=UTC)
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db):
    before = indexes()
    build(count=CASES, seed=7, now=NOW, tell=lambda *told: None)
    assert indexes() == before  # all of them are there again


def indexes():
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename, indexname from pg_indexes"
            " where schemaname = 'public' and tablename not like 'journal_entry_%'"
            " order by 1, 2"
        )
        return cursor.fetchall()


def first_numbers():
    return list(Case.objects.order_by("id").values_list("number", "name", "place")[:50])


def test_the_city_is_whole(city):
    assert Case.objects.count() == CASES
    assert all(numbers.read(number) for number, _name, _place in first_numbers())
    assert Involvement.objects.filter(leads=True, ended_at=None).count() == CASES
    replied = Case.objects.filter(replied_at__isnull=False).count()
    assert Reply.objects.count() == replied > 0.9 * CASES
    assert 0.5 * replied < Rating.objects.count() < 0.7 * replied
    unanswered = Case.objects.filter(state__in=["submitted", "accepted", "handling"])
    assert Duty.objects.filter(closed_at=None).count() == unanswered.count() > 0
    assert Post.objects.filter(account__in=Account.objects.all()).count() > 1000


def test_what_was_sealed_opens_and_what_was_said_is_found(city):
    case = next(case for case in Case.objects.order_by("id") if case.identity)
    assert (case.phone[:7], case.identity[:6]) == ("1380000", "320499")
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from cases_case where search @@ to_tsquery('simple', '路灯')"
        )
        assert cursor.fetchone()[0] > 0


def test_some_communities_are_far_busier(city):
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from cases_case group by left(place, 12) order by 1 desc")
        counts = [row[0] for row in cursor.fetchall()]
    assert counts[0] > 50


def test_each_case_has_its_entries_in_the_partitions_of_their_months(city):
    case = Case.objects.filter(state="closed").first()
    verbs = [entry.verb for entry in journal.about(f"cases.Case:{case.pk}")]
    assert (verbs[0], verbs[-1]) == ("cases.submitted", "cases.closed")
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from journal_entry where about like 'cases.Case:%'")
        entries = cursor.fetchone()[0]
        cursor.execute("select count(*) from journal_entry_default where about like 'cases.Case:%'")
        assert (cursor.fetchone()[0], entries > 5 * CASES) == (0, True)


def test_the_tallies_are_those_that_followers_would_have_folded(city):
    first, last = datetime(2023, 6, 1).date(), NOW.date()
    received = tallies.total("cases.received", "3204", since=first, until=last)
    rated = tallies.total("cases.rated", "3204", since=first, until=last)
    assert (received, rated) == (CASES, Rating.objects.count())
    districts = tallies.by_place("cases.received", "3204", since=first, until=last)
    assert {len(place) for place in districts} == {places.LEVELS["district"]}
    differences = tallies.rebuild(since=NOW.date(), until=NOW.date(), at=NOW)
    assert differences == []


def test_followers_stand_at_the_end(city):
    assert {lag.entries for lag in followers.lag(NOW)} <= {0, 1}  # the new era's own entry


def test_the_same_seed_gives_the_same_city(city):
    before = first_numbers()
    with connection.cursor() as cursor:
        cursor.execute("set shanzhi.journal_keeping = on; truncate journal_entry")
        cursor.execute(
            "truncate places_division, places_edition, cases_route, cases_category, work_edition,"
            " work_year, work_day, people_department, cases_item cascade"
        )
    build(count=CASES, seed=7, now=NOW, tell=lambda *told: None)
    assert first_numbers() == before
