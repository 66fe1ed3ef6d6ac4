"""Clean-ups, and what their baselines count."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from shanzhi.kernel import places
from shanzhi.places import queries as divisions

from ..models import Baseline, Campaign, Remark
from .demands import demands


def campaigns(place: str) -> list[Campaign]:
    """All that reach `place`, the latest first: its own, and those of places above."""
    return list(Campaign.objects.filter(place__in=places.above(place)).order_by("-pk"))


def campaign_of(place: str) -> Campaign | None:
    """The latest that reaches `place`."""
    return next(iter(campaigns(place)), None)


def counted_as(campaign: Campaign, place: str) -> list[str]:
    """Under which codes the counts of a place stand in a clean-up: its own goes on whatever its
    place became; of another place only while it is the same division."""
    if campaign.place == place:
        return [campaign.former or place]
    if campaign.frozen_at is None:
        return [place]
    return divisions.formerly(place, localdate(campaign.frozen_at))


def _counts(found: Sequence[Campaign], place: str) -> list[Baseline]:
    wanted = {(each.pk, code) for each in found for code in counted_as(each, place)}
    rows = Baseline.objects.filter(
        campaign__in=found, place__in={code for _campaign, code in wanted}
    ).order_by("pk")
    return [each for each in rows if (each.campaign_id, each.place) in wanted]


def frozen_counts(found: Sequence[Campaign], place: str) -> dict[str, Baseline]:
    """What these clean-ups found together in a place, by category; unsaved rows."""
    counts: dict[str, Baseline] = {}
    for each in _counts(found, place):
        known = counts.setdefault(each.category, each)
        if known is not each:
            known.number += each.number
    return counts


def counted_before(found: Sequence[Campaign], place: str) -> list[Baseline]:
    """What was frozen of the parts of a place that was merged since: never added, as one demand
    may have been counted in several of them."""
    before = divisions.predecessors(place)
    if before == [place]:
        return []
    own = [each.pk for each in _counts(found, place)]
    rows = Baseline.objects.filter(campaign__in=found, campaign__frozen_at__isnull=False,
                                   place__in=before)  # fmt: skip
    return list(rows.exclude(pk__in=own).order_by("place", "pk"))


def entered(campaign: Campaign, place: str) -> dict[str, int]:
    """How many demands of the baseline the register holds for a place, by category."""
    found = demands(place).filter(campaign=campaign).order_by().values_list("category")
    return dict(found.annotate(number=Count("pk")))


def baselines(campaign: Campaign, place: str) -> dict[str, Baseline]:
    return {each.category: each for each in _counts([campaign], place)}


def remarks(found: Sequence[Campaign], place: str) -> QuerySet[Remark]:
    wanted = Q(pk=None)
    for each in found:
        codes = counted_as(each, place)
        wanted |= Q(baseline__campaign=each, baseline__place__in=codes)
    return (
        Remark.objects.filter(wanted)
        .select_related("baseline").order_by("-pk")
    )  # fmt: skip
