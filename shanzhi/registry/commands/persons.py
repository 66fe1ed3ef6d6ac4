"""A person comes into the registry, and what is known of a person changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal import commands as journal
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from .. import kinds, rules, spelling, steps, versions
from ..models import Dwelling, Person, Presence, Source

CARRIED = {"name", "birth", "sex"}  # what a presence repeats of its person
DEFAULT_SOURCES = (
    ("community", "community", "社区采集"),
    ("resident", "resident", "居民本人"),
    ("case", "case", "办件"),
)


@dataclass(frozen=True)
class NewPresence:
    """`place` is not needed beside a dwelling; `since` is the day of entry where not said."""

    kind: int
    place: str = ""
    dwelling: Dwelling | None = None
    since: date | None = None

    @property
    def where(self) -> str:
        return self.dwelling.place if self.dwelling else self.place


@transaction.atomic
def load_sources(*, by: Actor, at: datetime) -> list[Source]:
    """The sources every registry has; answers those that were missing."""
    known = set(Source.objects.values_list("code", flat=True))
    made = [
        Source.objects.create(kind=kind, code=code, name=name)
        for kind, code, name in DEFAULT_SOURCES
        if code not in known
    ]
    if made:
        codes, place = [source.code for source in made], settings.SHANZHI_CITY
        journal.record("registry.sources_added", about=f"registry.Source:{made[0].pk}", by=by,
                       at=at, place=place, sources=codes)  # fmt: skip
    return made


@transaction.atomic
def add_person(
    *,
    values: dict[str, Any],
    presences: Sequence[NewPresence],
    source: Source,
    by: Actor,
    at: datetime,
    since: date | None = None,
) -> Person:
    """`values` by field name, as written; what the identity number tells need not be said."""
    today = localdate(at)
    cleaned = cleaned_person(values, today)
    for each in presences:
        rules.check_entry(by, each.kind, each.where, each.since, today)
    rules.check_person(cleaned, today)

    hashes = spelling.hashes(kinds.SECTIONS["person"], cleaned)
    person = Person(
        **cleaned, **hashes, source=source, collected_on=today,
        valid_from=since or today, recorded_at=at,
    )  # fmt: skip
    person.save(force_insert=True)
    for each in presences:
        steps.enter(
            person, each.kind, each.where, since=each.since or today,
            dwelling_id=each.dwelling and each.dwelling.pk,
        )  # fmt: skip
    told = [int(each.kind) for each in presences]
    if Presence.Kind.REGISTERED not in told and rules.in_this_city(person.registered_place):
        steps.enter(person, Presence.Kind.REGISTERED, person.registered_place, since=today)
    steps.compare_holders(hashes.get("identity_hash"), at)
    place = presences[0].where if presences else ""
    steps.record("registry.person_added", person, by=by, at=at, place=place, source=source.code,
                 presences=told)  # fmt: skip
    return person


def cleaned_person(values: dict[str, Any], today: date) -> dict[str, Any]:
    """A whole new person's values in one spelling, with what the number tells."""
    section = kinds.SECTIONS["person"]
    if "name" not in values:
        raise Refused(_("Enter the name."), field="name")
    cleaned = spelling.clean(section, values, today=today)
    number = cleaned.get("identity")
    if number and not cleaned.get("document"):
        cleaned["document"] = "111"
    if spelling.speaks(cleaned.get("document", ""), number):
        told = spelling.told_by_number(number)
        cleaned["birth"] = cleaned.get("birth") or told["birth"]
        if cleaned.get("sex", "0") not in ("1", "2"):
            cleaned["sex"] = told["sex"]
    return cleaned


@transaction.atomic
def change(
    *,
    section: str,
    person: Person,
    values: dict[str, Any],
    effective: date | None,
    source: Source,
    by: Actor,
    at: datetime,
) -> list[str]:
    """From `effective` on `values` hold; None corrects the present entry from its beginning. The
    names of what changed; a section nothing was known of yet begins with this.
    """
    declared, today = kinds.SECTIONS[section], localdate(at)
    person = steps.locked(person)
    rules.check_change(by, person, declared, values)
    rules.check_effective(effective, today)
    row = _row(declared, person)
    document = getattr(row, "document", "")
    cleaned = spelling.clean(declared, values, today=today, document=document)
    if declared.model is Person:
        rules.check_person(versions.values_of(person, declared) | cleaned, today)

    changed = _tell(row, declared, cleaned, effective, source, at)
    if changed:
        if declared.model is Person:
            _follow(person, changed, effective or today)
            steps.compare_holders(person.identity_hash if "identity" in changed else None, at)
        steps.record("registry.changed", person, by=by, at=at, section=section, fields=changed,
                     source=source.code, correction=effective is None)  # fmt: skip
    return changed


@transaction.atomic
def verify(*, person: Person, by: Actor, at: datetime) -> Person:
    """Somebody went and looked: the entry is still right."""
    person = steps.locked(person)
    rules.persons.check_verify(by, person, localdate(at))
    person.verified_on = localdate(at)
    person.save(update_fields=["verified_on"])
    steps.record("registry.verified", person, by=by, at=at)
    return person


def _row(section: kinds.Section, person: Person) -> Model:
    if section.model is Person:
        return person
    found = section.model.objects.select_for_update().filter(person=person).first()
    return found or section.model(person=person)


def _tell(row, section, values, effective, source, at):
    """Into history and the row; the first that is known of a section has no history."""
    today = localdate(at)
    if row.pk is None:
        hashes = spelling.hashes(section, values)
        for name, value in (values | hashes).items():
            setattr(row, name, value)
        row.source, row.collected_on = source, today
        row.valid_from, row.recorded_at = effective or today, at
        row.save(force_insert=True)
        return list(values)
    changed = versions.state(row, section, values, effective=effective, source_id=source.pk, at=at)
    if changed:
        steps.save_changed(row, section, changed, today)
    return changed


def _follow(person, changed, on):
    """Presences repeat what their lists need, and the register decides one of them."""
    if CARRIED & set(changed):
        steps.carry(person)
    if "registered_place" in changed:
        steps.leave(person, on, Presence.Kind.REGISTERED)
        if rules.in_this_city(person.registered_place):
            steps.enter(person, Presence.Kind.REGISTERED, person.registered_place, since=on)
