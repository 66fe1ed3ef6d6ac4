"""An import is taken back in pieces, each a short transaction: who was changed since is freed, the
rest is unseen at one stroke, known persons are as before, and what it wrote is removed. A job
that was killed goes on where it was.
"""

from collections import Counter
from datetime import datetime

from django.db import connection, transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import copying, kinds, moving, restating
from ..models import (
    Batch,
    Difference,
    Dwelling,
    Hidden,
    Household,
    Membership,
    Person,
    Presence,
    Turn,
)
from ..queries.imports_moves import MOVE
from .imports_open import AT_ONCE

PIECE = 10_000  # persons, households or homes of one transaction
State, Settled = Batch.State, Difference.State


@transaction.atomic
def free(*, batch: Batch) -> bool:
    """Of the next of its persons, those somebody else has written about are no longer the batch's.
    Before anything is hidden, so that nobody misses them for a moment; False when all were seen.
    """
    batch = _locked(batch)
    if batch.state != State.UNDOING or "removed" in batch.counts:
        return False
    first, last = batch.counts.get("left") or _span(batch)
    if first > last:
        return False
    kept = _free(batch, first, first + PIECE)
    _count(batch, left=[first + PIECE, last], kept=batch.counts.get("kept", 0) + len(kept))
    return True


def _locked(batch):
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _count(batch, **counts):
    batch.counts = batch.counts | counts
    batch.done = batch.counts.get("removed", 0)
    batch.save(update_fields=["counts", "done"])


def _span(batch):
    """The keys between which its persons lie; + 0 keeps the planner from walking through all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(min(id + 0), 1), coalesce(max(id + 0), 0) FROM registry_person"
            " WHERE batch = %s",
            [batch.pk],
        )
        return list(cursor.fetchone())


def _free(batch, first, end):
    copying.by_index()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM registry_person AS person WHERE batch = %(batch)s"
            f" AND id >= %(first)s AND id < %(end)s AND ({_touched()}) ORDER BY id",
            {"batch": batch.pk, "stamp": batch.stamp, "first": first, "end": end},
        )
        kept = [row[0] for row in cursor.fetchall()]
    if kept:
        Presence.objects.filter(batch=batch.pk, person__in=kept).update(batch=None)
        Membership.objects.filter(batch=batch.pk, person__in=kept).update(batch=None)
        Person.objects.filter(pk__in=kept).update(batch=None)
    return kept


@transaction.atomic
def hide_again(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """Nobody sees it any more, and the first of the known persons are as before."""
    batch = _locked(batch)
    if batch.state != State.UNDOING or "removed" in batch.counts:
        return batch
    _hide(batch)
    _count(batch, removed=0, kept=batch.counts.get("kept", 0), left=_span(batch))
    _put_back(batch, at)
    journal.record(
        "registry.import_hidden", about=f"registry.Batch:{batch.pk}", by=by, at=at,
        place=batch.place, kept=batch.counts["kept"],
    )  # fmt: skip
    return batch


def _hide(batch):
    """One that was never opened is hidden still, and perhaps its figures are made already."""
    hidden, new = Hidden.objects.get_or_create(batch=batch.pk)
    if not new and hidden.counted:
        Turn.objects.filter(batch=batch.pk).delete()
        hidden.counted = False
        hidden.save(update_fields=["counted"])


@transaction.atomic
def put_back_more(*, batch: Batch, by: Actor, at: datetime) -> int:
    """Of a batch that changed very many known persons: the next, all of them or none."""
    batch = _locked(batch)
    if batch.state != State.UNDOING or not (count := _put_back(batch, at)):
        return 0
    journal.record("registry.import_put_back", about=f"registry.Batch:{batch.pk}", by=by, at=at,
                   place=batch.place, count=count)  # fmt: skip
    return count


def _put_back(batch, at):
    rows = Difference.objects.filter(batch=batch, state=Settled.TAKEN).order_by("row", "id")
    taken = list(rows[:AT_ONCE])
    moves = [each for each in taken if each.section == MOVE]
    rest = [each for each in taken if each.section != MOVE]
    moving.put_back(moves, at=at)
    for each in rest:
        each.stamp = each.settled_at
    restating.take(batch, rest, restating.back, at=at)
    undone = [each for each in rest if each.state == Settled.TAKEN]
    for each in undone:
        each.state = Settled.UNDONE
    Difference.objects.bulk_update(undone, ["state"])
    stayed = sum(each.state == Settled.STALE for each in taken)
    if stayed:
        _count(batch, kept=batch.counts["kept"] + stayed)
    return len(taken)


def _touched():
    """Its own row, or a row of another table that speaks of it and is not of the batch."""
    stamps = ["person.recorded_at <> %(stamp)s::timestamptz"]
    ours = {Presence, Membership}
    records = {section.model for section in kinds.SECTIONS.values()}
    for relation in Person._meta.related_objects:
        model, column = relation.related_model, relation.field.column
        if not model._meta.managed:
            continue
        others = "true"
        if model in ours:
            others = "(row.batch IS DISTINCT FROM person.batch OR row.until IS NOT NULL)"
        elif model in records:
            others = "row.recorded_at <> %(stamp)s::timestamptz"
        stamps.append(
            f"EXISTS (SELECT FROM {model._meta.db_table} AS row"
            f" WHERE row.{column} = person.id AND {others})"
        )
    for table in ("registry_version", "registry_formerstay"):
        stamps.append(f"EXISTS (SELECT FROM {table} AS row WHERE row.person_id = person.id)")
    return " OR ".join(stamps)


@transaction.atomic
def purge(*, batch: Batch) -> bool:
    """The next of its persons, with all that hangs on them; whoever was changed since they were
    hidden stays. False when none is left.
    """
    batch = _locked(batch)
    first, last = batch.counts["left"]
    if first > last:
        return False
    kept = _free(batch, first, first + PIECE)
    rows = Person.objects.filter(batch=batch.pk, pk__gte=first, pk__lt=first + PIECE)
    persons = list(rows.order_by("pk").values_list("pk", flat=True))
    for model in (Presence, Membership, *_records()):
        _delete(model, "person_id", persons)
    _delete(Person, "id", persons)
    _count(batch, left=[first + PIECE, last], kept=batch.counts["kept"] + len(kept),
           removed=batch.counts["removed"] + len(persons))  # fmt: skip
    return True


def _records():
    return [
        section.model
        for section in kinds.SECTIONS.values()
        if "person" in {field.name for field in section.model._meta.concrete_fields}
    ]


def _delete(model, column, persons):
    """Without asking for what hangs on them: that is gone already."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} = ANY(%s)", [persons])


UNUSED = """
WITH looked AS MATERIALIZED (
    SELECT id FROM {table} WHERE batch = %(batch)s LIMIT %(piece)s FOR UPDATE
), used AS MATERIALIZED (
    SELECT id FROM looked WHERE {used}
), gone AS (
    DELETE FROM {table} AS here USING looked
    WHERE here.id = looked.id AND NOT EXISTS (SELECT FROM used WHERE used.id = here.id)
), freed AS (
    UPDATE {table} AS here SET batch = NULL FROM used WHERE here.id = used.id
)
SELECT count(*) FROM looked
"""


@transaction.atomic
def purge_unused(*, batch: Batch) -> int:
    """The next households without members and homes without anybody go; those in use are nobody's
    import any more. How many were looked at.
    """
    batch, looked = _locked(batch), 0
    for model in (Household, Dwelling):
        looked = looked or _purge_unused(batch, model)
    return looked


def _purge_unused(batch, model):
    copying.by_index()
    pointing = [
        f"EXISTS (SELECT FROM {each.related_model._meta.db_table} AS row"
        f" WHERE row.{each.field.column} = looked.id)"
        for each in model._meta.related_objects
    ]
    sql = UNUSED.format(table=model._meta.db_table, used=" OR ".join(pointing))
    with connection.cursor() as cursor:
        cursor.execute(sql, {"batch": batch.pk, "piece": PIECE})
        return cursor.fetchone()[0]


@transaction.atomic
def finish_undo(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """What is left is nobody's import any more."""
    batch = _locked(batch)
    if batch.state != State.UNDOING or Person.objects.filter(batch=batch.pk).exists():
        return batch
    for model in (Presence, Membership):
        model.objects.filter(batch=batch.pk).update(batch=None)
    Hidden.objects.filter(batch=batch.pk).delete()
    batch.state, batch.undone_at, batch.trouble = State.UNDONE, at, ""
    batch.counts = {key: value for key, value in batch.counts.items() if key != "left"}
    batch.save(update_fields=["state", "undone_at", "trouble", "counts"])
    for place in _places(batch):
        journal.record("registry.import_undone", about=f"registry.Batch:{batch.pk}", by=by, at=at,
                       place=place, kept=batch.counts.get("kept", 0))  # fmt: skip
    return batch


def _places(batch):
    counts = Counter(batch.counts.get("written", {})) + Counter(batch.counts.get("changed", {}))
    return sorted(counts) or [batch.place]
