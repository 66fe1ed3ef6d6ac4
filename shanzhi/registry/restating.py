"""Many known persons say something else from today on: the same versions as `change` writes, in a
few statements. Writes inside the commands that open and undo a batch; they write the journal.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.timezone import localdate

from . import kinds, moving, packing, rules, spelling, steps, versions
from .copying import Lines
from .models import Batch, Difference, Person, PersonKey, Presence, Version
from .queries.imports_known import current_rows
from .queries.imports_moves import MOVE

State = Difference.State
Chosen = Callable[[Difference], dict[str, Any]]


def take(
    batch: Batch, differences: Sequence[Difference], chosen: Chosen, *, at: datetime
) -> Counter[str]:
    """`chosen` gives the values to take of each. Whose row was changed since it was compared is
    left as it is and marked. How many persons it changed, by community.
    """
    by_section = defaultdict(list)
    for each in sorted(differences, key=lambda each: (each.section, each.person_id)):
        by_section[each.section].append(each)
    moving.take(batch, by_section.pop(MOVE, []), at=at)
    for section, found in by_section.items():
        _take_section(batch, kinds.SECTIONS[section], found, chosen, at)
    taken = {(each.place, each.person_id) for each in differences if each.state == State.TAKEN}
    return Counter(place for place, _person in taken)


def _take_section(batch, section, differences, chosen, at):
    persons = [each.person_id for each in differences]
    list(Person.objects.filter(pk__in=persons).order_by("pk").select_for_update().values_list("pk"))
    rows = current_rows(section, persons)
    keys, history, new, changed = {}, [], {}, []
    keys.update(_keys(persons))
    for each in differences:
        row, values = rows.get(each.person_id), chosen(each)
        if (row.recorded_at if row else None) != each.stamp:
            each.state = State.STALE
        elif row is None:
            new[each.person_id] = values
            _mark(each, values, {})
        else:
            _mark(each, values, {name: getattr(row, _attname(section, name)) for name in values})
            history += _restate(row, section, values, keys, batch.source_id, at)
            changed.append(row)
        each.settled_at = at
    _write(section, changed, history, new, batch, at)
    _follow(section, differences, at)
    Difference.objects.bulk_update(differences, ["state", "taken", "before", "settled_at"])


def _attname(section, name):
    return section.model._meta.get_field(name).attname


def _mark(difference, values, before):
    difference.state, difference.taken = State.TAKEN, list(values)
    difference.before = before


def _keys(persons):
    """The key of each person's versions, made where nothing was ever changed."""
    known = dict(PersonKey.objects.filter(pk__in=persons).values_list("pk", "wrapped"))
    keys = {pk: versions.unwrap(pk, wrapped) for pk, wrapped in known.items()}
    lines = Lines(PersonKey, ("person_id", "wrapped"), {})
    for pk in dict.fromkeys(persons):
        if pk not in keys:
            keys[pk] = os.urandom(32)
            lines.add({"person_id": pk, "wrapped": versions.wrap(pk, keys[pk])})
    lines.copy()
    return keys


def _restate(row, section, values, keys, source, at):
    """What `versions.state` would keep of a row from today on, as rows to copy; sets the row."""
    person = row.pk if section.model is Person else row.person_id
    before, today = versions.values_of(row, section), localdate(at)
    at = max(at, row.recorded_at)
    sealed = versions.seal(before, keys[person], person, section.code)
    kept = {"person_id": person, "sealed": sealed, "valid_from": row.valid_from,
            "source_id": row.source_id}  # fmt: skip
    history = [kept | {"known_from": row.recorded_at, "known_to": at, "valid_to": None}]
    if row.valid_from < today:
        again = versions.seal(before, keys[person], person, section.code)
        history.append(kept | {"sealed": again, "known_from": at, "valid_to": today})
    row.valid_from, row.recorded_at = max(row.valid_from, today), at
    row.source_id, row.collected_on = source, today
    for name, value in values.items():
        setattr(row, _attname(section, name), value)
    for name, value in spelling.hashes(section, values).items():
        setattr(row, name, value)
    return history


VERSION = ("person_id", "sealed", "valid_from", "valid_to", "known_from", "known_to", "source_id")


def _write(section, changed, history, new, batch, at):
    lines = Lines(Version, VERSION, {"section": section.code})
    for each in history:
        lines.add(each)
    lines.copy()
    if changed:
        _update(section.model, changed)
    if new:
        facts = {"source_id": batch.source_id, "collected_on": localdate(at),
                 "valid_from": localdate(at), "recorded_at": at}  # fmt: skip
        write_records(section.code, new, facts)


def _update(model: type[Model], rows: Sequence[Model]) -> None:
    """Whole rows, through a table of their own."""
    names = [field.attname for field in model._meta.concrete_fields]
    lines = Lines(model, names, {})
    for row in rows:
        lines.add({name: getattr(row, name) for name in names})
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    to_set = ", ".join(f'"{name}" = told."{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS registry_told")
        cursor.execute(f"CREATE TEMP TABLE registry_told (LIKE {table}) ON COMMIT DROP")
        lines.copy("registry_told")
        cursor.execute(
            f"UPDATE {table} AS here SET {to_set} FROM registry_told AS told"
            " WHERE told.id = here.id"
        )


CARRY = """
UPDATE registry_presence AS here SET name = person.name, birth = person.birth, sex = person.sex
FROM registry_person AS person
WHERE person.id = here.person_id AND person.id = ANY(%s) AND (here.name, here.birth, here.sex)
    IS DISTINCT FROM (person.name COLLATE "C", person.birth, person.sex)
"""


def _follow(section, differences, at):
    """Presences repeat birth and sex, and the register decides one of them."""
    if section.model is not Person:
        return
    taken = [each for each in differences if each.state == State.TAKEN]
    carried = [each.person_id for each in taken if {"birth", "sex"} & set(each.taken)]
    if carried:
        with connection.cursor() as cursor:
            cursor.execute(CARRY, [carried])
    moved = [each.person_id for each in taken if "registered_place" in each.taken]
    for person in Person.objects.filter(pk__in=moved).order_by("pk"):
        steps.leave(person, localdate(at), Presence.Kind.REGISTERED)
        if rules.in_this_city(person.registered_place):
            place = person.registered_place
            steps.enter(person, Presence.Kind.REGISTERED, place, since=localdate(at))


def told(decision: str) -> Chosen:
    """By the decision of a batch: all that the file says, or only where nothing is held."""

    def chosen(difference: Difference) -> dict[str, Any]:
        names = difference.fields if decision == Batch.Decision.TAKE else difference.filling
        values = packing.values_of(difference.section, difference.told)
        return {name: values[name] for name in names}

    return chosen


def back(difference: Difference) -> dict[str, Any]:
    return packing.values_of(difference.section, difference.before)


def write_records(section: str, found: dict[int, dict[str, Any]], facts: dict[str, Any]) -> None:
    """New rows of a further section, by person."""
    declared = kinds.SECTIONS[section]
    empty = {
        each.field: None if column.null else column.get_default()
        for each in declared.elements
        for column in [declared.model._meta.get_field(each.field)]
    }
    hashed = {f"{each.field}_hash" for each in declared.elements if each.hashed}
    same = {name: value for name, value in facts.items() if name != "batch"}
    lines = Lines(declared.model, ("person_id", *empty, *hashed), same)
    for pk, told in found.items():
        lines.add({"person_id": pk, **empty, **told, **spelling.hashes(declared, told)})
    lines.copy()
