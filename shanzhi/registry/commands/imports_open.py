"""A batch is opened at one stroke, hidden again as fast, and what it wrote is taken away."""

from collections import Counter
from datetime import datetime

from django.db import connection, transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import restating
from ..models import Batch, Chunk, Difference, Hidden

AT_ONCE = 20_000  # differences that are settled within the stroke; more follow in further ones
State, Settled = Batch.State, Difference.State


COUNT = """
INSERT INTO registry_turn (batch, place, kind, birth, sex, count)
SELECT batch, place, kind, birth, sex, count(*) FROM registry_counted
WHERE batch = %s GROUP BY batch, place, kind, birth, sex
"""


@transaction.atomic
def count(*, batch: Batch) -> None:
    """The population figures of the batch, before it is opened: they count with its opening, which
    is done in a moment then.
    """
    hidden = Hidden.objects.select_for_update().filter(batch=batch.pk, counted=False).first()
    if hidden is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [batch.pk])
    hidden.counted = True
    hidden.save(update_fields=["counted"])


@transaction.atomic
def open_batch(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """From here on everybody sees what it brought. One line of the journal a community."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.APPLYING or Chunk.objects.filter(batch=batch, applied=False).exists():
        return batch
    _looked, counts = _settle(batch, at)
    Hidden.objects.filter(batch=batch.pk).delete()
    batch.state, batch.opened_at, batch.trouble = State.OPENED, at, ""
    batch.counts = batch.counts | {"changed": dict(counts)}
    batch.save(update_fields=["state", "opened_at", "trouble", "counts"])
    _tell("registry.imported", batch, by, at)
    return batch


def _tell(verb, batch, by, at, **more):
    """A line for each community that it has to do with."""
    written, changed = batch.counts.get("written", {}), batch.counts.get("changed", {})
    for place in sorted(written.keys() | changed.keys()):
        journal.record(
            verb, about=f"registry.Batch:{batch.pk}", by=by, at=at, place=place,
            new=written.get(place, 0), changed=changed.get(place, 0), **more,
        )  # fmt: skip


@transaction.atomic
def settle_more(*, batch: Batch, by: Actor, at: datetime) -> int:
    """Of a batch with very many differences: the next ones, all of them or none; how many."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    looked, counts = _settle(batch, at)
    if counts:
        changed = Counter(batch.counts.get("changed", {})) + counts
        batch.counts = batch.counts | {"changed": dict(changed)}
        batch.save(update_fields=["counts"])
        for place, count in sorted(counts.items()):
            journal.record("registry.imported", about=f"registry.Batch:{batch.pk}", by=by, at=at,
                           place=place, new=0, changed=count)  # fmt: skip
    return looked


def waiting(batch: Batch) -> list[Difference]:
    """Differences that the decision of the batch takes, in the order of its rows."""
    rows = Difference.objects.filter(batch=batch, state=Settled.WAITING)
    if batch.decision == Batch.Decision.KEEP:
        return []
    if batch.decision == Batch.Decision.FILL:
        rows = rows.exclude(filling=[])
    return list(rows.order_by("row", "id")[:AT_ONCE])


def _settle(batch, at):
    found = waiting(batch)
    return len(found), restating.take(batch, found, restating.told(batch.decision), at=at)
