"""Editions of the catalogue: drafted from a file, published, confirmed entry by entry."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from shanzhi.burden import succession
from shanzhi.burden.commands.lists import held, put_in_force, stand_for
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from ..kinds import CatalogueRow
from ..models import Edition, Entry
from ..rules import catalogue as rules

State = Edition.State


@transaction.atomic
def draft_edition(
    *, place: str, title: str, rows: Sequence[CatalogueRow], by: Actor, at: datetime
) -> Edition:
    """Nothing is issued by it yet; a draft that was there is replaced."""
    rules.check_draft(by, place, rows)
    known = Edition.objects.filter(place=place)
    held(known)
    known.filter(state=State.DRAFT).delete()
    last = known.aggregate(last=Max("number"))["last"] or 0
    edition = Edition.objects.create(place=place, number=last + 1, title=title, made_at=at)
    Entry.objects.bulk_create(
        Entry(edition=edition, position=position, **row.values) for position, row in enumerate(rows)
    )
    _record("certificates.catalogue_drafted", edition, by, at, entries=len(rows))
    return edition


@transaction.atomic
def publish_edition(*, edition: Edition, on: date, by: Actor, at: datetime) -> Edition:
    edition, before = put_in_force(edition, on, by)
    succession.answered(edition, at)
    _record("certificates.catalogue_published", edition, by, at, replaces=before and before.number)
    return edition


@transaction.atomic
def discard_edition(*, edition: Edition, by: Actor, at: datetime) -> None:
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    rules.check_discard(edition, by)
    _record("certificates.catalogue_discarded", edition, by, at)
    edition.delete()


@transaction.atomic
def confirm_entry(*, entry: Entry, basis: str, by: Actor, at: datetime) -> Entry:
    """The office stands for the basis: from now on the certificate may be issued."""
    held(entry.edition.of_its_list())
    entry = Entry.objects.select_for_update(of=["self"]).select_related("edition").get(pk=entry.pk)
    rules.check_confirm(entry, basis, by, field="basis")
    drafts = stand_for(entry, "basis", basis.strip(), ("name", "allowed"))
    _record("certificates.entry_confirmed", entry.edition, by, at, code=entry.code, drafts=drafts)
    return entry


def _record(verb, edition, by, at, **data):
    record(verb, about=label(edition), by=by, at=at, place=edition.place, number=edition.number,
           **data)  # fmt: skip
