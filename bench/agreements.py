"""Agreements of every community of the city: the rows, and the documents that can be opened.

All entries of list two are taken as confirmed, which makes the longest agreement there can be. What
is made is taken away again.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from django.conf import settings
from django.db import connection
from django.utils import timezone

from operate import progress
from shanzhi.agreements import commands, queries
from shanzhi.agreements.models import Agreement, Run
from shanzhi.burden import demo
from shanzhi.burden.models import Edition, ListEntry
from shanzhi.burden.queries import lists
from shanzhi.kernel.acting import SYSTEM

from . import drawing
from .report import Row

SECONDS = 300
PROCESSES = 2


def rows() -> list[Row]:
    at, city = timezone.now(), settings.SHANZHI_CITY
    year = timezone.localdate(at).year + 1
    with _everything_confirmed(city, at):
        try:
            made = _made(city, year, at)
            drawn = _drawn(year)
        finally:
            _take_away(year)
    return [*made, *drawn]


@contextmanager
def _everything_confirmed(city, at) -> Iterator[None]:
    """The lists as they are shipped, where the city has none; all of their bases as checked."""
    fresh = lists.edition("assist", city) is None
    if fresh:
        demo.lists(city, at)
    doubted = ListEntry.objects.filter(edition__state="in_force", confirmed=False)
    doubted = list(doubted.exclude(clause="").values_list("pk", flat=True))
    ListEntry.objects.filter(pk__in=doubted).update(confirmed=True)
    try:
        yield
    finally:
        ListEntry.objects.filter(pk__in=doubted).update(confirmed=False)
        if fresh:
            Edition.objects.all().delete()


def _made(city, year, at) -> list[Row]:
    began = time.perf_counter()
    run = commands.start_run(place=city, year=year, by=SYSTEM, at=at)
    while commands.make_more(run=run, by=SYSTEM, at=timezone.now()):
        progress.say(f"        {Run.objects.get(pk=run.pk).done} communities")
    seconds = time.perf_counter() - began
    run.refresh_from_db()
    clauses = len(queries.asked(queries.yearly(year).first()))
    title = f"{run.made:,} agreements made from the lists"
    detail = f"{clauses} things asked in each; {run.kept} were there, {len(run.failures)} left out"
    return [Row("agreements", title, "s", seconds, SECONDS, most=True, detail=detail)]


def _drawn(year) -> list[Row]:
    keys = list(queries.yearly(year).order_by("place").values_list("pk", flat=True))
    began = time.perf_counter()
    with ProcessPoolExecutor(PROCESSES, get_context("spawn"), initializer=drawing.ready) as pool:
        taken = list(pool.map(drawing.draw, keys, chunksize=20))
    seconds = time.perf_counter() - began
    by_clock, worked, size = (sum(column) / len(taken) for column in zip(*taken, strict=True))
    title = f"Documents of {len(keys):,} agreements, {PROCESSES} processes"
    detail = f"{1000 * worked:,.0f} ms of processor time and {size / 1000:,.0f} kB each"
    return [
        Row("agreements.documents", title, "s", seconds, SECONDS, most=True, detail=detail),
        Row("agreements.open", "A draft opened: its document drawn", "ms", 1000 * by_clock),
    ]


def _take_away(year):
    of_year = "SELECT id FROM agreements_agreement WHERE year = %s"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM agreements_clause WHERE agreement_id IN ({of_year})", [year])
    Agreement.objects.filter(year=year).delete()
    Run.objects.filter(year=year).delete()
