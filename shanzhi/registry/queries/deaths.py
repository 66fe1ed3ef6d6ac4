"""Deaths a community has entered, while they may have to be taken back."""

from datetime import date, timedelta

from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor

from ..models import Death, Person
from .persons import KEEPERS
from .rights import holders_of

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


def has_entered(actor: Actor, person_id: int) -> bool:
    """The actor's community entered this person's death, and it stands."""
    return entered(actor).filter(person=person_id, undone_at=None).exists()


def places_of(person: Person) -> list[str]:
    """The place that entered the death, as far as the fence shows it: nobody is present there."""
    return list(Death.objects.filter(person=person, undone_at=None).values_list("place", flat=True))


def by_identity(actor: Actor, identity: str) -> list[int]:
    """Ids of the dead with this number whose death the actor's community entered."""
    rows = entered(actor).filter(undone_at=None, person_id__in=holders_of(identity))
    return list(rows.order_by("person_id").values_list("person_id", flat=True))
