"""A community is merged into another: its people, duties and cases go on there."""

from datetime import date

import pytest

from shanzhi.cases import commands, queries
from shanzhi.journal import followers
from shanzhi.journal.tests.factories import wait_until_settled
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import queries as people
from shanzhi.people.models import Account, Post
from shanzhi.places import commands as places
from shanzhi.work.models import Duty

from . import factories
from .factories import DAY, FUDU, MONDAY, TIANAN, make_case


@pytest.fixture
def merged(transactional_db):
    """富都社区 is merged into 天安社区 while a case is open there."""
    factories.city()
    case = make_case(place=FUDU)
    old = factories.worker(FUDU)
    Account.objects.filter(pk=case.applicant_id).update(home=FUDU)
    _follow(MONDAY)
    places.merge(
        olds=[FUDU], new=TIANAN, on=date(2026, 3, 3), reason="合并", by=SYSTEM, at=MONDAY + DAY
    )
    _follow(MONDAY + DAY)
    return case, old


def _follow(at):
    wait_until_settled()
    for follower in ("people.moves", "work.moves", "cases.moves"):
        followers.advance(follower, at)


def test_the_post_goes_on_in_the_new_community(merged):
    _case, old = merged

    posts = Post.objects.filter(account=old.account_id).order_by("pk")

    assert [(post.place, post.valid_to) for post in posts] == [
        (FUDU, date(2026, 3, 3)),
        (TIANAN, None),
    ]
    assert [row.place for row in people.posts_of(old.account_id, date(2026, 3, 3))] == [TIANAN]


def test_the_open_case_is_led_there_and_keeps_its_place(merged):
    case, _old = merged
    case.refresh_from_db()

    assert (case.place, case.lead_place) == (FUDU, TIANAN)
    assert Duty.objects.get(closed_at=None).place == TIANAN
    new = factories.worker(TIANAN)
    assert set(queries.visible_to(new).values_list("pk", flat=True)) == {case.pk}
    assert [row["id"] for row in queries.case_list(new).rows] == [case.pk]
    commands.accept(case=case, by=new, at=MONDAY + 2 * DAY)


def test_the_resident_lives_in_the_new_community(merged):
    case, _old = merged

    assert Account.objects.get(pk=case.applicant_id).home == TIANAN
