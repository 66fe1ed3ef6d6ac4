"""What is done where an application or a call asks nobody any more and is let go: called inside
the burden's command, which has checked who presses."""

from datetime import datetime

from django.utils.translation import gettext as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from . import steps
from .models import Application, Call


def application(row: Application, by: Actor, at: datetime) -> None:
    steps.move(row, "withdraw", by=by, at=at, note=_nobody())


def call(row: Call, by: Actor, at: datetime) -> None:
    row.cancelled_at, row.cancelled_for = at, _nobody()
    row.save(update_fields=["cancelled_at", "cancelled_for"])
    record("gate.call_cancelled", about=label(row), by=by, at=at, place=row.place)


def _nobody():
    return _("Since divisions changed it asked no community any more.")
