"""What is not issued is refused by a numbered letter to whoever wanted it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Entry, Refusal
from ..spelling import spelled
from .numbering import REFUSAL, next_number, unit_of


@transaction.atomic
def refuse(
    *,
    place: str,
    entry: Entry | None,
    asked: str = "",
    unit: str,
    purpose: str = "",
    holder: str = "",
    by: Actor,
    at: datetime,
) -> Refusal:
    """`asked` says it in words where no catalogue has it. Who asked need not be named."""
    unit = masking.scrub(spelled(unit))[:80]
    asked = "" if entry else masking.scrub(spelled(asked))[:60]
    rules.check_refuse(entry, asked, unit, place, by)

    return letter(
        place, unit, by, at, entry=entry, asked=asked, purpose=purpose,
        holder=holder.strip() or None, account=by.account_id,
    )  # fmt: skip


def letter(
    place: str, unit: str, by: Actor, at: datetime, *, entry: Entry | None, purpose: str,
    account: int | None = None, **more: Any,
) -> Refusal:  # fmt: skip
    """Numbered, and told in the journal: inside the commands that have checked it."""
    on = localdate(at)
    refusal = Refusal.objects.create(
        number=next_number(REFUSAL, place, on), place=place, entry=entry, unit=unit_of(unit),
        purpose=masking.scrub(purpose.strip())[:200], on=on, at=at, by=account, **more,
    )  # fmt: skip
    record(
        "certificates.refused", about=label(refusal), by=by, at=at, place=place,
        number=refusal.number, entry=entry.code if entry else "", unit=refusal.unit_id,
    )  # fmt: skip
    return refusal
