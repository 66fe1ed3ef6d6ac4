from django.utils import timezone
from procrastinate.contrib.django import app

from shanzhi.kernel.acting import SYSTEM

from .. import commands


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="registry.end_bindings", lock="registry.end_bindings")
def end_bindings(timestamp: int) -> int:
    """Guardians of those who have come of age, and whoever still speaks for the dead."""
    return commands.end_bindings_outlived(by=SYSTEM, at=timezone.now())
