"""What the office states: minutes of a task, numbers of workers, each with source and day."""

from collections.abc import Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from .. import rules
from ..models import Headcount, Standard
from ..queries import workers
from . import following


@transaction.atomic
def set_standard(
    *, kind: str, minutes: int, least: int, most: int, source: str, valid_from: date, by: Actor,
    at: datetime,
) -> Standard:  # fmt: skip
    """A second one of the same day replaces the first; earlier days keep theirs."""
    rules.check_standard(kind, minutes, least, most, source, valid_from, by, localdate(at))
    values = {
        "minutes": minutes, "least": least, "most": most, "source": source.strip(),
        "unit": unit_name(by.place, by.department) if by.place else "",
    }  # fmt: skip
    row, _made = Standard.objects.update_or_create(
        kind=kind, valid_from=valid_from, defaults=values
    )
    record("effort.standard_set", about=label(row), by=by, at=at, place=settings.SHANZHI_CITY,
           kind=kind, minutes=minutes, least=least, most=most, since=valid_from)  # fmt: skip
    return row


@transaction.atomic
def state_headcounts(
    *, rows: Mapping[str, int], source: str, valid_from: date, by: Actor, at: datetime
) -> int:
    """Full-time workers by community; 0 takes a community out of the measurement."""
    rules.check_headcounts(rows, source, valid_from, by, localdate(at))
    rules.check_founded(workers.founded_after(rows, valid_from))
    Headcount.objects.bulk_create(
        [Headcount(community=code, valid_from=valid_from, workers=number, source=source.strip())
         for code, number in sorted(rows.items())],
        update_conflicts=True, unique_fields=["community", "valid_from"],
        update_fields=["workers", "source"],
    )  # fmt: skip
    following.answered(valid_from, at)
    record("effort.headcounts_stated", about=f"effort.Headcount:{valid_from}", by=by, at=at,
           place=settings.SHANZHI_CITY, communities=len(rows))  # fmt: skip
    return len(rows)
