from django.utils import timezone
from procrastinate.contrib.django import app

from shanzhi.kernel.acting import SYSTEM

from .. import commands


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="registry.transfer_silent", lock="registry.transfer_silent")
def transfer_silent(timestamp: int) -> int:
    """Transfers that the old community did not answer in time."""
    return commands.transfer_silent(by=SYSTEM, at=timezone.now())


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="registry.expire_tags", lock="registry.expire_tags")
def expire_tags(timestamp: int) -> int:
    """Restricted tags that nobody looked at again."""
    return commands.expire_tags(by=SYSTEM, at=timezone.now())
