"""What a section said of a person before, asked by day and by when it was known.

Everything written about a section is a statement: from this day on, these fields are so. For every
day the last statement about a field holds; a correction is a statement from the day on which the
present entry begins. The section's own row is the end of that story, Version rows are the rest,
sealed under the person's key. They are written inside the commands that change a section.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import orjson
from django.db import models
from django.db.models import Q

from shanzhi.kernel import crypto

from . import kinds
from .models import Person, PersonKey, Record, Version

TIMES = ("valid_from", "recorded_at")  # of a row, set by state()


@dataclass(frozen=True)
class Span:
    """One belief: `values` held during [valid_from, valid_to), as known during [known_from,
    known_to); None is "and on". `values` is None where the person's key was destroyed.
    """

    values: dict[str, Any] | None
    valid_from: date
    valid_to: date | None
    known_from: datetime
    known_to: datetime | None
    source_id: int | None


# --- the key of a person --------------------------------------------------------------------------


def open_key(person_id: int) -> bytes | None:
    """None where nothing was ever changed, or the person was forgotten."""
    kept = PersonKey.objects.filter(pk=person_id).values_list("wrapped", flat=True).first()
    return None if kept is None else unwrap(person_id, kept)


def make_key(person_id: int) -> bytes:
    """The person's key, made where there is none yet; the caller holds the person's row."""
    if key := open_key(person_id):
        return key
    key = os.urandom(32)
    PersonKey.objects.create(person_id=person_id, wrapped=wrap(person_id, key))
    return key


def destroy_key(person_id: int) -> bool:
    """Every version of the person becomes unreadable, here and in every backup of versions."""
    return PersonKey.objects.filter(pk=person_id).delete()[0] > 0


def wrap(person_id: int, key: bytes) -> bytes:
    return crypto.seal(key, context=key_context(person_id))


def unwrap(person_id: int, wrapped: bytes) -> bytes:
    return crypto.unseal(wrapped, context=key_context(person_id))


def key_context(person_id):
    return f"registry_personkey:{person_id}"


# --- a section's values ---------------------------------------------------------------------------


def columns(section: kinds.Section) -> dict[str, models.Field]:
    """The columns of a section that are facts, by the names of its elements."""
    return {each.field: section.model._meta.get_field(each.field) for each in section.elements}


def is_of_person(section: kinds.Section) -> bool:
    """Does it speak of one person? Dwellings and households do not."""
    return section.model is Person or issubclass(section.model, Record)


def values_of(row: models.Model, section: kinds.Section) -> dict[str, Any]:
    return {name: getattr(row, field.attname) for name, field in columns(section).items()}


def current_row(person_id: int, section: kinds.Section) -> models.Model | None:
    key = "pk" if section.model is Person else "person_id"
    return section.model.objects.filter(**{key: person_id}).first()


def seal(values: dict[str, Any], key: bytes, person_id: int, section: str) -> bytes:
    plain = orjson.dumps(values, default=str)
    return crypto.seal_under(key, plain, context=f"{person_id}:{section}")


def _unseal(version: Version, key: bytes | None) -> dict[str, Any] | None:
    if key is None:
        return None
    context = f"{version.person_id}:{version.section}"
    plain = orjson.loads(crypto.unseal_under(key, version.sealed, context=context))
    known = columns(kinds.SECTIONS[version.section])
    return {name: known[name].to_python(plain[name]) for name in plain if name in known}


# --- asking ---------------------------------------------------------------------------------------


def as_of(person_id: int, section: str, *, day: date, known_at: datetime) -> dict[str, Any] | None:
    """What was known at a moment of how things stood on a day; None where nothing was, or where
    the person was forgotten. A field nothing was said about for that day is not among them.
    """
    declared = kinds.SECTIONS[section]
    row = current_row(person_id, declared)
    if row and row.valid_from <= day and row.recorded_at <= known_at:
        return values_of(row, declared)
    version = Version.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day),
        Q(known_to=None) | Q(known_to__gt=known_at),
        person_id=person_id, section=section, valid_from__lte=day, known_from__lte=known_at,
    ).first()  # fmt: skip
    return _unseal(version, open_key(person_id)) if version else None


def timeline(person_id: int, section: str, row: models.Model | None = None) -> list[Span]:
    """All that was ever believed: what is believed now first, and of each the latest day first.
    `row` is the section's own, where it was read already.
    """
    declared = kinds.SECTIONS[section]
    found = list(Version.objects.filter(person_id=person_id, section=section))
    key = open_key(person_id) if found else None
    spans = [
        Span(_unseal(each, key), each.valid_from, each.valid_to, each.known_from, each.known_to,
             each.source_id)
        for each in found if each.known_to != each.known_from
    ]  # fmt: skip
    if row := row or current_row(person_id, declared):
        told = (row.valid_from, None, row.recorded_at, None, row.source_id)
        spans.append(Span(values_of(row, declared), *told))
    spans.sort(key=lambda span: (span.valid_from, span.known_from), reverse=True)
    spans.sort(key=lambda span: span.known_to is not None)
    return spans


# --- telling, inside a command --------------------------------------------------------------------


def state(
    row: models.Model,
    section: kinds.Section,
    values: dict[str, Any],
    *,
    effective: date | None,
    source_id: int,
    at: datetime,
) -> list[str]:
    """From `effective` on (None: from where the row begins) `values` hold. Writes versions and sets
    the row, which the caller has locked and saves; the names of the fields that are different now
    for any day. A moment before what is recorded already counts as that moment.
    """
    person_id = row.pk if section.model is Person else row.person_id
    effective = effective or row.valid_from
    past = _believed_of_the_past(person_id, section)
    at = max([at, row.recorded_at, *(each.known_from for each in past)])
    keep = _keeper(person_id, section, at)

    changed = set()
    begins = past[0].valid_from if past else row.valid_from
    if effective < begins:
        keep(values, effective, begins, source_id)
        changed |= set(values)
    for version in past:
        if version.valid_to > effective:
            changed |= _restate_past(version, values, effective, source_id, keep)
    changed |= _restate_row(row, section, values, effective, source_id, keep)
    return [name for name in section.by_field if name in changed]


def _believed_of_the_past(person_id, section):
    rows = Version.objects.filter(person_id=person_id, section=section.code, known_to=None)
    return list(rows.order_by("valid_from"))


def _restate_past(version, values, effective, source_id, keep):
    before = _unseal(version, make_key(version.person_id))
    if not (changed := _differing(before, values)):
        return changed
    version.known_to = keep.keywords["at"]
    version.save(update_fields=["known_to"])
    begins = max(version.valid_from, effective)
    if version.valid_from < begins:
        keep(before, version.valid_from, begins, version.source_id)
    keep(before | values, begins, version.valid_to, source_id)
    return changed


def _restate_row(row, section, values, effective, source_id, keep):
    before = values_of(row, section)
    if not (changed := _differing(before, values)):
        return changed
    at = keep.keywords["at"]
    keep(before, row.valid_from, None, row.source_id, known_from=row.recorded_at, known_to=at)
    begins = max(row.valid_from, effective)
    if row.valid_from < begins:
        keep(before, row.valid_from, begins, row.source_id)
    row.valid_from, row.recorded_at, row.source_id = begins, at, source_id
    for name, value in values.items():
        setattr(row, columns(section)[name].attname, value)
    return changed


def _differing(before, values):
    return {name for name, value in values.items() if name not in before or before[name] != value}


def _keeper(person_id, section, at):
    return partial(_keep, person_id=person_id, section=section.code, at=at)


def _keep(
    values, valid_from, valid_to, source_id,
    *, person_id, section, at, known_from=None, known_to=None,
):  # fmt: skip
    Version.objects.create(
        person_id=person_id, section=section, source_id=source_id,
        sealed=seal(values, make_key(person_id), person_id, section),
        valid_from=valid_from, valid_to=valid_to, known_from=known_from or at, known_to=known_to,
    )  # fmt: skip


def strike(person_id: int, section: str, fields: Collection[str]) -> int:
    """Take fields out of every version, for good: what is deleted is not kept as history either."""
    key, struck = open_key(person_id), 0
    if key is None:
        return 0
    for version in Version.objects.filter(person_id=person_id, section=section):
        values = _unseal(version, key)
        if kept := {name: value for name, value in values.items() if name not in fields}:
            version.sealed = seal(kept, key, person_id, section)
            version.save(update_fields=["sealed"])
            struck += 1
        else:
            version.delete()
    return struck
