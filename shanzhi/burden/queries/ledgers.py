"""Ledgers and what replaces them."""

from django.db.models import Count, Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.paging import Page

from ..models import Category, Demand, Medium, Replacement
from .demands import demands

SIZE = 30
PAPER = Q(
    place__regex=f"^.{{{places.LEVELS['city']}}}$", medium__in=[Medium.PAPER, Medium.BOTH],
    state=Demand.State.IN_FORCE,
)  # fmt: skip
LOST = Q(replacement__heir__isnull=False) & ~Q(replacement__heir__state=Demand.State.IN_FORCE)
CHOICES = {
    "": Q(), "open": Q(replacement=None), "named": Q(replacement__isnull=False),
    "paper": PAPER, "lost": LOST,
}  # fmt: skip


def ledgers(place: str) -> QuerySet[Demand]:
    """In force or ended; of a baseline only once it is frozen."""
    settled = Q(campaign=None) | Q(campaign__frozen_at__isnull=False)
    return demands(place).filter(settled, category=Category.LEDGER)


def counts(place: str) -> dict[str, int]:
    """How many each of CHOICES leaves."""
    found = {key or "all": Count("pk", filter=chosen) if key else Count("pk")
             for key, chosen in CHOICES.items()}  # fmt: skip
    return ledgers(place).aggregate(**found)


def page(place: str, chosen: str, *, cursor: str = "") -> Page:
    rows = ledgers(place).filter(CHOICES.get(chosen, Q()))
    if key := paging.decode(cursor, str):
        rows = rows.filter(number__gt=key[0])
    rows = _with_fields(rows).select_related("department", "replacement__heir")
    return paging.page(list(rows.order_by("number")[: SIZE + 1]), size=SIZE,
                       key=lambda each: (each.number,))  # fmt: skip


def ledger(place: str, number: str) -> Demand | None:
    rows = _with_fields(ledgers(place)).select_related("department", "replacement__heir")
    return rows.filter(number=number).first()


def _with_fields(rows):
    known = Count("fields", filter=~Q(fields__element=""))
    return rows.annotate(asked=Count("fields"), known=known)


def replaced_by(demand: Demand) -> list[Replacement]:
    """Ledgers whose data this one holds."""
    return list(Replacement.objects.filter(heir=demand).select_related("demand").order_by("pk"))
