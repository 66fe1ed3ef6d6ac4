"""What the worker does for demands by itself. It may be stopped anywhere and run twice."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shanzhi.kernel.acting import SYSTEM

from . import commands


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="burden.exit_expired", lock="burden.exit_expired")
def exit_expired(timestamp: int) -> int:
    """Just after midnight: whose last day was yesterday leaves."""
    total = 0
    while left := commands.exit_expired(by=SYSTEM, at=timezone.now()):
        total += left
    return total
