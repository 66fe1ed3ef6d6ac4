"""The background process as it runs in life: it reads the journal, and a notice is there."""

import signal
import time

import pytest
from django.utils import timezone

from operate import system
from shanzhi.cases.tests import factories as cases
from shanzhi.journal import followers
from shanzhi.people.models import Account, Notice
from shanzhi.people.tests import factories as people

pytestmark = pytest.mark.browser


def test_the_worker_brings_the_notice(city, visitor):
    followers.run_all(at=timezone.now())
    resident = people.actor(Account.objects.get(username="demo-resident"))
    worker = city.shanzhi("worker")
    try:
        case = cases.make_case("open-report", by=resident, when=timezone.now())
        told = Notice.objects.filter(account=resident.account_id, values__number=case.number)
        deadline = time.monotonic() + 30
        while not told.exists():
            assert worker.poll() is None, city.said("worker").read_text()
            assert time.monotonic() < deadline, city.said("worker").read_text()
            time.sleep(0.2)
    finally:
        system.end(worker, first=signal.SIGTERM, patience=30)

    assert worker.returncode == 0
    visitor().signs_in_as("resident").open("/notices/").reads("已收件", case.title)
