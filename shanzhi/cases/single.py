"""One case as its page needs it, by one plain statement, without the words it is searched by."""

import orjson
from django.db import connection
from django.db.models import JSONField

from shanzhi.kernel.fields import SealedText

from .models import Case

FIELDS = [field for field in Case._meta.concrete_fields if field.name != "search"]
NAMES = {field.attname for field in FIELDS}
BY_NUMBER = f"""
select {", ".join(field.column for field in FIELDS)} from cases_case where number = %s
"""


def _opener(field):
    if isinstance(field, SealedText):
        return field.open
    return orjson.loads if type(field) is JSONField else None


OPENERS = [_opener(field) for field in FIELDS]


def by_number(number: str) -> Case | None:
    with connection.cursor() as cursor:
        cursor.execute(BY_NUMBER, [number])
        row = cursor.fetchone()
    if row is None:
        return None
    values = [
        opener(value) if opener and value is not None else value
        for opener, value in zip(OPENERS, row, strict=True)
    ]
    return Case.from_db(connection.alias, NAMES, values)
