"""What the worker does for the diary by itself. It may be stopped anywhere and run twice."""

import secrets

from django.utils import timezone
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from shanzhi.kernel.acting import SYSTEM

from . import commands
from .kinds import Quarter
from .queries import diary


@app.periodic(cron="20 0 * * *")
@app.task(queueing_lock="effort.draw", lock="effort.draw")
def draw(timestamp: int) -> int:
    """Every night: for communities that have no half-days in this quarter yet."""
    at = timezone.now()
    made = [
        commands.draw(community=community, seed=secrets.randbits(48), by=SYSTEM, at=at)
        for community in diary.undrawn(Quarter.of(localdate(at)))
    ]
    return sum(each is not None for each in made)


@app.periodic(cron="40 17 * * *")
@app.task(queueing_lock="effort.expire", lock="effort.expire")
def expire(timestamp: int) -> int:
    """When the working day is over."""
    return commands.expire(by=SYSTEM, at=timezone.now())
