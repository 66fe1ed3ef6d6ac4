from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count

from shanzhi.kernel.acting import Actor

from . import kinds, rules
from .models import File


def of(owner: str) -> list[File]:
    """What belongs to one thing, in the order it was uploaded."""
    return list(File.objects.filter(owner=owner).order_by("uploaded_at", "pk"))


def counts(owners: Iterable[str]) -> dict[str, int]:
    """How many files each has; those without any are left out."""
    rows = File.objects.filter(owner__in=[owner for owner in owners if owner]).values("owner")
    return {row["owner"]: row["n"] for row in rows.annotate(n=Count("pk")).order_by("owner")}


def waiting(ids: Iterable[str | UUID], by: Actor) -> list[File]:
    """Of these, what this account uploaded and has not sent yet: for a form shown again."""
    wanted = [pk for pk in map(_uuid, ids) if pk]
    if by.account_id is None or not wanted:
        return []
    return list(
        File.objects.filter(pk__in=wanted, owner="", uploaded_by=by.account_id).order_by(
            "uploaded_at", "pk"
        )
    )


def _uuid(text):
    try:
        return UUID(str(text))
    except ValueError:
        return None


def readable(pk: UUID, actor: Actor) -> File | None:
    """The file, if this actor may see it: as part of what owns it, or its uploader before that."""
    file = File.objects.filter(pk=pk).first()
    if file is None:
        return None
    seen = kinds.may_read(file.owner, actor) if file.owner else rules.is_uploader(file, actor)
    return file if seen else None
