import base64
from datetime import datetime

from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from .. import certificates
from ..models import DemoCertificate
from . import steps


@transaction.atomic
def certify(*, place: str, unit: str, by: Actor, at: datetime) -> DemoCertificate:
    """A demonstration certificate of a unit, made when it first signs."""
    steps.one_after_the_other()
    root = _valid("", at) or _keep("", certificates.new_root(at), at)
    made = _valid(place, at)
    if made is None:
        made = _keep(place, certificates.new_unit(root, unit, at), at)
        record("agreements.certificate_made", about=label(made), by=by, at=at, place=place)
    return made


def _valid(place, at):
    return DemoCertificate.objects.filter(place=place, valid_to__gt=at).first()


def _keep(place, content, at):
    values = {"pkcs12": base64.b64encode(content).decode(), "made_at": at,
              "valid_to": at + certificates.LASTS}  # fmt: skip
    return DemoCertificate.objects.update_or_create(place=place, defaults=values)[0]
