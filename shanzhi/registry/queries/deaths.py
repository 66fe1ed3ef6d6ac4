"""Deaths a community has entered, while they may have to be taken back."""

from datetime import date, timedelta

from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor

from ..models import Death
from .persons import KEEPERS

SHOWN = timedelta(days=365)
MOST = 50


def entered(actor: Actor):
    if actor.role not in KEEPERS or not actor.place:
        return Death.objects.none()
    start, end = places.span(actor.place)
    return Death.objects.filter(place__gte=start, place__lt=end)


def of_the_year(actor: Actor, today: date) -> list[Death]:
    """Those of the last twelve months that stand, the last first."""
    rows = entered(actor).filter(undone_at=None, on__gte=today - SHOWN)
    return list(rows.order_by("-id")[:MOST])
