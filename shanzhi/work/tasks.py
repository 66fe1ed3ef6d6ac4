"""What the worker does by itself. Each may be stopped anywhere and run twice."""

import logging

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from shanzhi.kernel.acting import SYSTEM

from . import commands

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="work.sweep")
def sweep(timestamp: int) -> int:
    """Yellow and red marks, every minute."""
    turned = 0
    while True:
        batch = commands.sweep(by=SYSTEM, at=timezone.now())
        turned += batch
        if batch < commands.SWEPT_AT_ONCE:
            return turned


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="work.recount")
def recount(timestamp: int) -> int:
    """Due dates after the calendar changed; nothing to do on all other days."""
    counted = 0
    while batch := commands.recount(by=SYSTEM, at=timezone.now()):
        counted += batch
    return counted


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="work.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> int:
    """A worker that was killed leaves its jobs `doing`: start them again."""
    manager = context.app.job_manager
    jobs = list(await manager.get_stalled_jobs())
    for job in jobs:
        log.warning("job %s (%s) had lost its worker", job.id, job.task_name)
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # its successor waits already
            await manager.finish_job(job, Status.FAILED, delete_job=False)
    return len(jobs)
