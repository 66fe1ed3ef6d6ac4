"""Everything about a case as one JSON document, masked as on the desk."""

from typing import Any

from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.files import queries as files
from shanzhi.files.models import File
from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor

from .. import presenting
from ..models import Case
from ..presenting import actions
from ..presenting.answers import Row
from . import rows


def case(case: Case, actor: Actor) -> dict[str, Any]:
    return rows.row_of(case.pk) | _own(case) | _hanging_on(case) | {
        "steps": [
            {"name": step["name"], "done": n < case.steps_done}
            for n, step in enumerate(case.item.steps)
        ],
        "answers": [_answer(row) for row in presenting.answer_rows(case, shown=False)],
        "attachments": [attachment(file) for file in files.of(label(case))],
        "timeline": [
            {"at": event.at, "verb": event.verb, "text": event.text}
            for event in presenting.timeline(case, timezone.now(), staff=True)
        ],
        "possible": [code.replace("_", "-") for code in actions.possible(case, actor, localdate())],
    }  # fmt: skip


def _own(case):
    return {
        "item_version": case.item.version,
        "phone": masking.phone(case.phone or ""),
        "deemed": case.deemed,
        "extended_reason": case.extended_reason,
        "delivery": case.delivery,
    }


def _hanging_on(case):
    return {
        "correction": case.corrections.values("gaps", "asked_at", "answered_at").first(),
        "replies": list(
            case.replies.order_by("at", "id").values("kind", "at", "text", "grounds", "remedy")
        ),
        "helpers": [_helper(each) for each in case.involvements.filter(leads=False).order_by("id")],
        "ratings": list(case.ratings.order_by("round").values("score", "words", "at")),
        "notes": list(case.notes.order_by("at", "id").values("at", "text")),
    }


def _helper(each):
    return {
        "id": each.pk,
        "unit": rows.unit(each.place, each.department),
        "task": each.task,
        "began_at": each.began_at,
        "ended_at": each.ended_at,
        "opinion": each.opinion,
    }


def _answer(row: Row) -> dict[str, Any]:
    value = row.value
    if row.type == "group":
        value = [[_answer(inner) for inner in line] for line in value]
    return {"key": row.key, "label": row.label, "type": row.type, "value": value,
            "masked": row.masked}  # fmt: skip


def attachment(file: File) -> dict[str, Any]:
    return {
        "id": str(file.pk),
        "name": file.name,
        "content_type": file.content_type,
        "size": file.size,
    }
