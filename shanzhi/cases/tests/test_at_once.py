"""Two at once, without luck: the second goes on when the first is through, and is answered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from shanzhi.cases import commands
from shanzhi.cases.models import Case
from shanzhi.journal import queries as journal
from shanzhi.kernel import Refused
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import factories
from .factories import DAY, MONDAY, ask, make_case, submission


@pytest.fixture
def city(transactional_db):
    factories.city()


def test_two_clerks_accept_one_case_and_the_second_gets_a_sentence(city):
    case = make_case()
    wang, li = factories.worker(), factories.worker(role="community_secretary")

    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.accept(case=case, by=wang, at=MONDAY + DAY)
            second = second_request.submit(
                in_own_connection, commands.accept, case=case, by=li, at=MONDAY + DAY
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="no longer possible"):
            second.result(timeout=5)

    verbs = [(entry.verb, entry.by) for entry in journal.about(f"cases.Case:{case.pk}")]
    assert verbs[1:] == [("cases.accepted", wang.account_id)]


def test_one_press_sent_twice_at_once_is_one_case(city):
    resident, pressed = factories.resident(), submission()
    sent = {"request": ask(), "submission": pressed, "by": resident, "at": MONDAY}

    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            first = commands.submit(**sent)
            second = second_request.submit(in_own_connection, commands.submit, **sent)
            wait_until_someone_waits_for_me()
        again = second.result(timeout=5)

    assert again.case.pk == first.case.pk
    assert Case.objects.count() == 1
    assert len(journal.about(f"cases.Case:{first.case.pk}")) == 1


def test_a_reply_and_a_withdrawal_at_once_leave_one_of_them(city):
    resident, worker = factories.resident(), factories.worker()
    case = make_case(by=resident)
    case = commands.accept(case=case, by=worker, at=MONDAY)

    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.withdraw(case=case, by=resident, at=MONDAY + DAY)
            second = second_request.submit(
                in_own_connection, commands.reply, case=case, text="已经修好了。", by=worker,
                at=MONDAY + DAY,
            )  # fmt: skip
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="no longer possible"):
            second.result(timeout=5)

    case.refresh_from_db()
    assert (case.state, case.replies.count()) == ("withdrawn", 0)
