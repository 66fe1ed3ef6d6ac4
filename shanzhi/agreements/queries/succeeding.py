"""What became of the community that an agreement is with."""

from datetime import date

from django.db.models import Q, QuerySet

from shanzhi.places import memory
from shanzhi.places import queries as divisions
from shanzhi.places.models import Succession

from ..models import Agreement
from ..rules.succeeding import SIGNED

State = Agreement.State


def heirs(agreement: Agreement, today: date) -> list[str]:
    """Where its community was split and is no more: those one of which may carry it on."""
    if agreement.state not in SIGNED or divisions.exists(agreement.place):
        return []
    return divisions.successors(agreement.place, today)


def split_from(place: str) -> Q:
    """Agreements of what this community was split from, which nobody carries on yet."""
    if not memory.anything_succeeded():
        return Q(pk__in=[])
    before = Succession.objects.filter(new=place, kind=Succession.Kind.SPLIT)
    return Q(place__in=before.values("old"))


def family(place: str) -> QuerySet[Agreement]:
    """All that a code has, parents first: what follows it when it becomes another."""
    return Agreement.objects.filter(place=place).order_by("parent", "pk")


def taken(place: str, agreement: Agreement) -> bool:
    """Has the place an agreement, or a pattern, of that year already?"""
    rows = Agreement.objects.filter(place=place, year=agreement.year, kind=agreement.kind)
    return rows.filter(former="").exclude(state=State.WITHDRAWN).exists()


def being_ended(agreement: Agreement) -> bool:
    return agreement.supplements.exclude(ends_on=None).exclude(state=State.WITHDRAWN).exists()
