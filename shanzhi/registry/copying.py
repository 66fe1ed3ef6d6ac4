"""Rows into COPY's text format: many at once, as the columns of a model keep them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import orjson
from django.db import connection
from django.db.models import (
    BinaryField,
    DateField,
    Field,
    ForeignKey,
    GeneratedField,
    IntegerField,
    JSONField,
    Model,
)

from shanzhi.kernel import crypto
from shanzhi.kernel.fields import SealedText

BLOCK = 2000  # lines of one write
NULL = "\\N"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text(value: Any) -> str:
    if value is None:
        return NULL
    if type(value) is str:  # nearly all of them
        return value if value.isalnum() or (value.isprintable() and "\\" not in value) \
            else value.translate(ESCAPES)  # fmt: skip
    return _other(value)


def _other(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list):
        inside = ",".join(_quoted(str(each)) for each in value)
        return "{" + inside.translate(ESCAPES) + "}"
    return str(value).translate(ESCAPES)


def byteas(values: Iterable[bytes]) -> str:
    """An array for a parameter `%s::bytea[]`; psycopg would look at each for what to escape."""
    return "{" + ",".join([f'"\\\\x{value.hex()}"' for value in values]) + "}"


def _quoted(value):
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _of(field: Field) -> Callable[[Any], str]:
    if isinstance(field, SealedText):
        context = field._context()

        def sealed(value: Any) -> str:
            if value is None:
                return NULL
            return "\\\\x" + crypto.seal(field.encode(value), context=context).hex()

        return sealed
    if isinstance(field, JSONField):
        return lambda value: NULL if value is None else text(orjson.dumps(value).decode())
    kind = field.target_field if isinstance(field, ForeignKey) else field
    return next((write for type_, write in PLAIN if isinstance(kind, type_)), text)


def _number(value):
    return NULL if value is None else str(value)


def _day(value):
    return NULL if value is None else value if type(value) is str else value.isoformat()


def _bytes(value):
    return NULL if value is None else "\\\\x" + value.hex()


PLAIN = ((BinaryField, _bytes), (IntegerField, _number), (DateField, _day))


class Lines:
    """Lines of one table: `same` are the columns every row has alike, `varying` the others."""

    def __init__(self, model: type[Model], varying: Iterable[str], same: Mapping[str, Any]):
        fields = {
            field.attname: field
            for field in model._meta.concrete_fields
            if not isinstance(field, GeneratedField)
        }
        self.table = model._meta.db_table
        self.varying = [(name, _of(fields[name])) for name in varying]
        rest = {name: field for name, field in fields.items()
                if name not in dict(self.varying) and (name != "id" or "id" in same)}  # fmt: skip
        self.tail = "".join(
            "\t" + _of(field)(same[name] if name in same else _empty(field))
            for name, field in rest.items()
        )
        names = [*dict(self.varying), *rest]
        self.columns = ", ".join(f'"{fields[name].column}"' for name in names)
        self.lines: list[str] = []

    def add(self, values: Mapping[str, Any]) -> None:
        self.lines.append(self.without(0, values))

    def without(self, first: int, values: Mapping[str, Any]) -> str:
        """A line but for its first columns, which are keys and known later."""
        told = values.get
        line = "\t".join([write(told(name)) for name, write in self.varying[first:]])
        return f"{line}{self.tail}\n"

    def add_rest(self, *keys: int | None, rest: str) -> None:
        self.lines.append("\t".join([*map(_number, keys), rest]))

    def copy(self, table: str = "") -> int:
        """Into its table, or into one that is like it; how many there were."""
        lines, self.lines = self.lines, []
        if not lines:
            return 0
        with connection.cursor() as cursor:
            target = f"COPY {table or self.table} ({self.columns}) FROM STDIN"
            with cursor.copy(target) as to:
                for start in range(0, len(lines), BLOCK):
                    to.write("".join(lines[start : start + BLOCK]).encode())
        return len(lines)


def _empty(field):
    return None if field.null else field.get_default()


def ids(model: type[Model], count: int) -> list[int]:
    """So many new keys of a table."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def unhurried() -> None:
    """For the rest of the transaction: it need not be on the disk when it ends. After a fault of
    the machine the last ones are missing, whole, and are done again; the first that is waited for
    brings those before it to the disk as well.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def by_index() -> None:
    """For the rest of the transaction: a registry that was just empty has no statistics, and would
    be searched from end to end for each chunk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
