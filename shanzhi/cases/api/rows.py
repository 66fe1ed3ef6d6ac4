"""Cases as rows of JSON, straight from the columns."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from shanzhi.kernel import masking
from shanzhi.people.queries import unit_name

from ..models import Case

COLUMNS = (
    "id", "number", "title", "item__code", "item__name", "category", "state", "decision", "place",
    "location", "name", "channel", "source", "external_number", "lead_place", "lead_department",
    "submitted_at", "accepted_at", "promised_due_at", "statutory_due_at", "provisional",
    "replied_at", "closed_at",
)  # fmt: skip


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
