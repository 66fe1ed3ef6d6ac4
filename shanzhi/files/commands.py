"""Writes of this area. Bytes go to the disk before the first statement that writes, so that no
transaction waits for a disk; what a rollback leaves there, `sweep_orphans` takes away."""

import errno
import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import File as Upload
from django.db import transaction
from django.utils.translation import gettext as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from . import contents, disk, names, rules
from .models import File

log = logging.getLogger(__name__)

WRITING = timedelta(hours=1)  # no upload takes longer between its bytes and its row
SWEEP = 1000  # rows of one sweep


@transaction.atomic
def store(*, upload: Upload, by: Actor, at: datetime) -> File:
    """Check, clean and encrypt what was sent. It belongs to nothing until `attach`."""
    rules.check_pace(by=by, at=at)
    rules.check_size(upload.size)
    cleaned = contents.clean(upload.read())

    file = File(
        pk=uuid4(),
        name=names.clean(upload.name, cleaned.extension),
        content_type=cleaned.content_type,
        size=len(cleaned.content),
        digest=hashlib.sha256(cleaned.content).digest(),
        has_thumb=cleaned.thumb is not None,
        uploaded_by=by.account_id,
        uploaded_at=at,
    )
    try:
        _write(file.pk, cleaned)
        file.save(force_insert=True)
        _record("files.stored", file, by=by, at=at)
    except BaseException:
        disk.remove(file.pk)
        raise
    return file


def _write(pk, cleaned):
    try:
        disk.write(pk, cleaned.content)
        if cleaned.thumb is not None:
            disk.write(pk, cleaned.thumb, disk.THUMB)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        log.critical("no room left under FILES_ROOT")
        raise Refused(
            _("The server has no room for files just now; please try again later.")
        ) from None


def _record(verb, file, *, by, at):
    record(
        verb,
        about=label(file),
        by=by,
        at=at,
        place=by.place or settings.SHANZHI_CITY,
        content_type=file.content_type,
        size=file.size,
    )


@transaction.atomic
def attach(*, files: Iterable[UUID], owner: str, by: Actor, at: datetime, place: str) -> list[File]:
    """Make uploads of this account part of `owner`; those that are already stay so."""
    wanted = list(files)
    found = list(File.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    rules.check_attach(found, wanted, owner=owner, by=by)
    fresh = [file for file in found if not file.owner]
    if not fresh:
        return found
    rules.check_room(owner, len(fresh))

    for file in fresh:
        file.owner = owner
    File.objects.bulk_update(fresh, ["owner"])
    ids = [str(file.pk) for file in fresh]
    record("files.attached", about=owner, by=by, at=at, place=place, files=ids)
    return found


@transaction.atomic
def remove(*, file: UUID, by: Actor, at: datetime) -> None:
    """Take back an upload that was not sent yet. Gone already is as good."""
    found = File.objects.select_for_update().filter(pk=file).first()
    if found is None:
        return
    rules.check_remove(found, by=by)
    _record("files.removed", found, by=by, at=at)
    _delete([found])


@transaction.atomic
def purge(*, owner: str, by: Actor, at: datetime, place: str) -> int:
    """Destroy everything that belongs to `owner`, when its time is over; how many files."""
    if not owner:
        raise ValueError("an owner is needed")
    found = list(File.objects.select_for_update().filter(owner=owner).order_by("pk"))
    if found:
        _delete(found)
        record("files.purged", about=owner, by=by, at=at, place=place, count=len(found))
    return len(found)


@transaction.atomic
def sweep_orphans(*, by: Actor, at: datetime) -> int:
    """Take away what was never sent, and bytes without a row; how many. To be run daily."""
    stray = _sweep_disk(at)
    unsent = list(
        File.objects.select_for_update(skip_locked=True)
        .filter(owner="", uploaded_at__lt=at - rules.KEPT_WAITING)
        .order_by("uploaded_at", "pk")[:SWEEP]
    )
    if unsent or stray:
        _delete(unsent)
        place, counts = settings.SHANZHI_CITY, {"unsent": len(unsent), "stray": stray}
        record("files.swept", about="files.File", by=by, at=at, place=place, **counts)
    return len(unsent) + stray


def _delete(files):
    ids = [file.pk for file in files]
    File.objects.filter(pk__in=ids).delete()
    transaction.on_commit(lambda: [disk.remove(pk) for pk in ids])


def _sweep_disk(at):
    """Bytes whose row was rolled back or is gone, and what a crash left half written."""
    swept, batch = 0, []
    for found in disk.walk():
        if found.changed_at < at - WRITING:
            batch.append(found)
        if len(batch) == SWEEP:
            swept += _sweep_batch(batch)
            batch = []
    return swept + _sweep_batch(batch)


def _sweep_batch(batch):
    ids = {found.file_id for found in batch} - {None}
    known = set(File.objects.filter(pk__in=ids).values_list("pk", flat=True))
    stray = [found for found in batch if found.file_id not in known]
    for found in stray:
        found.path.unlink(missing_ok=True)
    return len(stray)
