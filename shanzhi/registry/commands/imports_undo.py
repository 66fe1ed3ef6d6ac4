"""An import is taken back: unseen at one stroke, then removed piece by piece. What somebody changed
since stays, and is listed.
"""

from collections import Counter
from datetime import datetime

from django.db import connection, transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import kinds, restating
from ..models import (
    Batch,
    Difference,
    Dwelling,
    Hidden,
    Household,
    Membership,
    Person,
    Presence,
)

PURGED = 20_000  # persons of one transaction
State, Settled = Batch.State, Difference.State


@transaction.atomic
def hide_again(*, batch: Batch, by: Actor, at: datetime) -> list[int]:
    """Nobody sees it any more, and known persons are as before; the persons that stay."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.UNDOING or "kept" in batch.counts:
        return []
    kept = _free(batch)
    _make_hidden(batch)
    taken = list(Difference.objects.filter(batch=batch, state=Settled.TAKEN))
    for each in taken:
        each.stamp = each.settled_at
    restating.take(batch, taken, restating.back, at=at)
    undone = [each for each in taken if each.state == Settled.TAKEN]
    for each in undone:
        each.state = Settled.UNDONE
    Difference.objects.bulk_update(undone, ["state"])
    stayed = [each.person_id for each in taken if each.state == Settled.STALE]
    batch.counts = batch.counts | {"kept": kept + stayed, "removed": 0}
    batch.save(update_fields=["counts"])
    journal.record(
        "registry.import_hidden", about=f"registry.Batch:{batch.pk}", by=by, at=at,
        place=batch.place, kept=len(batch.counts["kept"]),
    )  # fmt: skip
    return kept


def _make_hidden(batch):
    Hidden.objects.get_or_create(batch=batch.pk)


def _free(batch):
    """Persons that somebody else has written about: theirs is no longer of the batch."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM registry_person AS person"
            f" WHERE batch = %(batch)s AND ({_touched()}) ORDER BY id",
            {"batch": batch.pk, "stamp": batch.stamp},
        )
        kept = [row[0] for row in cursor.fetchall()]
    if kept:
        Presence.objects.filter(batch=batch.pk, person__in=kept).update(batch=None)
        Membership.objects.filter(batch=batch.pk, person__in=kept).update(batch=None)
        Person.objects.filter(pk__in=kept).update(batch=None)
    return kept


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
    stamps.append("EXISTS (SELECT FROM registry_version AS row WHERE row.person_id = person.id)")
    return " OR ".join(stamps)


@transaction.atomic
def purge(*, batch: Batch) -> int:
    """The next of its persons, with all that hangs on them; 0 when none is left."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    persons = list(
        Person.objects.filter(batch=batch.pk).order_by("pk").values_list("pk", flat=True)[:PURGED]
    )
    if not persons:
        return 0
    for model in (Presence, Membership, *_records()):
        _delete(model, "person_id", persons)
    _delete(Person, "id", persons)
    batch.counts = batch.counts | {"removed": batch.counts.get("removed", 0) + len(persons)}
    batch.done = batch.counts["removed"]
    batch.save(update_fields=["counts", "done"])
    return len(persons)


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


EMPTY = """
WITH gone AS (
    DELETE FROM registry_household AS here WHERE batch = %(batch)s AND NOT EXISTS (
        SELECT FROM registry_membership AS row WHERE row.household_id = here.id)
    RETURNING 1
), freed AS (
    UPDATE registry_household AS here SET batch = NULL WHERE batch = %(batch)s AND EXISTS (
        SELECT FROM registry_membership AS row WHERE row.household_id = here.id)
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM freed)
"""
UNUSED = """
DELETE FROM registry_dwelling AS here WHERE batch = %(batch)s
    AND NOT EXISTS (SELECT FROM registry_presence AS row WHERE row.dwelling_id = here.id)
    AND NOT EXISTS (SELECT FROM registry_household AS row WHERE row.dwelling_id = here.id)
"""


@transaction.atomic
def finish_undo(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """Households and homes nobody uses go too; the rest is nobody's import any more."""
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != State.UNDOING or Person.objects.filter(batch=batch.pk).exists():
        return batch
    with connection.cursor() as cursor:
        cursor.execute(EMPTY, {"batch": batch.pk})
        cursor.execute(UNUSED, {"batch": batch.pk})
    for model in (Dwelling, Household, Presence, Membership):
        model.objects.filter(batch=batch.pk).update(batch=None)
    Hidden.objects.filter(batch=batch.pk).delete()
    batch.state, batch.undone_at, batch.trouble = State.UNDONE, at, ""
    batch.save(update_fields=["state", "undone_at", "trouble"])
    for place in _places(batch):
        journal.record("registry.import_undone", about=f"registry.Batch:{batch.pk}", by=by, at=at,
                       place=place, kept=len(batch.counts.get("kept", [])))  # fmt: skip
    return batch


def _places(batch):
    counts = Counter(batch.counts.get("written", {})) + Counter(batch.counts.get("changed", {}))
    return sorted(counts) or [batch.place]
