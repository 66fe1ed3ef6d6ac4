"""Cases as rows of JSON, straight from the columns."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from shanzhi.kernel import masking
from shanzhi.people.queries import Bearer, unit_name

from .. import queries, rules
from ..models import Case
from . import scope

LAST_ID = 2**63 - 1
COLUMNS = (
    "id", "number", "title", "item__code", "item__name", "category", "state", "decision", "place",
    "location", "name", "channel", "source", "external_number", "lead_place", "lead_department",
    "submitted_at", "accepted_at", "promised_due_at", "statutory_due_at", "provisional",
    "replied_at", "closed_at",
)  # fmt: skip
SUBMITTED = COLUMNS.index("submitted_at")


def latest(key: Bearer, *, state: str, item: str, before: int | None, most: int) -> list[tuple]:
    """The list a program polls: its SQL is made once, which is half of the work otherwise."""
    sql, params = _sql_of_latest(key, state, item, most)
    before = LAST_ID if before is None else before
    values = [before if each == LAST_ID else each for each in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@lru_cache(1000)
def _sql_of_latest(key, state, item, most):
    """LAST_ID stands where the page begins."""
    cases = listed(key, state, item).filter(id__lt=LAST_ID)
    return cases.values_list(*COLUMNS)[:most].query.sql_with_params()


def listed(key: Bearer, state: str, item: str) -> QuerySet[Case]:
    """What a key may list, the latest first."""
    cases = scope.of_items(queries.supervised(key.actor), key).order_by("-id")
    if state:
        cases = cases.filter(state__in=rules.OPEN) if state == "open" else cases.filter(state=state)
    return cases.filter(item__code=item) if item else cases


def of(cases: QuerySet[Case]) -> list[tuple]:
    return list(cases.values_list(*COLUMNS))


def case_row(values: Iterable[Any]) -> dict[str, Any]:
    (_id, number, title, item, item_name, category, state, decision, place, location, name,
     channel, source, external, lead_place, lead_department, submitted, accepted, promised,
     statutory, provisional, replied, closed) = values  # fmt: skip
    return {
        "number": number, "title": title, "item": item, "item_name": item_name,
        "category": category, "state": state, "decision": decision, "place": place,
        "location": location, "applicant": masking.name(name), "channel": channel,
        "source": source, "external_number": external, "unit": unit(lead_place, lead_department),
        "submitted_at": submitted, "accepted_at": accepted, "promised_due_at": promised,
        "statutory_due_at": statutory, "provisional": provisional, "replied_at": replied,
        "closed_at": closed,
    }  # fmt: skip


def unit(place: str, department: str) -> dict[str, str]:
    return {"place": place, "department": department, "name": unit_name(place, department)}


def row_of(pk: int) -> dict[str, Any]:
    """The row of a case as it is now, after a step."""
    return case_row(of(Case.objects.filter(pk=pk))[0])
