"""Clean-ups, and what their baselines count."""

from django.db.models import Count, QuerySet

from shanzhi.kernel import places

from ..models import Baseline, Campaign, Remark
from .demands import demands


def campaign_of(place: str) -> Campaign | None:
    """The latest that reaches `place`: its own, or one of a place above."""
    return Campaign.objects.filter(place__in=places.above(place)).order_by("-pk").first()


def entered(campaign: Campaign, place: str) -> dict[str, int]:
    """How many demands of the baseline the register holds for a place, by category."""
    found = demands(place).filter(campaign=campaign).order_by().values_list("category")
    return dict(found.annotate(number=Count("pk")))


def baselines(campaign: Campaign, place: str) -> dict[str, Baseline]:
    found = campaign.baselines.filter(place=place)
    return {each.category: each for each in found}


def remarks(campaign: Campaign, place: str) -> QuerySet[Remark]:
    return (
        Remark.objects.filter(baseline__campaign=campaign, baseline__place=place)
        .select_related("baseline").order_by("-pk")
    )  # fmt: skip
