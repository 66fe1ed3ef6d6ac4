"""Notices kept and read, and the day an account was last used. Not journaled: nothing is done."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Account, Notice


@transaction.atomic
def keep_notices(*, rows: Iterable[Notice], by: Actor, at: datetime) -> None:
    """A notice for the same account and journal entry is kept once, however often it is sent."""
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


@transaction.atomic
def read_notices(*, account_id: int, ids: list[int] | None = None, by: Actor, at: datetime) -> int:
    """Marks these of the account's notices read, or all of them."""
    rules.check_own(account_id, by=by)
    rows = Notice.objects.filter(account_id=account_id, read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.update(read_at=at)


@transaction.atomic
def mark_seen(*, account_id: int, by: Actor, at: datetime) -> None:
    """Once a day: a number whose account was not used for long may belong to someone else."""
    on = localdate(at)
    Account.objects.filter(pk=account_id).exclude(seen_on=on).update(seen_on=on)
