"""Good rows of a chunk are written under their batch, which nobody sees until it is opened."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from .. import copying, moving, packing, restating
from ..codelists import HEAD
from ..copying import Lines
from ..intake.rows import OTHER
from ..models import (
    Batch,
    BatchHousehold,
    Chunk,
    Hidden,
    Household,
    Membership,
    Person,
    Problem,
)
from ..packing import Kept
from ..queries.imports_known import DIFFERS, SAME, by_number
from ..writing import Ready, Tables


@dataclass
class Writing:
    """What the chunks of one run know together."""

    batch: Batch
    tables: Tables
    households: dict[str, int] = field(default_factory=dict)
    heads: set[int] = field(default_factory=set)  # households that have one

    @classmethod
    def of(cls, batch: Batch) -> "Writing":
        found = BatchHousehold.objects.filter(batch=batch).values_list("key", "household_id")
        writing = cls(batch, Tables.of(batch), {bytes(key).hex(): pk for key, pk in found})
        members = Membership.objects.filter(batch=batch.pk, relation=HEAD, until=None)
        writing.heads = set(members.values_list("household_id", flat=True))
        return writing


@transaction.atomic
def hide(*, batch: Batch) -> None:
    Hidden.objects.get_or_create(batch=batch.pk)


@transaction.atomic
def apply_chunk(*, writing: Writing, chunk: Chunk, ready: Ready) -> int:
    """Exactly once, whatever happens: the rows and the mark that they are written are one
    transaction.
    """
    copying.by_index()
    copying.unhurried()
    chunk = Chunk.objects.select_for_update().defer("sealed").get(pk=chunk.pk)
    if chunk.applied:
        return 0
    batch = Batch.objects.select_for_update().get(pk=chunk.batch_id)
    entries = _still_new(batch, ready.entries)
    rows = [entry.row for entry in entries]
    homes = _homes(writing, ready, rows)
    _join_known(writing, ready.kept)
    _found_households(writing, rows, homes)
    _write(writing, entries, homes)
    chunk.applied = True
    chunk.save(update_fields=["applied"])
    batch.done = chunk.first + chunk.rows - 1
    batch.counts = batch.counts | {"written": _places(batch, rows)}
    batch.save(update_fields=["done", "counts"])
    return len(rows)


def _places(batch, rows):
    counted = Counter(batch.counts.get("written", {}))
    counted.update(row.place[:12] for row in rows)
    return dict(counted)


def _still_new(batch, entries):
    """Whoever was entered since the check is not entered twice."""
    hashes = {bytes.fromhex(each.row.hash): n for n, each in entries.items() if each.row.hash}
    late = {hashes[number] for number in by_number(list(hashes))}
    Problem.objects.bulk_create(Problem(batch=batch, row=n, code="late") for n in sorted(late))
    return [entry for n, entry in entries.items() if n not in late]


# --- dwellings and households ---------------------------------------------------------------------


def _homes(writing, ready, rows):
    """By the door of the row, as its hash is written in a chunk."""
    doors = dict.fromkeys(row.home[1] for row in rows if row.home)
    wanted = {bytes.fromhex(key): ready.doors[key] for key in doors}
    return {key.hex(): pk for key, pk in moving.made(writing.tables.dwellings, wanted).items()}


def _join_known(writing, kept):
    """New members go to the household that the known ones of the same number are in."""
    known = {row.person: row.key for row in kept
             if row.person and row.key and row.outcome in (SAME, DIFFERS)
             and row.key not in writing.households}  # fmt: skip
    if not known:
        return
    members = Membership.objects.filter(person__in=known, until=None)
    found = {}
    for person, household in members.values_list("person_id", "household_id"):
        found.setdefault(known[person], household)
    _keep_households(writing, found)
    heads = Membership.objects.filter(
        household__in=found.values(), until=None, relation=HEAD
    ).values_list("household_id", flat=True)
    writing.heads |= set(heads)


def _keep_households(writing, found):
    BatchHousehold.objects.bulk_create(
        BatchHousehold(batch=writing.batch, key=bytes.fromhex(key), household_id=pk)
        for key, pk in found.items()
    )
    writing.households |= found


def _found_households(writing, rows, homes):
    new: dict[str, Kept] = {}
    for row in rows:
        if row.key and row.key not in writing.households:
            new.setdefault(row.key, row)
    names = ("id", "place", "dwelling_id", "number")
    lines = Lines(Household, names, moving.facts(writing.batch) | {"kind": Household.Kind.FAMILY})
    keys = Lines(BatchHousehold, ("key", "household_id"), {"batch_id": writing.batch.pk})
    for pk, (key, row) in zip(copying.ids(Household, len(new)), new.items(), strict=True):
        writing.households[key] = pk
        dwelling = homes.get(row.home[1]) if row.home else None
        place = row.home[0] if row.home else row.place
        lines.add({"id": pk, "place": place, "dwelling_id": dwelling,
                   "number": row.household or None})  # fmt: skip
        keys.add({"key": bytes.fromhex(key), "household_id": pk})
    lines.copy()
    keys.copy()


# --- persons --------------------------------------------------------------------------------------


def _write(writing, entries, homes):
    batch, tables = writing.batch, writing.tables
    joined = Lines(Membership, ("household_id", "person_id", "relation"),
                   {"since": tables.since, "batch": batch.pk,
                    "recorded_at": batch.stamp})  # fmt: skip
    others = defaultdict(dict)
    for pk, entry in zip(copying.ids(Person, len(entries)), entries, strict=True):
        row = entry.row
        tables.persons.add_rest(pk, rest=entry.person)
        home = homes[row.home[1]] if row.home else None
        for living, rest in entry.presences:
            tables.presences.add_rest(pk, home if living else None, rest=rest)
        _join(writing, joined, pk, row)
        if len(row.sections) > 1:
            for section in row.sections.keys() - {"person"}:
                others[section][pk] = packing.values_of(section, row.sections[section])
    for lines in (tables.persons, tables.presences, joined):
        lines.copy()
    for section, found in others.items():
        restating.write_records(section, found, moving.facts(batch))


def _join(writing, lines, pk, row):
    if not row.key:
        return
    household, relation = writing.households[row.key], row.relation or OTHER
    if relation == HEAD:
        if household in writing.heads:
            relation = OTHER
        writing.heads.add(household)
    lines.add({"household_id": household, "person_id": pk, "relation": relation})
