"""Two at once decide of an application or a grant: the second gets a sentence."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest
from django.db import transaction

from shanzhi.kernel import Refused
from shanzhi.people import queries as people
from shanzhi.registry import commands
from shanzhi.registry.models import Grant, ReadEntry
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import sharing_factories as factories
from .sharing_factories import MONDAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def health():
    factories.city()
    yield factories.clerk("health")
    people.forget_departments()


def one_waits(first, second):
    """`second` begins while `first` is not committed, and ends after it."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first()
            later = other.submit(in_own_connection, second)
            wait_until_someone_waits_for_me()
        return later.result(timeout=5)


def agreed(part, by):
    return partial(commands.agree_grant, part=part, by=by, at=MONDAY)


def refused(part, by):
    return partial(
        commands.refuse_grant,
        part=part,
        ground="purpose",
        reason="体检用不到电话",
        by=by,
        at=MONDAY,
    )


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [(agreed, refused, "provided"), (refused, agreed, "refused"), (agreed, agreed, "provided")],
)
def test_two_clerks_of_an_owner_decide_one_way(health, first, second, state):
    part = factories.part(factories.asked(health), "civil_affairs")
    wang, li = factories.owner(), factories.owner()
    with pytest.raises(Refused, match="no longer possible"):
        one_waits(first(part, wang), second(part, li))
    part.refresh_from_db()
    assert (part.state, part.decided_by) == (state, wang.account_id)


def test_two_owners_decide_at_once_and_the_last_one_opens_the_grant(health):
    grant = factories.asked(health)
    civil, police = (factories.part(grant, each) for each in ("civil_affairs", "police"))
    one_waits(agreed(civil, factories.owner()), agreed(police, factories.owner("police")))
    grant.refresh_from_db()
    assert grant.state == "granted"


def test_an_owner_decides_what_is_being_withdrawn(health):
    grant = factories.asked(health)
    part = factories.part(grant, "civil_affairs")
    withdraw = partial(commands.withdraw_grant, grant=grant, by=health, at=MONDAY)
    with pytest.raises(Refused, match="no longer possible"):
        one_waits(withdraw, agreed(part, factories.owner()))
    part.refresh_from_db()
    assert (Grant.objects.get().state, part.state) == ("withdrawn", "waiting")


def suspended(grant):
    return partial(
        commands.suspend_grant, grant=grant, reason="核查用途", by=factories.security(), at=MONDAY
    )


def ended(grant):
    return partial(
        commands.end_grant, grant=grant, reason="不再需要", by=factories.security(), at=MONDAY
    )


@pytest.mark.parametrize(
    ("stop", "sentence", "way"),
    [
        (suspended, "suspended", commands.read_by_grant),
        (ended, "has ended", commands.read_by_grant),
        (suspended, "suspended", commands.export_by_grant),
    ],
)
def test_a_read_waits_for_the_stop_and_shows_nothing(health, stop, sentence, way):
    grant = factories.granted(health)
    factories.person("甲示例", date(1945, 3, 15))
    read = partial(way, grant=grant, by=health, at=MONDAY)
    with pytest.raises(Refused, match=sentence):
        one_waits(stop(grant), read)
    assert not ReadEntry.objects.exists()


def test_a_stop_waits_for_the_read_that_has_begun(health):
    grant = factories.granted(health)
    factories.person("甲示例", date(1945, 3, 15))
    read = partial(commands.read_by_grant, grant=grant, by=health, at=MONDAY)
    one_waits(read, suspended(grant))
    assert (Grant.objects.get().state, ReadEntry.objects.count()) == ("suspended", 1)


def test_suspended_and_ended_at_once_is_ended(health):
    grant = factories.granted(health)
    one_waits(suspended(grant), ended(grant))
    assert Grant.objects.get().state == "ended"
    with pytest.raises(Refused, match="no longer possible"):
        suspended(grant)()
