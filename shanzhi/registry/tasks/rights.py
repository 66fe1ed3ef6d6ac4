from django.utils import timezone
from procrastinate.contrib.django import app

from shanzhi.kernel.acting import SYSTEM

from .. import commands


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="registry.end_bindings", lock="registry.end_bindings")
def end_bindings(timestamp: int) -> int:
    """Guardians of those who have come of age, whoever still speaks for the dead, and all whose
    date has come.
    """
    return commands.end_bindings_outlived(by=SYSTEM, at=timezone.now())


@app.periodic(cron="20 0 * * *")
@app.task(queueing_lock="registry.tell_of_ends", lock="registry.end_bindings")
def tell_of_ends(timestamp: int) -> int:
    """Bindings that end in a month; whose night was missed are told in the next one."""
    return commands.tell_of_ends_to_come(by=SYSTEM, at=timezone.now())
