"""COPY without indexes: they are taken off before and built after, foreign keys too."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import psycopg

LINES = 4000  # of one write
LOADED = (
    "people_account", "people_post", "people_card", "people_key", "mfa_authenticator",
    "places_estate", "cases_case", "cases_involvement", "cases_reply", "cases_rating", "work_duty",
    "work_clock", "journal_tally", "journal_rollup",
)  # fmt: skip
JOURNAL = "journal_entry"

KEYS = """
select conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype::text
from pg_constraint
where (conrelid = any(%(tables)s::regclass[]) or confrelid = any(%(tables)s::regclass[]))
  and contype in ('f', 'p', 'u') and conparentid = 0
order by contype = 'f' desc, conrelid, conname
"""
INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid)
from pg_index
where indrelid = any(%(tables)s::regclass[])
  and not exists (select from pg_constraint where conindid = indexrelid)
order by 1
"""
SEQUENCES = """
select attrelid::regclass::text, attname,
       pg_get_serial_sequence(attrelid::regclass::text, attname)
from pg_attribute
where attrelid = any(%(tables)s::regclass[]) and attidentity <> ''
"""


@dataclass(frozen=True)
class Stripped:
    """Keys and indexes that were taken off, as they are made again."""

    tables: tuple[str, ...]
    keys: list[tuple]
    indexes: list[tuple]


@contextmanager
def bare(connection: psycopg.Connection, tell) -> Iterator[None]:
    """Inside, the tables are empty and have no indexes and no keys. One transaction."""
    stripped = strip(connection, (*LOADED, JOURNAL))
    connection.execute(f"truncate {', '.join(LOADED)} cascade")
    yield
    rebuild(connection, stripped, tell)


def strip(connection: psycopg.Connection, names: tuple[str, ...]) -> Stripped:
    tables = {"tables": list(names)}
    connection.execute("set local statement_timeout = 0")
    keys = connection.execute(KEYS, tables).fetchall()
    indexes = connection.execute(INDEXES, tables).fetchall()
    for table, name, _definition, _kind in keys:
        connection.execute(f"alter table {table} drop constraint {name}")
    for name, _definition in indexes:
        connection.execute(f"drop index {name}")
    return Stripped(names, keys, indexes)


def rebuild(connection: psycopg.Connection, stripped: Stripped, tell) -> None:
    connection.execute("set local maintenance_work_mem = '1GB'")
    # of a partitioned table only the frame is described: without ONLY, its partitions get theirs
    jobs = [definition.replace(" ON ONLY ", " ON ") for _name, definition in stripped.indexes]
    jobs += [
        f"alter table {table} add constraint {name} {definition}"
        for table, name, definition, _kind in reversed(stripped.keys)
    ]
    for number, job in enumerate(jobs):
        tell("building indexes", number, len(jobs))
        connection.execute(job)
    tables = {"tables": list(stripped.tables)}
    for table, column, sequence in connection.execute(SEQUENCES, tables).fetchall():
        connection.execute(
            f"select setval('{sequence}', coalesce((select max({column}) from {table}), 0) + 1)"
        )


def copy(
    connection: psycopg.Connection,
    table: str,
    columns: Sequence[str],
    lines: Iterable[str],
    *,
    freeze: bool = True,
) -> int:
    """Lines of COPY's text format; how many there were."""
    lines, count = iter(lines), 0
    option = " (freeze)" if freeze else ""
    with connection.cursor().copy(f"copy {table} ({', '.join(columns)}) from stdin{option}") as to:
        while block := list(islice(lines, LINES)):
            to.write(("\n".join(block) + "\n").encode())
            count += len(block)
    return count


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text(value: str | None) -> str:
    return "\\N" if value is None else value.translate(ESCAPES)


def binary(value: bytes | None) -> str:
    return "\\N" if value is None else "\\\\x" + bytes(value).hex()
