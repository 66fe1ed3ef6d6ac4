"""What the worker does for agreements. It may be stopped anywhere and run twice."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from shanzhi.kernel.acting import SYSTEM, Actor

from . import commands, queries
from .models import Run

LONG = timedelta(minutes=2)


@app.task(name="agreements.make", lock="agreements.make")
def make(run: int) -> int:
    return _through(run, commands.make_more)


@app.task(name="agreements.sign", lock="agreements.sign")
def sign(run: int) -> int:
    return _through(run, commands.sign_more)


def _through(run, command):
    found = Run.objects.get(pk=run)
    by = Actor(**found.acting) if found.acting.get("account_id") else SYSTEM
    while command(run=found, by=by, at=timezone.now()):
        pass
    return Run.objects.get(pk=run).made


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="agreements.resume")
def resume(timestamp: int) -> int:
    """Those whose worker was killed, or lost the database."""
    waiting = queries.unfinished(timezone.now() - LONG)
    for run in waiting:
        go_on(run)
    return len(waiting)


@app.periodic(cron="20 0 * * *")
@app.task(queueing_lock="agreements.daily", lock="agreements.daily")
def daily(timestamp: int) -> int:
    """Just after midnight: whose year is to be evaluated, and what should have been paid."""
    total = 0
    for command in (commands.ask_evaluations, commands.remind_payments):
        while done := command(by=SYSTEM, at=timezone.now()):
            total += done
    return total


def go_on(run: int) -> None:
    """Asked twice, it is done once."""
    kind = Run.objects.values_list("kind", flat=True).get(pk=run)
    job = {Run.Kind.MAKE: make, Run.Kind.SIGN: sign}[Run.Kind(kind)]
    try:
        with transaction.atomic():
            job.configure(queueing_lock=f"agreements.{kind}.{run}").defer(run=run)
    except AlreadyEnqueued:
        return
