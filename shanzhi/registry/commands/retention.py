"""Forgetting: whoever left long ago, and records whose time is over. Each deals with one batch."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import localdate

from shanzhi.files import commands as files
from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import kinds
from ..intake import keeping
from ..models import (
    Batch,
    BindingRequest,
    ChangeRequest,
    Chunk,
    Difference,
    FormerStay,
    Person,
    Problem,
    Version,
)
from ..queries import retention as queries
from .forgetting import forget

AT_ONCE = 200


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
    """Of one section, then of stays."""
    model = Version
    if not (found := queries.versions_to_delete(localdate(at), AT_ONCE * 10)):
        model, found = FormerStay, queries.stays_to_delete(localdate(at), AT_ONCE * 10)
    model.objects.filter(pk__in=found).delete()
    return _told("versions", len(found), by, at)


@transaction.atomic
def delete_requests(*, by: Actor, at: datetime) -> int:
    rows = queries.requests_due(localdate(at)).order_by("pk").values_list("pk", flat=True)
    found = list(rows[: AT_ONCE * 10])
    _with_papers(ChangeRequest, found, by, at)
    return _told("requests", len(found), by, at)


@transaction.atomic
def delete_binding_requests(*, by: Actor, at: datetime) -> int:
    """Name, number and photos of papers with which somebody asked to be bound."""
    rows = queries.binding_requests_due(localdate(at)).order_by("pk").values_list("pk", flat=True)
    found = list(rows[: AT_ONCE * 10])
    _with_papers(BindingRequest, found, by, at)
    return _told("binding-requests", len(found), by, at)


def _with_papers(model, found, by, at):
    for pk in found:
        owner = f"{model._meta.label}:{pk}"
        files.purge(owner=owner, by=by, at=at, place=settings.SHANZHI_CITY)
    model.objects.filter(pk__in=found).delete()


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
