"""A worker takes a duty, gives it back, hands it to a colleague."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.people.models import Post
from shanzhi.work import commands, duties, leaving
from shanzhi.work.models import Duty

from .factories import COMMUNITY, GRID, MONDAY, STREET, make_account, make_duty, worker

pytestmark = pytest.mark.django_db


def test_who_takes_a_duty_has_it_and_can_give_it_back():
    duty = make_duty()

    commands.take(duty=duty, by=worker(1), at=MONDAY)
    duty.refresh_from_db()
    assert duty.assignee == 1
    commands.give_back(duty=duty, by=worker(1), at=MONDAY)
    duty.refresh_from_db()
    assert duty.assignee is None

    assert [(e.verb, e.by, e.place, e.data) for e in about(duty.about)] == [
        ("work.taken", 1, COMMUNITY, {"duty": duty.pk}),
        ("work.given_back", 1, COMMUNITY, {"duty": duty.pk}),
    ]


def test_what_a_colleague_took_stays_theirs(english):
    duty = make_duty()
    commands.take(duty=duty, by=worker(1), at=MONDAY)

    for command, words in ((commands.take, "colleague"), (commands.give_back, "only they")):
        with pytest.raises(Refused, match=words):
            command(duty=duty, by=worker(2), at=MONDAY)
    with pytest.raises(Refused, match="taken this already"):
        commands.take(duty=duty, by=worker(1), at=MONDAY)

    duty.refresh_from_db()
    assert duty.assignee == 1
    assert [entry.verb for entry in about(duty.about)] == ["work.taken"]


def test_two_take_at_once_and_the_second_is_refused(committed, english):
    duty = make_duty()

    with ThreadPoolExecutor(1) as second:
        with transaction.atomic():
            commands.take(duty=duty, by=worker(1), at=MONDAY)
            late = second.submit(_take_in_own_connection, duty)
            _wait_until_someone_waits()
        with pytest.raises(Refused, match="colleague has taken"):
            late.result(timeout=5)

    duty.refresh_from_db()
    assert duty.assignee == 1
    assert [entry.by for entry in about(duty.about)] == [1]


def _take_in_own_connection(duty):
    try:
        commands.take(duty=duty, by=worker(2), at=MONDAY)
    finally:
        connection.close()


def _wait_until_someone_waits():
    for _n in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(*) FROM pg_locks
                   WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"""
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.05)
    raise AssertionError("nobody waited")


@pytest.mark.parametrize(
    "by",
    [
        worker(place="320411002017"),
        worker(role="subdistrict_clerk", place=STREET),
        worker(role="department_clerk", place=STREET, department="civil_affairs"),
        worker(role="", place=""),
    ],
)
def test_another_unit_takes_nothing(english, by):
    duty = make_duty()

    with pytest.raises(Refused, match="another unit"):
        commands.take(duty=duty, by=by, at=MONDAY)

    duty.refresh_from_db()
    assert duty.assignee is None and about(duty.about) == []


def test_nobody_gives_back_what_nobody_took(english):
    duty = make_duty()
    with pytest.raises(Refused, match="nothing to give back"):
        commands.give_back(duty=duty, by=worker(1), at=MONDAY)

    assert about(duty.about) == []


def test_a_duty_is_handed_to_a_colleague_of_the_unit_only(english):
    colleague, _post = make_account("李**")
    stranger, _post = make_account("赵**", place="320411002017")
    duty = make_duty(place=GRID)

    commands.assign(duty=duty, to=colleague.pk, by=worker(1), at=MONDAY)
    with pytest.raises(Refused, match="holds a post"):
        commands.assign(duty=duty, to=stranger.pk, by=worker(1), at=MONDAY)

    duty.refresh_from_db()
    assert duty.assignee == colleague.pk
    assert [(e.verb, e.data["to"]) for e in about(duty.about)] == [("work.assigned", colleague.pk)]


def test_who_leaves_a_post_has_nothing_in_hand_there_any_more(published):
    account, post = make_account("李**", valid_from="2026-01-01")
    make_account("王**")
    Post.objects.create(
        account=account, reason="test", role="subdistrict_clerk", place=STREET,
        valid_from="2026-01-01",
    )  # fmt: skip
    here, in_grid, elsewhere = make_duty(), make_duty(place=GRID), make_duty(place=STREET)
    theirs = make_duty()
    for duty in (here, in_grid, elsewhere):
        duties.assign(duty=duty, account=account.pk)
    duties.assign(duty=theirs, account=1)
    Post.objects.filter(pk=post.pk).update(valid_to="2026-03-02")

    ended = {"verb": "people.post_ended", "place": COMMUNITY, "data": {"account": account.pk}}
    leaving.follow([SimpleNamespace(**ended, at=MONDAY)])

    held = [Duty.objects.get(pk=each.pk).assignee for each in (here, in_grid, elsewhere, theirs)]
    assert held == [None, None, account.pk, 1]
    assert [entry.verb for entry in about(here.about)] == ["work.given_back"]


def test_who_holds_another_post_in_the_unit_keeps_what_is_in_hand(published):
    account, _post = make_account("李**")
    duty = make_duty()
    duties.assign(duty=duty, account=account.pk)

    by = commands.follow_end_of_post(account=account.pk, place=COMMUNITY, by=worker(), at=MONDAY)

    duty.refresh_from_db()
    assert (by, duty.assignee) == (0, account.pk)
