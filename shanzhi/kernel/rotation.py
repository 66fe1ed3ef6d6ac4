"""Sealing everything anew under the first key, so that an older one seals nothing any more.

Each sealed value names the key that opens it, so what is left to do is read off the values: a run
that was killed goes on where it ended, and two at once share the work. Rows are locked for a few
milliseconds, a few hundred at a time; those that somebody holds are left for a later round.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models, transaction

from . import crypto
from .fields import SealedText

AT_ONCE = 300
PATIENCE = 20  # rounds over rows that somebody else holds, half a second apart


@dataclass(frozen=True)
class Column:
    """A sealed column. Its context is the column's own, or made of further columns of the row."""

    model: type[models.Model]
    name: str
    context: Callable[..., str]
    needs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"


@dataclass(frozen=True)
class Further:
    """Sealed values that are not a column: `counts` by key, `reseal` step by step."""

    title: str
    counts: Callable[[], Counter[bytes]]
    reseal: Callable[[], Iterator[int]]


@dataclass
class Outcome:
    """What a run did: values sealed anew, and where some could not be opened."""

    resealed: int = 0
    unopened: Counter[str] = field(default_factory=Counter)


_columns: list[Column] = []
_further: dict[str, Further] = {}


def register_column(column: Column) -> None:
    _columns.append(column)


def register_further(further: Further) -> None:
    _further[further.title] = further


def columns() -> list[Column]:
    """Every sealed column of every area, and those that were registered."""
    found = [
        Column(model, each.column, _always(each._context()))
        for model in apps.get_models()
        for each in model._meta.concrete_fields
        if isinstance(each, SealedText)
    ]
    return found + _columns


def _always(text):
    return lambda: text


def names() -> list[bytes]:
    """The keys by their names, in the order of SHANZHI_KEYS."""
    return list(crypto._keys())


def counts() -> dict[str, Counter[bytes]]:
    """How many values each key seals, by where they are."""
    found = {}
    for column in columns():
        table, name = _quoted(column.model._meta.db_table, column.name)
        with connection.cursor() as cursor:
            cursor.execute(
                f"select substr({name}, 2, 4), count(*) from {table}"
                f" where {name} is not null group by 1"
            )
            found[column.title] = Counter({bytes(key): n for key, n in cursor.fetchall()})
    return found | {each.title: each.counts() for each in _further.values()}


def rotate(tell: Callable[..., None] = lambda *told: None) -> Outcome:
    """Seal anew whatever is not under the first key; `tell` hears where, how many, of how many."""
    outcome, first = Outcome(), names()[0]
    before = {
        where: sum(count for key, count in found.items() if key != first)
        for where, found in counts().items()
    }
    for column in columns():
        if before[column.title]:
            _rotate(column, first, before[column.title], outcome, tell)
    for each in _further.values():
        done = 0
        for count in each.reseal():
            done += count
            outcome.resealed += count
            tell(each.title, done, before[each.title])
    return outcome


def _rotate(column, first, total, outcome, tell):
    """Rounds over the table, until one has nothing left but what cannot be opened."""
    done, shut = 0, 0
    for _round in range(PATIENCE):
        last, shut = None, 0
        while True:
            read, resealed, last = _batch(column, first, last)
            done, shut = done + resealed, shut + read - resealed
            tell(column.title, done, total)
            if read < AT_ONCE:
                break
        if done + shut >= total or not _left(column, first, shut):
            break
        time.sleep(0.5)
    outcome.resealed += done
    if shut:
        outcome.unopened[column.title] += shut


def _left(column, first, shut):
    table, name = _quoted(column.model._meta.db_table, column.name)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table} where substr({name}, 2, 4) <> %s", [first])
        return cursor.fetchone()[0] > shut


@transaction.atomic
def _batch(column, first, last):
    """How many rows were read, how many of them sealed anew, and the last one's key."""
    key, name, *needs = _quoted(column.model._meta.pk.column, column.name, *column.needs)
    (table,) = _quoted(column.model._meta.db_table)
    beyond = f"and {key} > %(last)s" if last is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {', '.join([key, name, *needs])} from {table}"
            f" where substr({name}, 2, 4) <> %(first)s {beyond}"
            f" order by {key} limit {AT_ONCE} for update skip locked",
            {"first": first, "last": last},
        )
        rows = cursor.fetchall()
        fresh = [
            (sealed, pk)
            for pk, old, *parts in rows
            if (sealed := reseal(old, column.context(*parts))) is not None
        ]
        cursor.executemany(f"update {table} set {name} = %s where {key} = %s", fresh)
    return len(rows), len(fresh), rows[-1][0] if rows else last


def reseal(sealed: bytes, context: str) -> bytes | None:
    """The same value under the first key, opened once more to be sure; None if it does not open."""
    try:
        plain = crypto.unseal(sealed, context=context)
    except crypto.CannotOpen:
        return None
    fresh = crypto.seal(plain, context=context)
    if crypto.unseal(fresh, context=context) != plain:
        raise RuntimeError("what was sealed anew opens as something else")
    return fresh


def _quoted(*parts):
    return [connection.ops.quote_name(part) for part in parts]
