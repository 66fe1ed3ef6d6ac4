"""A chunk of a file, read and judged, is kept. Nothing of it is in the registry yet."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import packing
from ..copying import Lines
from ..models import Batch, Chunk, Difference, Problem
from ..queries.imports_known import DIFFERS, Judged
from ..queries.imports_moves import MOVE


@transaction.atomic
def keep_chunk(
    *, batch: Batch, number: int, first: int, judged: Sequence[Judged], total: int
) -> None:
    """With its problems and differences, and what they add up to. Row `first` of the file, counted
    over all sheets, is its first.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    rows = [packing.kept(each) for each in judged]
    sealed = packing.pack(rows, packing.context(batch.pk, number))
    Chunk.objects.create(batch=batch, number=number, first=first, rows=len(rows), sealed=sealed)
    _keep_problems(batch, first, judged)
    _keep_differences(batch, first, judged)
    batch.counts = _added(batch.counts, judged)
    batch.done, batch.total = first + len(rows) - 1, max(total, first + len(rows) - 1)
    batch.save(update_fields=["counts", "done", "total"])


def _keep_problems(batch, first, judged):
    lines = Lines(Problem, ("row", "code", "column", "other", "place"), {"batch_id": batch.pk})
    for n, each in enumerate(judged, first):
        for found in each.row.problems:
            lines.add({"row": n, "code": found.code, "column": found.column, "other": found.other,
                       "place": found.place})  # fmt: skip
    lines.copy()


def _keep_differences(batch, first, judged):
    names = ("person_id", "row", "section", "fields", "filling", "told", "place", "stamp")
    lines = Lines(Difference, names, {"batch_id": batch.pk, "state": "waiting"})
    for n, each in enumerate(judged, first):
        for found in each.differences:
            lines.add({
                "person_id": found.person, "row": n, "section": found.section,
                "fields": found.fields, "filling": found.filling, "told": found.told,
                "place": each.row.place[:12], "stamp": found.stamp,
            })  # fmt: skip
    lines.copy()


def _added(counts, judged):
    outcomes = Counter(counts.get("outcomes", {}))
    problems = Counter(counts.get("problems", {}))
    outcomes.update(each.outcome for each in judged)
    problems.update({"differs": sum(each.outcome == DIFFERS for each in judged)})
    for each in judged:
        problems.update({found.code for found in each.row.problems})
    some = {code: count for code, count in problems.items() if count}
    moves = sum(each.section == MOVE for row in judged for each in row.differences)
    return counts | {"outcomes": dict(outcomes), "problems": some,
                     "moves": counts.get("moves", 0) + moves}  # fmt: skip


@transaction.atomic
def finish_check(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.CHECKING:
        return batch
    batch.state, batch.total = Batch.State.CHECKED, batch.done
    batch.save(update_fields=["state", "total"])
    journal.record("registry.import_checked", about=f"registry.Batch:{batch.pk}", by=by, at=at,
                   place=batch.place, outcomes=batch.counts.get("outcomes", {}))  # fmt: skip
    return batch


@transaction.atomic
def stop(*, batch: Batch, trouble: str, by: Actor, at: datetime) -> Batch:
    """It cannot go on, and why: a check goes back to the columns, what writes waits where it is."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    batch.trouble = trouble[:500]
    if batch.state == Batch.State.CHECKING:
        batch.state = Batch.State.UPLOADED
    batch.save(update_fields=["trouble", "state"])
    journal.record("registry.import_stopped", about=f"registry.Batch:{batch.pk}", by=by, at=at,
                   place=batch.place, state=batch.state)  # fmt: skip
    return batch


@transaction.atomic
def forget_rows(*, batch: Batch, by: Actor, at: datetime) -> None:
    """Chunks, problems and settled differences go; counts and what can be undone stay."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    Chunk.objects.filter(batch=batch).delete()
    Problem.objects.filter(batch=batch).delete()
    if batch.state in (Batch.State.UPLOADED, Batch.State.CHECKED):
        batch.state = Batch.State.DISCARDED
        Difference.objects.filter(batch=batch).delete()
    batch.layout = {}
    batch.save(update_fields=["layout", "state"])
    journal.record("registry.import_forgotten", about=f"registry.Batch:{batch.pk}", by=by, at=at,
                   place=batch.place)  # fmt: skip
