"""Places merged or moved: what is still open is answered under the new code."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from shanzhi.burden import succession
from shanzhi.burden.following import Change
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from ..models import Application, Certificate, Edition
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


@transaction.atomic
def follow_catalogues(*, change: Change, by: Actor, at: datetime) -> int:
    found = succession.follow(Edition, change, reverse("certificates:editions"), at)
    for edition in found:
        record("certificates.catalogue_followed", about=label(edition), by=by, at=at,
               place=edition.place, number=edition.number, state=edition.state)  # fmt: skip
    return len(found)
