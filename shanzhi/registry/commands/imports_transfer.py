"""A row of a file is about somebody who lives in another community: that one is asked."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from .. import packing
from ..intake.homes import Home
from ..models import Batch, Problem, Transfer
from ..queries import imports as batches
from ..rules import imports as allowed
from .dwellings import dwelling_of
from .transfers import ask_transfer


@transaction.atomic
def ask_for_row(*, batch: Batch, problem: Problem, by: Actor, at: datetime) -> Transfer:
    """With the number, the home and the day that the row says; the problem keeps the transfer."""
    problem = Problem.objects.select_for_update().get(pk=problem.pk, batch=batch)
    row = _row(batch, problem.row)
    allowed.check_ask_for_row(problem, row)
    person, home = row.sections["person"], Home.of(row.home) if row.home else None
    transfer = ask_transfer(
        identity=person["identity"], name=person["name"], place=row.place,
        dwelling=dwelling_of(home=home, source=batch.source, by=by, at=at) if home else None,
        since=date.fromisoformat(row.since) if row.since else localdate(at),
        note=batch.name, by=by, at=at,
    )  # fmt: skip
    problem.other = transfer.pk
    problem.save(update_fields=["other"])
    return transfer


def _row(batch, number):
    chunk = batches.chunks_of(batch, [number])[number]
    if chunk is None:
        return None
    return packing.unpack(chunk.sealed, packing.context(batch.pk, chunk.number))[
        number - chunk.first
    ]
