"""Letting go: the register stays, what it said of somebody does not."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties

from .. import queries
from ..models import Application, Certificate, Refusal

AT_ONCE = 500
UNNAMED = {"holder": None, "asker": None}
UNSENT = {
    "account": None, "person": None, "holder": None, "said": None, "note": None, "missing": None,
    "reason": None,
}  # fmt: skip
EMPTY = {
    "holder": None,
    "person": None, "statement": None, "vouched": None, "receiver": None, "shown_holder": "",
    "token": None, "token_hash": None, "paper": None,
}  # fmt: skip


@transaction.atomic
def forget_certificates(*, by: Actor, at: datetime) -> int:
    return _forget(Certificate, EMPTY, by, at)


@transaction.atomic
def forget_refusals(*, by: Actor, at: datetime) -> int:
    return _forget(Refusal, UNNAMED, by, at)


@transaction.atomic
def forget_applications(*, by: Actor, at: datetime) -> int:
    """One that is still open ends with it: there is nobody left to answer."""
    rows = queries.due(Application, localdate(at)).order_by("pk").select_for_update()
    is_open = rows.filter(state__in=queries.applications.OPEN)
    for application in is_open[:AT_ONCE]:
        application.state, application.ended_at = Application.State.WITHDRAWN, at
        application.save(update_fields=["state", "ended_at"])
        duties.close_duties(about=label(application), at=at, outcome="forgotten")
    return _forget(Application, UNSENT, by, at)


def _forget(model, values, by, at):
    rows = queries.due(model, localdate(at)).order_by("pk")
    found = list(rows.select_for_update().values_list("pk", flat=True)[:AT_ONCE])
    model.objects.filter(pk__in=found).update(forgotten_on=localdate(at), **values)
    if found:
        record(
            "certificates.retained", about=f"registry.Retention:{model._meta.label_lower}", by=by,
            at=at, place=settings.SHANZHI_CITY, count=len(found),
        )  # fmt: skip
    return len(found)
