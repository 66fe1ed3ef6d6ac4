"""Demands that came through the gate: which are due for a review, which end soon, which hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from shanzhi.burden.models import Demand, Edition, ListEntry
from shanzhi.burden.queries.lists import edition
from shanzhi.journal.labels import label
from shanzhi.kernel import places, workdays
from shanzhi.kernel.acting import Actor
from shanzhi.work.calendar import calendar
from shanzhi.work.models import Duty

from ..kinds import Plan
from ..models import Bypass, Evaluation, Review
from ..rules import OFFICE, UNITS
from .hearing import mean

THROUGH_THE_GATE = (Demand.Origin.ADMITTED, Demand.Origin.BYPASS)


def published() -> QuerySet[Demand]:
    """What the gate let in, ended or not, the newest first."""
    rows = Demand.objects.filter(origin__in=THROUGH_THE_GATE)
    return rows.select_related("department", "heir", "bypass").order_by("-pk")


def emergencies(actor: Actor) -> QuerySet[Demand]:
    """In force, the first to end first: of the office's place and below, of a unit its own."""
    rows = Demand.objects.filter(origin=Demand.Origin.BYPASS, state=Demand.State.IN_FORCE)
    if actor.role in OFFICE:
        rows = rows.filter(place__startswith=actor.place)
    elif actor.role in UNITS:
        rows = rows.filter(place=actor.place, department=actor.department)
    else:
        return rows.none()
    return rows.select_related("department", "bypass").order_by("valid_to", "pk")


def filed(plan: Plan, event: str, approver: str, approved_on: date, by: Actor) -> Bypass | None:
    """The same emergency of the same unit, still in force."""
    return Bypass.objects.select_related("demand").filter(
        event=event.strip(), approver=approver.strip(), approved_on=approved_on,
        demand__title=plan.title, demand__place=by.place, demand__department=by.department,
        demand__state=Demand.State.IN_FORCE,
    ).first()  # fmt: skip


def unreviewed(today: date, days: int) -> list[int]:
    """Keys of demands in force for so many days without a review since then."""
    rows = Demand.objects.filter(
        state=Demand.State.IN_FORCE, origin=Demand.Origin.ADMITTED,
        valid_from__lte=today - timedelta(days=days),
    ).exclude(reviews__opened_on__gt=today - timedelta(days=days))  # fmt: skip
    return list(rows.order_by("pk").values_list("pk", flat=True))


def ending(today: date, days: int) -> list[Demand]:
    """In force, with fewer than `days` working days left, whose owner has not been asked yet."""
    last = workdays.add_working_days(today, days, calendar().is_workday)
    rows = Demand.objects.filter(
        state=Demand.State.IN_FORCE, origin=Demand.Origin.ADMITTED,
        valid_to__gte=today, valid_to__lte=last,
    )  # fmt: skip
    found = {label(each): each for each in rows.order_by("pk")}
    asked = Duty.objects.filter(kind="gate.expiring", about__in=found)
    for about in asked.values_list("about", flat=True):
        found.pop(about, None)
    return list(found.values())


def holds(number: str, community: str, on: date, department: str = "") -> Demand | None:
    """The demand of this number, if it is in force on the day and asked of this community; of one
    department, where it is named."""
    rows = Demand.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), number=number.strip().upper(),
        state=Demand.State.IN_FORCE, valid_from__lte=on, scope__overlap=places.above(community),
    )  # fmt: skip
    return (rows.filter(department=department) if department else rows).first()


def entitles(number: str, community: str, on: date, department: str = "") -> bool:
    """May something be asked of this community under this number: that of a demand in force, or
    the code of a confirmed entry of one of the two lists? The demand has to be the department's,
    where one is named."""
    number = number.strip()
    if not number:
        return False
    if holds(number, community, on, department):
        return True
    editions = [edition(kind, community) for kind in (Edition.Kind.OWN, Edition.Kind.ASSIST)]
    rows = ListEntry.objects.filter(edition__in=[each for each in editions if each])
    return rows.filter(code__iexact=number, confirmed=True).exists()


@dataclass(frozen=True)
class Result:
    """A review, closed or open: how the communities answered, and what the department says."""

    asked: int
    answered: int
    score: float | None  # mean of the communities, 1 to 5
    minutes: float | None
    wishes: dict[str, int]
    texts: Sequence[str]
    department: Evaluation | None


def result(review: Review) -> Result:
    rows = list(review.evaluations.order_by("pk"))
    communities = [each for each in rows if each.community]
    given = [each for each in communities if each.score]
    wishes = Counter(each.wish for each in given)
    return Result(
        asked=len(communities),
        answered=len(given),
        score=mean(each.score for each in given),
        minutes=mean(each.minutes for each in given),
        wishes={code: wishes[code] for code in Evaluation.Wish.values},
        texts=sorted(each.text for each in given if each.text),
        department=next((each for each in rows if not each.community and each.score), None),
    )
