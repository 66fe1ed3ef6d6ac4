"""What the worker does by itself."""

from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app

from shanzhi.work import tasks


def test_the_worker_knows_its_tasks_and_when_to_run_them():
    planned = {
        each.task.name.removeprefix("shanzhi.work.tasks."): each.cron
        for each in app.periodic_registry.periodic_tasks.values()
    }

    mine = {name: planned[name] for name in ("sweep", "recount", "retry_stalled")}
    assert mine == {"sweep": "* * * * *", "recount": "* * * * *", "retry_stalled": "*/5 * * * *"}


def test_a_recount_with_nothing_to_do_ends(published):
    assert tasks.recount(timestamp=0) == 0


@pytest.fixture
def jobs(committed):
    yield
    _sql("TRUNCATE procrastinate_jobs CASCADE")


def test_a_job_whose_worker_was_killed_starts_again(jobs):
    _job("doing", "work.sweep")

    assert _retry() == 1
    assert _sql("SELECT status, attempts FROM procrastinate_jobs") == [("todo", 1)]
    assert _retry() == 0


def test_a_killed_job_whose_successor_waits_already_is_given_up(jobs):
    _job("doing", "work.sweep")
    _job("todo", "work.sweep")

    assert _retry() == 1
    assert _sql("SELECT status FROM procrastinate_jobs ORDER BY id") == [("failed",), ("todo",)]


def _retry():
    return async_to_sync(tasks.retry_stalled.func)(SimpleNamespace(app=app), 0)


def _job(status, lock):
    _sql(
        "INSERT INTO procrastinate_jobs (task_name, queue_name, queueing_lock, args, status)"
        " VALUES ('shanzhi.work.tasks.sweep', 'default', %s, '{}', %s)",
        [lock, status],
    )


def _sql(text, values=()):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else []
