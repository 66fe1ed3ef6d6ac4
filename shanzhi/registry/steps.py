"""What several commands share, inside their transactions.

Presences are entered and ended by functions of the database that reach behind the fence: the
community of registration, too, hears of a death; the commands asked the rules before.
"""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils.timezone import localdate

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from . import kinds, spelling, versions
from .models import Person
from .queries import presence
from .queries.persons import source


def label(person: Person) -> str:
    return f"registry.Person:{person.pk}"


def record(
    verb: str, person: Person, *, by: Actor, at: datetime, place: str = "", **data: Any
) -> None:
    """The journal entry about a person, told where the actor's place has them."""
    place = place or presence.place_of(person.pk, by.place) or by.place or settings.SHANZHI_CITY
    journal.record(verb, about=label(person), by=by, at=at, place=place, **data)


def locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def enter(
    person: Person, kind: int, place: str, *, dwelling_id: int | None = None, since: date
) -> int:
    """A new presence with the name, birth and sex of its person; its id."""
    return _call("registry_enter", person.pk, kind, place, dwelling_id, since)


def leave(person: Person, on: date, kind: int | None = None, place: str = "") -> int:
    """End what is open of a person's presences, of one kind or all, at a place; how many."""
    return _call("registry_leave", person.pk, kind, place, on)


def leave_household(person: Person, on: date) -> int | None:
    """End the membership that is open; the household it was in."""
    return _call("registry_leave_household", person.pk, on)


def end_all(person: Person, on: date) -> tuple[list[int], int | None]:
    """Every presence and the membership; which they were."""
    return _row("registry_end_all", person.pk, on)


def begin_again(
    person: Person, presences: list[int], membership: int | None
) -> tuple[int, int | None]:
    """What was ended is open again; how many presences, and the membership if it could be."""
    return _row("registry_begin_again", person.pk, presences, membership)


def carry(person: Person) -> int:
    """Make the person's presences repeat the name, birth and sex as they are now."""
    return _call("registry_carry", person.pk)


def compare_holders(number_hash: bytes | None, at: datetime) -> int | None:
    """Two persons with one number are a conflict from now on; its id."""
    return _call("registry_conflict", number_hash, at) if number_hash else None


def set_state(person: Person, value: str, on: date, at: datetime) -> None:
    state(person, {"state": value}, on, at)


def state(person: Person, values: dict[str, Any], on: date, at: datetime) -> list[str]:
    """What the community says of a locked person, with its history."""
    told = source("community")
    section = kinds.SECTIONS["person"]
    changed = versions.state(person, section, values, effective=on, source_id=told.pk, at=at)
    if changed:
        save_changed(person, section, changed, localdate(at))
    return changed


def save_changed(row: Model, section: kinds.Section, changed: list[str], today: date) -> None:
    """The changed columns with their hashes, and what tells since when and from whom."""
    hashes = spelling.hashes(section, {name: getattr(row, name) for name in changed})
    for name, value in hashes.items():
        setattr(row, name, value)
    row.collected_on = today
    row.save(update_fields=[*changed, *hashes, "source", "collected_on", *versions.TIMES])


def _row(function, *values):
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({marks})", values)
        return cursor.fetchone()


def _call(function, *values):
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({marks})", values)
        row = cursor.fetchone()
        return row[0] if row else None
