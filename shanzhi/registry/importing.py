"""The jobs of an import: check, take over, undo. Each goes on where it was, however it ended; two
never run for one batch at the same time.
"""

import gc
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db import connection, transaction
from django.utils.timezone import localdate

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from . import copying, writing
from .commands import imports_apply, imports_check, imports_open, imports_undo
from .intake import cells, keeping, rows
from .intake.cells import Line
from .intake.series import Series
from .models import Batch, Chunk
from .queries import imports as batches
from .queries.imports_known import judge

log = logging.getLogger(__name__)

ROWS = 2000  # of a chunk
State = Batch.State
Tell = Callable[[int, int], None]
WRITES = 820_301  # the key of the lock that those who write hold one after the other
RUNS = 820_302  # and of the one that a batch's job holds
FEEDS = 820_303
"""Advisory locks belong to the connection: whoever is killed, lets them go."""


def silent(done: int, total: int) -> None:
    """For who does not want to know."""


def run(batch_id: int, *, now: Callable[[], datetime], tell: Tell = silent) -> str:
    """Whatever is to be done next with a batch; its state afterwards."""
    with alone(RUNS, batch_id) as free, _loaded_stays():
        batch = Batch.objects.select_related("source", "feed").get(pk=batch_id)
        if free and batch.state in STEPS:
            try:
                STEPS[batch.state](batch, now, tell)
            except Refused as refusal:
                imports_check.stop(batch=batch, trouble=str(refusal), by=_by(batch), at=now())
    return Batch.objects.get(pk=batch_id).state


@contextmanager
def _loaded_stays() -> Iterator[None]:
    """The garbage collector would look through all that is loaded again and again, as rows come;
    they have no rings for it.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextmanager
def alone(key: int, number: int, *, wait: bool = False) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [key, number])
        free = cursor.fetchone()[0]
        while wait and not free:
            time.sleep(0.5)
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [key, number])
            free = cursor.fetchone()[0]
        try:
            yield free
        finally:
            if free:
                _let_go(key, number)


def _let_go(key, number):
    """The connection may have died with the database; then the lock has, too."""
    if connection.connection is not None and not connection.connection.closed:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [key, number])


def _by(batch: Batch) -> Actor:
    return Actor(**batch.acting) if batch.acting.get("account_id") else SYSTEM


# --- check ----------------------------------------------------------------------------------------


def _check(batch, now, tell):
    """Chunks that are kept already are read again, since rows know of those before them."""
    kept = set(Chunk.objects.filter(batch=batch).values_list("number", flat=True))
    adds = batch.feed is None or batch.feed.adds
    with keeping.opened(batch.file) as path:
        lines = data_lines(path, batch)
        plan = plan_of(batch, localdate(batch.began_at))
        total, first = _expected(batch), 1
        read = Series(plan).read(lines)
        for number in range(1, cells.MOST_ROWS):
            if not (some := list(islice(read, ROWS))):
                break
            if number not in kept:
                _judge_chunk(batch, number, first, some, adds, total)
            first += len(some)
            tell(first - 1, total)
    imports_check.finish_check(batch=batch, by=_by(batch), at=now())


def _judge_chunk(batch, number, first, some, adds, total):
    with transaction.atomic():
        copying.by_index()
        judged = judge(some, adds=adds)
        imports_check.keep_chunk(
            batch=batch, number=number, first=first, judged=judged, total=total
        )


def _expected(batch):
    """Rows there will be, as far as the size of the file tells."""
    return batch.layout.get("expected", 0)


def plan_of(batch: Batch, today) -> rows.Plan:
    return rows.plan(
        batch.columns, batches.ground(batch.place), today=today,
        titles=batch.layout.get("titles", ()), sheets=batch.layout["sheets"],
    )  # fmt: skip


def data_lines(path: Path, batch: Batch) -> Iterator[Line]:
    """The rows below the header, of every sheet that has it."""
    begins = {int(sheet): row for sheet, row in batch.layout["begins"].items()}
    for line in cells.lines(path, cells.Layout.of(batch.layout), set(begins)):
        if line.number > begins[line.sheet]:
            yield line


# --- take over ------------------------------------------------------------------------------------


def _apply(batch, now, tell):
    with alone(WRITES, 0, wait=True):
        imports_apply.hide(batch=batch)
        known = imports_apply.Writing.of(batch)
        chunks = Chunk.objects.filter(batch=batch, applied=False).order_by("number")
        for chunk, ready in writing.ahead(batch, known.tables, chunks.values_list("pk", flat=True)):
            imports_apply.apply_chunk(writing=known, chunk=chunk, ready=ready)
            tell(chunk.first + chunk.rows - 1, batch.total)
        imports_open.count(batch=batch)
        began = time.perf_counter()
        imports_open.open_batch(batch=batch, by=_by(batch), at=now())
        log.info("batch %s was opened in %.1f s", batch.pk, time.perf_counter() - began)
    while imports_open.settle_more(batch=batch, by=_by(batch), at=now()):
        pass
    if batch.total > ANALYZED:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE registry_person, registry_presence, registry_membership")


ANALYZED = 100_000  # rows after which the planner should look again


# --- undo -----------------------------------------------------------------------------------------


def _undo(batch, now, tell):
    with alone(WRITES, 0, wait=True):
        while imports_undo.free(batch=batch):
            pass
        imports_undo.hide_again(batch=batch, by=_by(batch), at=now())
        while imports_undo.put_back_more(batch=batch, by=_by(batch), at=now()):
            pass
        while imports_undo.purge(batch=batch):
            tell(Batch.objects.get(pk=batch.pk).done, batch.total)
        while imports_undo.purge_unused(batch=batch):
            pass
        imports_undo.finish_undo(batch=batch, by=_by(batch), at=now())


STEPS = {State.CHECKING: _check, State.APPLYING: _apply, State.UNDOING: _undo}


def unfinished() -> list[int]:
    """Batches that a job should be busy with."""
    rows = Batch.objects.filter(state__in=STEPS, trouble="")
    return list(rows.order_by("id").values_list("pk", flat=True))


KEPT = timedelta(days=30)  # after which nobody downloads what was left out


def forget(*, at: datetime) -> int:
    """What lies on the disk and in chunks of imports that are long over. Undoing needs neither."""
    old = Batch.objects.filter(state__in=OVER, made_at__lt=at - KEPT, layout__has_key="sheets")
    forgotten = 0
    for batch in old.order_by("id")[:FORGOTTEN]:
        imports_check.forget_rows(batch=batch, by=SYSTEM, at=at)
        keeping.remove(batch.file)
        forgotten += 1
    return forgotten


OVER = (State.UPLOADED, State.CHECKED, State.OPENED, State.UNDONE, State.DISCARDED)
FORGOTTEN = 200  # of one night
