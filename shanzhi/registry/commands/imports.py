"""A file comes in, its columns are assigned, it is taken over or undone. What takes long is a job
(importing.py); these only say that it is to be done.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from ..models import Batch, BatchHousehold, Chunk, ColumnMap, Difference, Feed, Problem, Source
from ..rules import imports as allowed

State = Batch.State


@transaction.atomic
def bring_file(
    *,
    file: UUID,
    name: str,
    size: int,
    digest: bytes,
    layout: dict[str, Any],
    source: Source,
    place: str,
    by: Actor,
    at: datetime,
    feed: Feed | None = None,
) -> Batch:
    """A file that lies sealed on the disk (intake.keeping) becomes a batch."""
    allowed.check_place(place)
    allowed.check_may_import(by, place)
    batch = Batch(
        file=file, name=name[-200:], size=size, digest=digest, layout=layout, source=source,
        place=place, feed=feed, made_by=by.account_id, made_at=at,
    )  # fmt: skip
    batch.save(force_insert=True)
    _record("registry.file_brought", batch, by, at, source=source.code, size=size)
    return batch


@transaction.atomic
def assign_columns(
    *, batch: Batch, layout: dict[str, Any], columns: Sequence[str], fingerprint: bytes, by: Actor,
    at: datetime,
) -> Batch:  # fmt: skip
    """The check may begin; a check before it is forgotten."""
    batch = _locked(batch)
    allowed.check_may_import(by, batch.place)
    allowed.check_move(batch, State.CHECKING)
    allowed.check_columns(list(columns))

    _forget(batch)
    batch.layout, batch.columns, batch.counts = layout, list(columns), {}
    batch.save(update_fields=["layout", "columns", "counts"])
    _begin(batch, State.CHECKING, by, at)
    ColumnMap.objects.update_or_create(
        source=batch.source, header=fingerprint,
        defaults={"columns": list(columns), "used_at": at},
    )  # fmt: skip
    _record("registry.columns_assigned", batch, by, at, elements=[each for each in columns if each])
    return batch


def _forget(batch):
    for model in (Chunk, Problem, Difference, BatchHousehold):
        model.objects.filter(batch=batch).delete()


@transaction.atomic
def take_over(*, batch: Batch, decision: str, lenient: bool, by: Actor, at: datetime) -> Batch:
    """Rows that are good are written, unseen, and then opened at one stroke."""
    batch = _locked(batch)
    allowed.check_may_import(by, batch.place)
    allowed.check_move(batch, State.APPLYING)
    batch.decision, batch.lenient = Batch.Decision(decision), lenient
    allowed.check_anything(batch)
    batch.stamp = at
    batch.save(update_fields=["decision", "lenient", "stamp"])
    _begin(batch, State.APPLYING, by, at)
    _record("registry.import_begun", batch, by, at, decision=decision, lenient=lenient)
    return batch


@transaction.atomic
def undo(*, batch: Batch, reason: str, by: Actor, at: datetime) -> Batch:
    """What it wrote goes, as far as nobody changed it since; also of one that got stuck."""
    batch = _locked(batch)
    allowed.check_may_import(by, batch.place)
    allowed.check_move(batch, State.UNDOING)
    allowed.check_reason(reason)
    batch.reason = reason.strip()[:300]
    batch.save(update_fields=["reason"])
    _begin(batch, State.UNDOING, by, at)
    _record("registry.undo_begun", batch, by, at)
    return batch


@transaction.atomic
def discard(*, batch: Batch, by: Actor, at: datetime) -> Batch:
    """Before anything was written."""
    batch = _locked(batch)
    allowed.check_may_import(by, batch.place)
    allowed.check_move(batch, State.DISCARDED)
    batch.state, batch.trouble = State.DISCARDED, ""
    batch.save(update_fields=["state", "trouble"])
    _record("registry.import_discarded", batch, by, at)
    return batch


def _locked(batch):
    return Batch.objects.select_for_update().get(pk=batch.pk)


def _begin(batch, state, by, at):
    batch.state, batch.done, batch.began_at, batch.trouble = state, 0, at, ""
    batch.acting = acting(by)
    batch.save(update_fields=["state", "done", "began_at", "trouble", "acting"])


def acting(by: Actor) -> dict[str, Any]:
    """So that the job's entries name who asked for it."""
    return {"account_id": by.account_id, "post_id": by.post_id, "role": by.role,
            "place": by.place, "department": by.department}  # fmt: skip


def _record(verb, batch, by, at, **data):
    about = f"registry.Batch:{batch.pk}"
    journal.record(verb, about=about, by=by, at=at, place=batch.place, **data)
