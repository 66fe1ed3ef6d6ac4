"""The read log: who read which part of whom, through what, and why.

One line a page, with the ids of all who were on it. It is written in the transaction of the read,
or by the statement that reads, so that nothing is shown that is not in the log; it holds no values.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.utils.timezone import localdate

from shanzhi.kernel import paging
from shanzhi.kernel.acting import Actor
from shanzhi.people import kinds as people
from shanzhi.people.queries import unit_name

from . import kinds
from .models import ReadEntry

Through = ReadEntry.Through
INSERT = """insert into registry_readentry (at, account, post, role, place, department, "key",
    "grant", through, purpose, basis, elements, withheld, review_on, persons)"""
VALUES = ", ".join(["%s"] * 14)  # all but the persons
NOTE = f"{INSERT} values ({VALUES}, %s)"
READ = f"""
with read as materialized ({{text}}),
seen (ids) as (select array_agg(distinct {{persons}}) from read where {{persons}} is not null),
line as ({INSERT} select {VALUES}, ids from seen where ids is not null)
select * from read
"""


def note(
    *,
    by: Actor,
    persons: Collection[int],
    elements: Iterable[str],
    purpose: str,
    through: str,
    at: datetime,
    basis: str = "",
    grant: int | None = None,
    withheld: str = "",
    review_on: date | None = None,
) -> None:
    """One line for all persons of a page; nothing for an empty page.

    `withheld` names the law that keeps the line from those it is about, until it is reviewed.
    """
    if not persons:
        return
    values = _values(by, elements, purpose, through, at, basis, grant, withheld, review_on)
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [*values, f"{{{','.join(map(str, persons))}}}"])


def read(
    text: str,
    values: Collection[Any],
    *,
    persons: str,
    by: Actor,
    elements: Iterable[str],
    purpose: str,
    through: str,
    at: datetime,
) -> list[tuple[Any, ...]]:
    """The rows of a select, in no order; the same statement writes the line about those it found.

    `persons` names the column with their ids. For pages that are asked for all day: the line costs
    half of what it does as a statement of its own.
    """
    line = _values(by, elements, purpose, through, at)
    with connection.cursor() as cursor:
        cursor.execute(READ.format(text=text, persons=persons), [*values, *line])
        return cursor.fetchall()


def _values(
    by, elements, purpose, through, at, basis="", grant=None, withheld="", review_on=None
):  # fmt: skip
    return (
        at, by.account_id, by.post_id, by.role, by.place, by.department, by.key_id, grant,
        str(through), purpose[:200], basis[:200], _array(frozenset(elements)), withheld, review_on,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _array(elements: frozenset[str]) -> str:
    """As PostgreSQL writes an array: pages ask for the same few sets, and the driver looks at each
    word every time.
    """
    return "{" + ",".join(f'"{code}"' for code in sorted(elements)) + "}"


# --- for those it is about ------------------------------------------------------------------------


@dataclass(frozen=True)
class About:
    """A line as the person it is about reads it: the unit and the post, never the clerk's name.

    Where the law keeps it from them, only when, the law and when that is looked at again.
    """

    id: int
    at: datetime
    unit: str = ""
    post: str = ""
    program: bool = False
    purpose: str = ""
    basis: str = ""
    elements: list[str] = field(default_factory=list)  # titles
    through: str = ""
    withheld: str = ""
    review_on: date | None = None


class Line(NamedTuple):
    """A row of MINE."""

    id: int
    at: datetime
    role: str
    place: str
    department: str
    program: bool
    purpose: str
    basis: str
    elements: list[str]
    through: str
    withheld: str
    review_on: date | None

    def is_kept_back(self, today: date) -> bool:
        return bool(self.withheld and self.review_on and today <= self.review_on)


# The array index gives no order: gathered first, or the planner walks the months by time instead.
MINE = """
with mine as materialized (
    select id, at, role, place, department, "key" is not null as program, purpose, basis, elements,
           through, withheld, review_on
    from registry_readentry where persons && %(persons)s::bigint[] and {until}
)
select * from mine where {after} order by at desc, id desc limit %(size)s
"""


def about(
    entries: Collection[int], cursor: str = "", *, today: date, size: int = 20
) -> paging.Page:
    """Who read a person's data, the last first; `entries` are the person's and those merged in."""
    values = {"persons": list(entries), "size": size + 1}
    after = paging.decode(cursor, datetime, int)
    if after:
        values |= {"at": after[0], "id": after[1]}
    text = MINE.format(
        until="at <= %(at)s::timestamptz" if after else "true",
        after="(at, id) < (%(at)s::timestamptz, %(id)s::bigint)" if after else "true",
    )
    with connection.cursor() as cursor_of_database:
        cursor_of_database.execute(text, values)
        rows = [Line(*row) for row in cursor_of_database.fetchall()]
    page = paging.page(rows, size=size, key=lambda row: (row.at.isoformat(), row.id))
    return paging.Page([_about(row, today) for row in page.rows], page.next)


def _about(row: Line, today: date) -> About:
    if row.is_kept_back(today):
        return About(row.id, row.at, withheld=row.withheld, review_on=row.review_on)
    return About(
        row.id, row.at, unit=unit_name(row.place, row.department),
        post=people.role_title(row.role), program=row.program, purpose=row.purpose,
        basis=row.basis, elements=[title(code) for code in row.elements],
        through=str(Through(row.through).label),
    )  # fmt: skip


def title(code: str) -> str:
    """The title of an element; of one whose section is gone, its name."""
    entry = kinds.entry(code)
    return str(entry.element.title) if entry else code


# --- for those who watch over it ------------------------------------------------------------------


def reveals_of_day(post_id: int, at: datetime) -> int:
    """How many values a post has had shown in full on the local day of `at`."""
    return ReadEntry.objects.filter(
        post=post_id, through=Through.REVEAL, at__date=localdate(at), at__lte=at
    ).count()


def of_grant(grant_id: int, cursor: str = "", *, size: int = 20) -> paging.Page:
    """What was read by a grant, the last first: time, post, how many persons, through what."""
    return _page(ReadEntry.objects.filter(grant=grant_id), cursor, size)


def reveals_of(post_id: int, cursor: str = "", *, size: int = 20) -> paging.Page:
    """What a post has had shown in full, the last first."""
    return _page(ReadEntry.objects.filter(post=post_id, through=Through.REVEAL), cursor, size)


def _page(rows, cursor, size):
    if after := paging.decode(cursor, datetime, int):
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], id__lt=after[1]))
    found = list(rows.order_by("-at", "-id")[: size + 1])
    return paging.page(found, size=size, key=lambda row: (row.at.isoformat(), row.pk))
