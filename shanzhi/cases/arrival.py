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

COLUMNS = [field for field in Case._meta.concrete_fields if not field.primary_key]
ABOUT = "'cases.Case:' || fresh.id"
INVOLVED = """
    insert into cases_involvement (case_id, place, department, leads, task, began_at, opinion)
    select id, %(case_lead_place)s, %(case_lead_department)s, true, '', %(case_submitted_at)s, ''
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
    _duty, values = duties.prepare(
        about="", at=at, limits=steps.acceptance_limits(case),
        **steps.duty_fields(case, "cases.accept"),
    )  # fmt: skip
    del values["duty_about"]  # the database makes it of the new number
    values |= {f"case_{field.attname}": _value(field, case) for field in COLUMNS}
    text, params = sql_insert(
        "cases.submitted", about=ABOUT.replace("fresh.", ""), source="fresh", by=by, at=at,
        place=case.place, behalf=behalf, data={"item": case.item.code, **data},
    )  # fmt: skip
    values |= {f"entry{n}": param for n, param in enumerate(params)} | {"account": by.account_id}
    with connection.cursor() as cursor:
        cursor.execute(_statement(text), values)
        row = cursor.fetchone()
    if row:
        case.pk, case._state.adding = row[0], False
    return row is not None


@cache
def _statement(entry: str) -> str:
    for n in range(entry.count("%s")):
        entry = entry.replace("%s", f"%(entry{n})s", 1)
    return f"""
        with fresh as ({_insert()}), involved as ({INVOLVED}), sent as ({SENT}),
        {duties.insert_sql("from fresh", about=ABOUT)}, entry as ({entry})
        select id from fresh
    """


def _insert() -> str:
    names = ", ".join(field.column for field in COLUMNS)
    values = ", ".join(f"%(case_{field.attname})s" for field in COLUMNS)
    values = values.replace("%(case_search)s", "to_tsvector('simple', %(case_search)s::text)")
    return f"""insert into cases_case ({names}) values ({values})
        on conflict (submission) do nothing returning id"""


def _value(field: Field, case: Case) -> Any:
    value = getattr(case, field.attname)
    if field.name == "search":  # to_tsvector is called in the statement
        return value.get_source_expressions()[0].value
    if type(field) is JSONField:
        return orjson.dumps(value).decode()
    return field.get_db_prep_save(value, connection)
