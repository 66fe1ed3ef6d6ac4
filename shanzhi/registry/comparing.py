"""The job of a comparison: read the entries, propose pairs, keep them. Whoever is stopped anywhere
leaves a job that begins again; nothing is kept by halves.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from shanzhi.kernel.acting import SYSTEM

from . import linking
from .commands import linking as commands
from .linking import CHINESE, Ranked, Record, rank
from .models import LinkJob
from .queries import linking as queries

log = logging.getLogger(__name__)
RUNS = (
    820_311  # the key of the lock that a running comparison holds; its connection's death frees it
)
SEED = 1
WORTH = 0.0  # bits from which somebody should look at a pair: as likely as not
MOST = 20_000  # pairs that are kept, the likeliest


def run_waiting(*, now: Callable[[], datetime]) -> int:
    """How many were finished."""
    jobs = queries.unfinished()
    return sum(run(job, now=now) for job in jobs)


def run(job: LinkJob, *, now: Callable[[], datetime]) -> bool:
    if not _take(job.pk):
        return False  # another worker is at it
    try:
        _run(job, now)
    except Exception:  # the fault is the programmer's to see, and the community's to be told of
        log.exception("comparison %s did not finish", job.pk)
        commands.fail(job=job, trouble=_("The comparison broke off. Start it again."), by=SYSTEM,
                      at=now())  # fmt: skip
    finally:
        _let_go(job.pk)
    return True


def _run(job, now):
    lists = queries.records(job.place, job.batch)
    job = commands.begin(job=job, records=sum(map(len, lists)), by=SYSTEM, at=now())
    ranked = propose(lists)
    commands.keep_pairs(job=job, ranked=_allowed(ranked)[:MOST], by=SYSTEM, at=now())


def propose(lists: list[list[Record]]) -> list[Ranked]:
    pairs = linking.propose(*lists, model=CHINESE, seed=SEED)
    return rank(pairs, one_list=len(lists) == 1)


def _allowed(ranked):
    """Without those somebody said no to, and two who have valid numbers that differ."""
    ids = {end for each in ranked for end in (each.pair.left, each.pair.right)}
    said, numbers = queries.said_not_same(ids), queries.numbers(ids)
    found = []
    for each in ranked:
        if each.pair.weight < WORTH:
            continue
        left, right = each.pair.left, each.pair.right
        one, two = numbers.get(left), numbers.get(right)
        if (min(left, right), max(left, right)) not in said and not (one and two and one != two):
            found.append(each)
    return found


def _take(number):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [RUNS, number])
        return cursor.fetchone()[0]


def _let_go(number):
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [RUNS, number])
