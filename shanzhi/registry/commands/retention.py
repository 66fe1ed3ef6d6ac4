"""Forgetting: whoever left long ago, and records whose time is over. Each deals with one batch."""

from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from .. import kinds, versions
from ..intake import keeping
from ..models import (
    Batch,
    Binding,
    ChangeRequest,
    Chunk,
    Death,
    Difference,
    Membership,
    Person,
    Presence,
    Problem,
    Tag,
    Transfer,
    Version,
)
from ..queries import retention as queries
from ..rules import retention as rules

AT_ONCE = 200
# What hangs on a person and goes with them; that they asked or agreed once stays, without values.
GO = (Membership, ChangeRequest, Transfer, Tag, Binding, Death)
GO_BY_ID = (Difference,)


@transaction.atomic
def forget(*, person: Person, reason: str, by: Actor, at: datetime) -> None:
    """Empty the row and destroy the key: nothing can tell any more who this was. That somebody of
    this sex and year lived in that community then stays, for figures; `reason` is "retention" or
    "asked".
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    rules.check_forget(person)

    place = queries.last_place(person)
    versions.destroy_key(person.pk)
    for section in queries.of_persons():
        section.model.objects.filter(person=person).delete()
    for model in GO:
        model.objects.filter(person=person).delete()
    for model in GO_BY_ID:
        model.objects.filter(person_id=person.pk).delete()
    for presence in Presence.objects.filter(person=person):
        presence.name, presence.dwelling, presence.batch = "", None, None
        presence.place = presence.place[:12]
        presence.birth = presence.birth and date(presence.birth.year, 1, 1)
        presence.save(update_fields=["name", "dwelling", "batch", "place", "birth"])
    _empty(person)

    record("registry.forgotten", about=label(person), by=by, at=at, place=place, reason=reason)


def _empty(person):
    section = kinds.SECTIONS["person"]
    for name, column in versions.columns(section).items():
        setattr(person, column.attname, None if column.null else column.get_default())
        if section.by_field[name].hashed:
            setattr(person, f"{name}_hash", None)
    person.name, person.state, person.disputed = "", Person.State.GONE, []
    person.collected_on = person.verified_on = None
    person.save()


@transaction.atomic
def forget_due(*, by: Actor, at: datetime) -> int:
    """Some of those who left long ago."""
    found = queries.persons_to_forget(localdate(at), AT_ONCE)
    for person in Person.objects.filter(pk__in=found).order_by("pk"):
        forget(person=person, reason="retention", by=by, at=at)
    return len(found)


@transaction.atomic
def delete_section_rows(*, section: str, by: Actor, at: datetime) -> int:
    """A section that is kept for a shorter time than the person."""
    declared = kinds.SECTIONS[section]
    found = queries.rows_to_delete(declared, localdate(at), AT_ONCE)
    declared.model.objects.filter(person_id__in=found).delete()
    Version.objects.filter(person_id__in=found, section=section).delete()
    return _told(f"section.{section}", len(found), by, at)


@transaction.atomic
def delete_versions(*, by: Actor, at: datetime) -> int:
    found = queries.versions_to_delete(localdate(at), AT_ONCE * 10)
    Version.objects.filter(pk__in=found).delete()
    return _told("versions", len(found), by, at)


@transaction.atomic
def delete_requests(*, by: Actor, at: datetime) -> int:
    rows = queries.requests_due(localdate(at)).order_by("pk").values_list("pk", flat=True)
    found = list(rows[: AT_ONCE * 10])
    ChangeRequest.objects.filter(pk__in=found).delete()
    return _told("requests", len(found), by, at)


@transaction.atomic
def delete_staged(*, by: Actor, at: datetime) -> int:
    """The rows of old imports as they were read; that there was an import, and its counts, stay."""
    found = queries.batches_due(localdate(at), 1)
    for model in (Chunk, Problem, Difference):
        model.objects.filter(batch_id__in=found).delete()
    for batch in Batch.objects.filter(pk__in=found):
        keeping.remove(batch.file)
    return _told("staged", len(found), by, at)


@transaction.atomic
def drop_reads(*, by: Actor, at: datetime) -> int:
    """A month of the read log: its partition goes as a whole."""
    months = queries.read_months(localdate(at))[:1]
    with connection.cursor() as cursor:
        for name in months:
            cursor.execute(f"drop table {connection.ops.quote_name(name)}")
    return _told("reads", len(months), by, at)


def _told(code, count, by, at):
    if count:
        record(
            "registry.retained", about=f"registry.Retention:{code}", by=by, at=at,
            place=settings.SHANZHI_CITY, count=count,
        )  # fmt: skip
    return count
