"""Housekeeping of the job queue itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

KEEP_HOURS = 24 * 7


@app.periodic(cron="17 3 * * *")
@app.task(pass_context=True, queueing_lock="operate.forget_old_jobs")
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that succeeded are of no interest after a week; those that failed stay."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS)
