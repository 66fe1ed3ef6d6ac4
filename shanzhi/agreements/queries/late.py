"""What is late of agreements in force: money that was promised, and the evaluation of the year."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum

from ..models import Agreement, Payment
from ..rules.carrying import evaluated_year

State = Agreement.State


def overdue(today: date, of: str = "") -> Q:
    """Of payments, or of what has them (`of` "payments__"); `rules.is_overdue` says it of one."""
    return Q((f"{of}paid_on", None), (f"{of}due_on__lt", today))


def arrears(today: date) -> Exists:
    """Has the agreement of the outer query a payment that is overdue?"""
    return Exists(Payment.objects.filter(overdue(today), agreement=OuterRef("pk")))


def unevaluated(today: date) -> Q:
    """Asked to evaluate, and one side or both are late."""
    return Q(state=State.IN_FORCE, evaluate_by__lt=today)


def unasked(today: date) -> QuerySet[Agreement]:
    """In force, of a year that is to be evaluated by now, and nobody was asked yet."""
    rows = Agreement.objects.filter(state=State.IN_FORCE, evaluate_by=None)
    return rows.filter(year__lte=evaluated_year(today)).order_by("pk")


def unreminded(today: date) -> QuerySet[Agreement]:
    """With a payment that has become overdue, of which nobody was reminded yet."""
    fresh = Payment.objects.filter(overdue(today), agreement=OuterRef("pk"), reminded_on=None)
    return Agreement.objects.filter(Exists(fresh)).order_by("pk")


@dataclass(frozen=True)
class Late:
    many: int
    yuan: Decimal
    year: int  # of the oldest agreement


def arrears_of(agreements: QuerySet[Agreement], today: date) -> Late | None:
    """Of all these together; None where everything is paid that should be."""
    rows = Payment.objects.filter(overdue(today), agreement__in=agreements)
    found = rows.aggregate(many=Count("pk"), yuan=Sum("amount"), year=Min("agreement__year"))
    return Late(**found) if found["many"] else None
