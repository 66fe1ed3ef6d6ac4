"""What the worker does for grants and the read log by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from shanzhi.kernel.acting import SYSTEM

from .. import commands


@app.periodic(cron="10 0 * * *")
@app.task(queueing_lock="registry.end_grants", lock="registry.end_grants")
def end_grants(timestamp: int) -> int:
    """What was granted until yesterday."""
    return commands.end_grants_due(by=SYSTEM, at=timezone.now())


@app.periodic(cron="6 0 * * *")
@app.task(queueing_lock="registry.read_partitions", lock="registry.read_partitions")
def prepare_read_partitions(timestamp: int) -> list[str]:
    """The read log's months, well before they begin."""
    return commands.prepare_read_partitions(by=SYSTEM, at=timezone.now())
