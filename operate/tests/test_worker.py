import logging
import threading

import pytest
from django.db import OperationalError

from operate import worker
from shanzhi.journal import followers


def test_a_database_that_is_away_is_waited_for_longer_and_longer_and_told_once(caplog):
    caplog.set_level(logging.INFO, "shanzhi.worker")
    waits = worker.BackOff("Jobs")

    pauses = [waits.after(OperationalError("connection refused")) for _ in range(10)]
    waits.over()
    waits.over()

    assert 0.4 <= pauses[0] <= 0.6
    assert all(pause <= 36 for pause in pauses)
    assert pauses[9] >= 24
    assert [record.getMessage() for record in caplog.records] == [
        "Jobs: the database does not answer (connection refused); trying again.",
        "Jobs: the database answers again.",
    ]


@pytest.mark.parametrize("fault", [OperationalError("away"), KeyError("a fault of ours")])
def test_following_the_journal_goes_on_after_a_fault(monkeypatch, fault):
    stop = threading.Event()
    monkeypatch.setattr(stop, "wait", lambda seconds: None)
    looks = []

    def run_all(at):
        looks.append(at)
        if len(looks) == 1:
            raise fault
        stop.set()
        return {"tallies": 0}

    monkeypatch.setattr(followers, "run_all", run_all)
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)

    worker.follow(stop)

    assert len(looks) == 2


def test_the_workers_app_has_every_task_of_django_and_its_own_connection():
    from procrastinate.contrib.django import app

    made = worker.worker_app()
    assert made.tasks is app.tasks
    assert made.periodic_registry is app.periodic_registry
    assert type(made.connector).__name__ == "PsycopgConnector"
    assert type(app.connector).__name__ == "DjangoConnector"
