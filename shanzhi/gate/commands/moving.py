"""A community goes on under another code: it is heard, and evaluates, under the new one."""

from datetime import datetime

from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from ..models import Application, Evaluation, Opinion, Return
from .hearing import close_if_heard


@transaction.atomic
def follow_move(*, old: str, new: str, by: Actor, at: datetime) -> int:
    """What is over keeps the old code. Of two that were drawn and are one now, one is asked."""
    heard = _opinions(old, new, at)
    judged = _evaluations(old, new)
    returned = Return.objects.filter(place=old).update(place=new)
    if moved := heard + judged + returned:
        record("gate.moved", about=f"places.Division:{old}", by=by, at=at, place=new, old=old,
               opinions=heard, evaluations=judged, returns=returned)  # fmt: skip
    return moved


def _opinions(old, new, at):
    rows = Opinion.objects.filter(community=old, application__state=Application.State.HEARING)
    keys = list(rows.order_by("application").values_list("application", flat=True))
    for application in Application.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
        _one(application.opinions, old, new, lambda row: row.answer)
        close_if_heard(application, at)
    return len(keys)


def _evaluations(old, new):
    rows = Evaluation.objects.filter(community=old, review__closed_at=None)
    found = list(rows.select_related("review").order_by("pk"))
    for each in found:
        _one(each.review.evaluations, old, new, lambda row: row.score)
    return len(found)


def _one(rows, old, new, said):
    """The row of `old` becomes that of `new`; where both are there, what was said is kept."""
    mine = rows.select_for_update().get(community=old)
    other = rows.select_for_update().filter(community=new).first()
    if other and said(mine) and said(other):
        return
    if other and not said(mine):
        mine.delete()
        return
    if other:
        other.delete()
    mine.community = new
    mine.save(update_fields=["community"])
