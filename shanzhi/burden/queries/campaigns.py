"""Clean-ups, and what their baselines count."""

from collections.abc import Sequence

from django.db.models import Count, QuerySet

from shanzhi.kernel import places

from ..models import Baseline, Campaign, Remark
from .demands import demands


def campaigns(place: str) -> list[Campaign]:
    """All that reach `place`, the latest first: its own, and those of places above."""
    return list(Campaign.objects.filter(place__in=places.above(place)).order_by("-pk"))


def campaign_of(place: str) -> Campaign | None:
    """The latest that reaches `place`."""
    return next(iter(campaigns(place)), None)


def frozen_counts(found: Sequence[Campaign], place: str) -> dict[str, Baseline]:
    """What these clean-ups found together in a place, by category; unsaved rows."""
    counts: dict[str, Baseline] = {}
    rows = Baseline.objects.filter(campaign__in=found, place=place).order_by("pk")
    for each in rows:
        known = counts.setdefault(each.category, each)
        if known is not each:
            known.number += each.number
    return counts


def entered(campaign: Campaign, place: str) -> dict[str, int]:
    """How many demands of the baseline the register holds for a place, by category."""
    found = demands(place).filter(campaign=campaign).order_by().values_list("category")
    return dict(found.annotate(number=Count("pk")))


def baselines(campaign: Campaign, place: str) -> dict[str, Baseline]:
    found = campaign.baselines.filter(place=place)
    return {each.category: each for each in found}


def remarks(found: Sequence[Campaign], place: str) -> QuerySet[Remark]:
    return (
        Remark.objects.filter(baseline__campaign__in=found, baseline__place=place)
        .select_related("baseline").order_by("-pk")
    )  # fmt: skip
