"""How much may be sent, by whom a file may be used, and when it may go."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from . import kinds
from .models import File

PERIOD = timedelta(minutes=10)
MOST_IN_PERIOD = 60
MOST_WAITING = 40  # stored and not yet attached to anything
MOST_OF_ONE_OWNER = 60
KEPT_WAITING = timedelta(hours=24)


def largest() -> int:
    return settings.SHANZHI_UPLOAD_MB * 1_000_000


def check_size(size: int) -> None:
    if size > largest():
        raise Refused(
            _("A file may have at most %(megabytes)s MB; send a smaller one.")
            % {"megabytes": settings.SHANZHI_UPLOAD_MB}
        )
    if not size:
        raise Refused(_("This file is empty."))


def check_pace(*, by: Actor, at: datetime) -> None:
    """What one account may send in ten minutes, and leave lying about."""
    if by == SYSTEM:
        return
    counts = File.objects.filter(
        uploaded_by=by.account_id, uploaded_at__gt=at - 2 * KEPT_WAITING
    ).aggregate(
        recent=Count("pk", filter=Q(uploaded_at__gt=at - PERIOD)),
        waiting=Count("pk", filter=Q(owner="")),
    )
    if counts["recent"] >= MOST_IN_PERIOD:
        raise Refused(_("These are many files at once; please go on in ten minutes."))
    if counts["waiting"] >= MOST_WAITING:
        raise Refused(_("Send what you have begun first, or remove files you do not need."))


def is_uploader(file: File, by: Actor) -> bool:
    return file.uploaded_by == by.account_id and (by.account_id is not None or by == SYSTEM)


def check_attach(found: list[File], wanted: Iterable, *, owner: str, by: Actor) -> None:
    if not kinds.is_known(owner):
        raise ValueError(f"no area answers for files of {owner!r}")
    usable = all(
        file.owner == owner or (not file.owner and is_uploader(file, by)) for file in found
    )
    if len(found) < len(set(wanted)) or not usable:
        raise Refused(_("A file is no longer there; please add it again."))


def check_room(owner: str, more: int) -> None:
    if File.objects.filter(owner=owner).count() + more > MOST_OF_ONE_OWNER:
        raise Refused(
            _("At most %(limit)s files can be kept together.") % {"limit": MOST_OF_ONE_OWNER}
        )


def check_remove(file: File, *, by: Actor) -> None:
    if file.owner:
        raise Refused(_("This file has been sent and can no longer be removed."))
    if not is_uploader(file, by):
        raise Refused(_("Only who uploaded a file can remove it."))
