"""A half-day is answered or skipped. Neither leaves a line in the journal: it would say who.

The ballot is deleted and the answer kept in one transaction. The answers of the same draw are
written anew in another order, so that neither row versions nor their places tell which came last.
"""

from collections.abc import Sequence
from datetime import datetime
from random import SystemRandom

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Answer, Ballot, Draw
from ..queries import diary


@transaction.atomic
def answer(*, ballot: int, parts: Sequence[str], by: Actor, at: datetime) -> None:
    """`parts` are the groups of the parts of the half-day."""
    rules.check_parts(parts)
    used = _used(ballot, by, at)
    draw = Draw.objects.select_for_update().get(pk=used.draw_id)
    kept = [(each.half, each.parts) for each in draw.answers.all()]
    kept.append((used.half, sorted(parts)))
    SystemRandom().shuffle(kept)
    draw.answers.all().delete()
    Answer.objects.bulk_create(Answer(draw=draw, half=half, parts=each) for half, each in kept)
    used.delete()


@transaction.atomic
def skip(*, ballot: int, by: Actor, at: datetime) -> None:
    """Without a reason, and without a trace."""
    _used(ballot, by, at).delete()


def _used(ballot, by, at):
    """The open ballot of this very worker, held: of two at once the second finds none."""
    rows = diary.ballots_of(by, at).select_for_update(of=("self",)).select_related("draw")
    found = rows.filter(pk=ballot).first()
    demand = diary.demand(by.place[:12], localdate(at)) if found else None
    rules.check_ballot(found, demand)
    return found


@transaction.atomic
def expire(*, by: Actor, at: datetime) -> int:
    """What was neither answered nor skipped in time is gone as if it had been."""
    gone, _by_model = Ballot.objects.filter(closes_at__lte=at).delete()
    return gone
