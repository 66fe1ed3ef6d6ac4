"""Places merged or moved: what is still open is answered under the new code."""

from datetime import datetime

from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from ..models import Application, Certificate
from ..queries import applications


@transaction.atomic
def follow_move(*, old: str, new: str, by: Actor, at: datetime) -> int:
    """What has a number keeps its place: the number tells it."""
    sent = Application.objects.filter(place=old, state__in=applications.OPEN).update(place=new)
    unsealed = Certificate.objects.filter(place=old, state=Certificate.State.REQUESTED)
    moved = unsealed.update(place=new)
    if sent or moved:
        record("certificates.moved", about=f"places.Division:{old}", by=by, at=at, place=new,
               old=old, applications=sent, certificates=moved)  # fmt: skip
    return sent + moved
