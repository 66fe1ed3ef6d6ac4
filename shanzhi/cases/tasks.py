"""What the worker does for cases by itself. Each may be stopped anywhere and run twice."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shanzhi.files import commands as files
from shanzhi.kernel.acting import SYSTEM

from . import commands, sweeping


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="cases.accept_silent", lock="cases.accept_silent")
def accept_silent(timestamp: int) -> int:
    return sweeping.accept_silent(at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="cases.close_answered", lock="cases.close_answered")
def close_answered(timestamp: int) -> int:
    return sweeping.close_answered(at=timezone.now())


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="cases.purge", lock="cases.purge")
def purge(timestamp: int) -> int:
    """Drafts nobody touched for a month, yesterday's API answers, uploads nobody sent."""
    now = timezone.now()
    commands.purge(by=SYSTEM, at=now)
    return files.sweep_orphans(by=SYSTEM, at=now)
