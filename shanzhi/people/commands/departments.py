"""The departments of a city, taken over from a list."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import queries, rules
from ..models import Department

COLUMNS = ["name", "bureau", "office"]


@transaction.atomic
def load_departments(*, rows: list[dict[str, str]], by: Actor, at: datetime) -> int:
    """Add departments, or change their names: rows of code, name, bureau and office."""
    rules.check_may_load_departments(by)
    Department.objects.bulk_create(
        [Department(**row) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=COLUMNS,
    )
    queries.forget_departments()
    about, place = "people.Department:", settings.SHANZHI_CITY
    record("people.departments_loaded", about=about, by=by, at=at, place=place, count=len(rows))
    return len(rows)
