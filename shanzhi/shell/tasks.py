"""The daily care of areas that know nothing of jobs: journal, tallies, accounts."""

from datetime import timedelta

from django.utils import timezone
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from shanzhi.journal import commands as journal
from shanzhi.journal import tallies
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands as people


@app.periodic(cron="5 0 * * *")
@app.task(queueing_lock="shell.partitions", lock="shell.partitions")
def prepare_partitions(timestamp: int) -> list[str]:
    """The journal's months, well before they begin."""
    return journal.prepare_partitions(by=SYSTEM, at=timezone.now())


@app.periodic(cron="30 2 * * *")
@app.task(queueing_lock="shell.rebuild_tallies", lock="shell.rebuild_tallies")
def rebuild_tallies(timestamp: int) -> int:
    """Count yesterday once more from the entries, and mend what differs; of a measure that is new,
    all days before."""
    now = timezone.now()
    tallies.count_new(at=now)
    yesterday = localdate(now) - timedelta(days=1)
    return len(tallies.rebuild(since=yesterday, until=yesterday, at=now))


@app.periodic(cron="50 3 * * *")
@app.task(queueing_lock="shell.sweep_people", lock="shell.sweep_people")
def sweep_people(timestamp: int) -> int:
    """Used codes, old attempts, ended sessions."""
    return people.sweep(by=SYSTEM, at=timezone.now())
