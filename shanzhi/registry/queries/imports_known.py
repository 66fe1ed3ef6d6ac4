"""What the registry says of the persons of a chunk of rows, and what becomes of each row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from shanzhi.kernel import crypto

from .. import copying, kinds, versions
from ..intake.problems import CELL, Found
from ..intake.rows import Row
from ..models import Person
from .imports_moves import HOME, MOVE, SEEN, stays, told_of

NEW, SAME, DIFFERS, CELLS, REFUSED, ELSEWHERE, SKIPPED = (
    "new", "same", "differs", "cells", "refused", "elsewhere", "skipped",
)  # fmt: skip
BY_NUMBER = f"""
WITH holder AS MATERIALIZED (
    SELECT identity_hash, id, name, state FROM registry_person
    WHERE identity_hash = ANY(%s::bytea[]) AND coalesce(merged_into_id, 0) = 0
)
SELECT holder.*, stay.seen, stay.hidden FROM holder CROSS JOIN LATERAL (
    SELECT array_agg(here.community ORDER BY here.kind = 2 DESC, here.id)
        FILTER (WHERE {SEEN}) AS seen, count(here.id) FILTER (WHERE NOT {SEEN}) AS hidden
    FROM registry_presence AS here
    WHERE here.person_id = holder.id AND coalesce(here.until, 'infinity') = 'infinity'
) AS stay
"""  # A planner without statistics would walk through all persons, or all that is open (coalesce).
BY_NAME = f"""
SELECT asked.n, person.id, person.identity_hash IS NOT NULL
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[]) AS asked (n, place, name, birth)
JOIN registry_presence AS here ON here.community = asked.place COLLATE "C"
    AND here.name = asked.name COLLATE "C" AND here.birth = asked.birth
    AND here.until IS NULL AND {SEEN}
JOIN registry_person AS person ON person.id = here.person_id AND person.merged_into_id IS NULL
GROUP BY asked.n, person.id
"""


BY_HAND = {"state", "died_on"}  # they end presences, too


@dataclass(slots=True)
class Differing:
    """A section of a known person of which a row says something else."""

    person: int
    section: str
    fields: list[str]
    filling: list[str]
    told: dict[str, Any]
    stamp: datetime | None


@dataclass(slots=True)
class Judged:
    row: Row
    outcome: str
    person: int | None = None
    hash: bytes | None = None  # of the identity number
    differences: list[Differing] = field(default_factory=list)


@dataclass(frozen=True)
class Holder:
    id: int
    name: str
    state: str
    communities: tuple[str, ...]
    hidden: int


def hash_of(row: Row) -> bytes | None:
    number = row.person.get("identity")
    return crypto.keyed_hash(number, kind="identity") if number else None


def judge(rows: Sequence[Row], *, adds: bool = True) -> list[Judged]:
    """Rows that are read already; what each finds in the registry is added to its problems."""
    asked = {n: hash_of(row) for n, row in enumerate(rows) if _asks(row)}
    holders = by_number([each for each in asked.values() if each])
    namesakes = _by_name(rows, asked)
    judged = []
    for n, row in enumerate(rows):
        outcome, person = _outcome(row, n, asked, holders, namesakes, adds)
        judged.append(Judged(row, outcome, person, asked.get(n)))
    _compare(judged)
    return judged


def _asks(row):
    return not row.skipped and not row.refused


def by_number(hashes: list[bytes]) -> dict[bytes, list[Holder]]:
    found = defaultdict(list)
    if hashes:
        with connection.cursor() as cursor:
            cursor.execute(BY_NUMBER, [copying.byteas(hashes)])
            for number, pk, name, state, communities, hidden in cursor.fetchall():
                holder = Holder(pk, name, state, tuple(communities or ()), hidden)
                found[bytes(number)].append(holder)
    return found


def _by_name(rows, asked):
    """Of rows without a number: persons of that name and birth in the community."""
    wanted = [(n, rows[n]) for n, number in asked.items() if number is None]
    wanted = [(n, row) for n, row in wanted if row.person.get("birth")]
    found = defaultdict(list)
    if wanted:
        places = [row.place[:12] for _n, row in wanted]
        names = [row.person["name"] for _n, row in wanted]
        births = [row.person["birth"] for _n, row in wanted]
        with connection.cursor() as cursor:
            cursor.execute(BY_NAME, [[n for n, _row in wanted], places, names, births])
            for n, pk, numbered in cursor.fetchall():
                found[n].append((pk, numbered))
    return found


def _outcome(row, n, asked, holders, namesakes, adds):
    if row.skipped:
        return SKIPPED, None
    if n not in asked:
        return REFUSED, None
    known = _known(row, asked[n], holders.get(asked[n], []), namesakes.get(n, []))
    if row.refused:
        return (ELSEWHERE if row.problems[-1].code == "elsewhere" else REFUSED), known
    if known is None and not adds:
        row.problems.append(Found("unknown"))
        return REFUSED, None
    if known is not None:
        return SAME, known
    if row.person.get("state", "alive") != "alive":
        row.problems.append(Found("absent"))
        return REFUSED, None
    cells = any(problem.level == CELL for problem in row.problems)
    return (CELLS if cells else NEW), None


def _known(row, number, holders, namesakes):
    """The person a row is about, or None; what stands against it becomes a problem."""
    if number is None:
        return _namesake(row, namesakes)
    if len(holders) > 1:
        row.problems.append(Found("holders"))
    elif holders:
        return _holder(row, holders[0])
    return None


def _namesake(row, found):
    if len(found) == 1 and not found[0][1]:
        return found[0][0]
    if found:
        row.problems.append(Found("perhaps", other=found[0][0]))
    return None


def _holder(row, holder):
    if holder.name != row.person["name"]:
        row.problems.append(Found("conflict", other=holder.id))
    elif not holder.communities:
        row.problems.append(Found("pending" if holder.hidden else "gone", other=holder.id))
    elif row.place[:12] not in holder.communities:
        row.problems.append(Found("elsewhere", place=holder.communities[0]))
        return None
    return holder.id


# --- known persons: section by section ------------------------------------------------------------


def _compare(judged):
    known = [each for each in judged if each.outcome == SAME]
    sections = {name for each in known for name in each.row.sections}
    for name in sections & kinds.SECTIONS.keys():
        section = kinds.SECTIONS[name]
        rows = current_rows(section, [each.person for each in known])
        for each in known:
            if told := each.row.sections.get(name):
                _differ(each, section, told, rows.get(each.person))
    _compare_homes(known)


def _compare_homes(known):
    found = stays([each.person for each in known])
    for each in known:
        stay = found.get(each.person)
        if told := told_of(each.row, stay):
            each.outcome = DIFFERS
            filling = [] if stay and stay.dwelling else [HOME]
            each.differences.append(Differing(each.person, MOVE, [HOME], filling, told, None))


def current_rows(section: kinds.Section, persons: list[int]) -> dict[int, Model]:
    key = "pk" if section.model is Person else "person_id"
    found = section.model.objects.filter(**{f"{key}__in": persons})
    return {getattr(row, key): row for row in found}


def _differ(judged, section, told, row):
    if section.code == "person" and told.get("state", row.state) != row.state:
        judged.row.problems.append(Found("ends", other=judged.person))
    told = {name: value for name, value in told.items() if name not in BY_HAND}
    held = versions.values_of(row, section) if row else {}
    fields = [name for name, value in told.items() if value != held.get(name)]
    if fields:
        judged.outcome = DIFFERS
        filling = [name for name in fields if held.get(name) in (None, "", "0")]
        values = {name: told[name] for name in fields}
        stamp = row.recorded_at if row else None
        judged.differences.append(
            Differing(judged.person, section.code, fields, filling, values, stamp)
        )
