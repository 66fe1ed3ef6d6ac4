"""What hangs on a case, fetched by one statement: its page asks for all of it."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import DateTimeField, Model

from .models import Case, Correction, Involvement, Note, Rating, Reply, Reveal

HANGING = {
    "involvements": Involvement,
    "notes": Note,
    "replies": Reply,
    "corrections": Correction,
    "ratings": Rating,
    "reveals": Reveal,
}


def fetch(case: Case) -> Case:
    """From here on `case.notes.all()` and the like ask nothing more; oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"case": case.pk})
        found = cursor.fetchone()
    case._prefetched_objects_cache = {
        name: _fetched(case, name, model, orjson.loads(text))
        for (name, model), text in zip(HANGING.items(), found, strict=True)
    }
    return case


@cache
def _statement() -> str:
    parts = (
        f"(select coalesce(json_agg(hanging order by id), '[]')::text"
        f" from {model._meta.db_table} as hanging where case_id = %(case)s)"
        for model in HANGING.values()
    )
    return f"select {', '.join(parts)}"


def _fetched(case: Case, name: str, model: type[Model], rows: Iterable[dict[str, Any]]):
    """As prefetch_related leaves it behind."""
    known = getattr(case, name).all()
    known._result_cache = [_instance(case, model, row) for row in rows]
    known._prefetch_done = True
    return known


def _instance(case: Case, model: type[Model], row: dict[str, Any]) -> Model:
    values = [
        datetime.fromisoformat(row[name]) if is_time and row[name] else row[name]
        for name, is_time in _columns(model)
    ]
    made = model.from_db(connection.alias, [name for name, _is_time in _columns(model)], values)
    made.case = case
    return made


@cache
def _columns(model: type[Model]) -> list[tuple[str, bool]]:
    """In the model's own order, in which it takes its values."""
    fields = model._meta.concrete_fields
    return [(each.attname, isinstance(each, DateTimeField)) for each in fields]
