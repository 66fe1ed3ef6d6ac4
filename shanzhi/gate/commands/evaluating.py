"""After admission: both sides evaluate, and before its end the owner is asked."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.burden.models import Demand
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties

from .. import sampling, steps
from ..models import Evaluation, Review
from ..queries.demands import ending, unreviewed
from ..queries.hearing import candidates
from ..rules import demands as rules

REVIEW_DAYS = 10  # working days of both sides
OPEN_DAYS = 21  # calendar days until a review closes
AT_ONCE = 100


@transaction.atomic
def open_reviews(*, by: Actor, at: datetime) -> int:
    """Of what was admitted so long ago; the communities that were heard, and the department."""
    today = localdate(at)
    due = unreviewed(today, settings.SHANZHI_GATE["review"])[:AT_ONCE]
    rows = list(Demand.objects.select_for_update(skip_locked=True).filter(pk__in=due))
    for demand in rows:
        review = Review.objects.create(
            demand=demand, opened_on=today, until=today + timedelta(days=OPEN_DAYS)
        )
        sides = ["", *_heard(demand)]
        Evaluation.objects.bulk_create(Evaluation(review=review, community=code) for code in sides)
        for code in sides:
            steps.wait(
                demand, "evaluate", REVIEW_DAYS, at=at, page="gate:review", key=review.pk,
                place=code or demand.place, department="" if code else demand.department_id,
            )  # fmt: skip
        record("gate.review_opened", about=label(demand), by=by, at=at, place=demand.place)
    return len(rows)


def _heard(demand):
    """Those of the hearing; of an emergency a sample drawn now."""
    application = getattr(demand, "application", None)
    if application:
        return list(application.opinions.order_by("pk").values_list("community", flat=True))
    return sampling.draw(candidates(demand.scope), settings.SHANZHI_GATE["sample"], demand.pk)


@transaction.atomic
def evaluate(
    *, evaluation: Evaluation, score: int, wish: str, text: str, minutes: int | None, by: Actor,
    at: datetime,
) -> Evaluation:  # fmt: skip
    """May be changed until the review closes."""
    evaluation = (
        Evaluation.objects.select_for_update(of=("self",))
        .select_related("review__demand").get(pk=evaluation.pk)
    )  # fmt: skip
    rules.check_evaluation(evaluation, score, by)
    evaluation.score, evaluation.wish, evaluation.text = score, wish, text.strip()
    evaluation.minutes, evaluation.at = minutes, at
    evaluation.save()
    demand = evaluation.review.demand
    steps.done(demand, "evaluate", place=evaluation.community or demand.place, outcome=wish, at=at)
    record("gate.evaluated", about=label(demand), by=by, at=at, place=demand.place)
    return evaluation


@transaction.atomic
def close_reviews(*, by: Actor, at: datetime) -> int:
    """Whose last day has passed; the burden relief office reads what was said."""
    due = Review.objects.select_for_update(skip_locked=True).filter(
        closed_at=None, until__lt=localdate(at)
    )[:AT_ONCE]
    for review in due:
        review.closed_at = at
        review.save(update_fields=["closed_at"])
        demand = Demand.objects.get(pk=review.demand_id)
        duties.close_duties(about=label(demand), at=at, outcome="closed", kind="gate.evaluate")
        record("gate.review_closed", about=label(demand), by=by, at=at, place=demand.place)
    return len(due)


@transaction.atomic
def ask_owners(*, by: Actor, at: datetime) -> int:
    """So many working days before its last day the owner is asked: apply again, or let it go."""
    today = localdate(at)
    due = list(ending(today, settings.SHANZHI_GATE["lead"])[:AT_ONCE])
    for demand in due:
        steps.wait(
            demand, "expiring", settings.SHANZHI_GATE["lead"], at=at, page="burden:demand",
            place=demand.place, department=demand.department_id,
        )  # fmt: skip
        record("gate.owner_asked", about=label(demand), by=by, at=at, place=demand.place)
    return len(due)
