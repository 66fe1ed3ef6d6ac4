"""The one statement that writes a new case with everything that begins with it.

Sent one by one, its seven statements take four times as long (docs/bench.md).
"""

from datetime import datetime
from functools import cache
from typing import Any

import orjson
from django.db import connection
from django.db.models import Field, JSONField

from shanzhi.journal.commands import sql_insert
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties

from . import steps
from .models import Case

LATER = {  # columns that get their value only later
    "decision": "''", "accepted_at": "null", "deemed": "false", "promised_due_at": "null",
    "statutory_due_at": "null", "provisional": "false", "extended_reason": "''",
    "steps_done": "0", "delivery": "''", "replied_at": "null", "closed_at": "null",
}  # fmt: skip
COLUMNS = [field for field in Case._meta.concrete_fields if not field.primary_key]
GIVEN = [field for field in COLUMNS if field.name not in LATER]
# The same value under two names. Of statements with more than fifty values the driver forgets how
# to read them, which takes it as long as all the rest.
SAME = {
    "case_submitted_at": "duty_opened_at", "duty_title": "case_title", "entry0": "duty_opened_at",
    "duty_scene": "case_place", "entry2": "account", "entry5": "case_place",
}  # fmt: skip
INVOLVED = """
    insert into cases_involvement (case_id, place, department, leads, task, began_at, opinion)
    select id, %(case_lead_place)s, %(case_lead_department)s, true, '', %(duty_opened_at)s, ''
    from fresh
"""
SENT = """
    delete from cases_draft
    where id = %(case_submission)s and account_id = %(account)s::bigint
"""


def write(case: Case, by: Actor, at: datetime, *, behalf: str, **data: Any) -> bool:
    """The case, its leading unit, the duty to accept it with its clocks, its journal entry with
    `data`; and the draft is gone. False where this `submission` has a case already: then nothing.
    """
    text, values = statement(case, by, at, behalf=behalf, **data)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        row = cursor.fetchone()
    if row:
        case.pk, case._state.adding = row[0], False
    return row is not None


def statement(
    case: Case, by: Actor, at: datetime, *, behalf: str, **data: Any
) -> tuple[str, dict[str, Any]]:
    _duty, values = duties.prepare(
        about="", at=at, limits=steps.acceptance_limits(case),
        **steps.duty_fields(case, "cases.accept"),
    )  # fmt: skip
    entry, params = sql_insert(
        "cases.submitted", about="'cases.Case:' || id", source="fresh", by=by, at=at,
        place=case.place, behalf=behalf, data={"item": case.item.code, **data},
    )  # fmt: skip
    values |= {f"case_{field.attname}": _value(field, case) for field in GIVEN}
    values |= {f"entry{n}": param for n, param in enumerate(params)} | {"account": by.account_id}
    for name in ("duty_about", *SAME):
        del values[name]
    return _text(entry), values


@cache
def _text(entry: str) -> str:
    for n in range(entry.count("%s")):
        entry = entry.replace("%s", f"%(entry{n})s", 1)
    duty = duties.insert_sql("from fresh", about="'cases.Case:' || fresh.id")
    text = f"""
        with fresh as ({_insert()}), involved as ({INVOLVED}), sent as ({SENT}), {duty},
        entry as ({entry})
        select id from fresh
    """
    for name, same in SAME.items():
        text = text.replace(f"%({name})s", f"%({same})s")
    return text


def _insert() -> str:
    values = {field.column: f"%(case_{field.attname})s" for field in GIVEN} | LATER
    values["search"] = "to_tsvector('simple', %(case_search)s::text)"
    return f"""
        insert into cases_case ({", ".join(values)}) values ({", ".join(values.values())})
        on conflict (submission) do nothing returning id
    """


def _value(field: Field, case: Case) -> Any:
    value = getattr(case, field.attname)
    if field.name == "search":  # to_tsvector is called in the statement
        return value.get_source_expressions()[0].value
    if type(field) is JSONField:
        return orjson.dumps(value).decode()
    return field.get_db_prep_save(value, connection)
