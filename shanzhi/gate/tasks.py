"""What the worker does for the gate by itself. It may be stopped anywhere and run twice."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shanzhi.kernel.acting import SYSTEM

from . import commands

DAILY = (
    commands.close_hearings, commands.open_reviews, commands.close_reviews, commands.ask_owners,
)  # fmt: skip


@app.periodic(cron="15 0 * * *")
@app.task(queueing_lock="gate.daily", lock="gate.daily")
def daily(timestamp: int) -> int:
    """Just after midnight: hearings and reviews whose time is over, reviews and ends that come."""
    total = 0
    for command in DAILY:
        while done := command(by=SYSTEM, at=timezone.now()):
            total += done
    return total
