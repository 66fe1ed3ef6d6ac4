"""The clean-up: its baseline entered, frozen, annotated."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from .. import kinds, queries, rules
from ..models import Baseline, Campaign, Remark


@transaction.atomic
def begin_campaign(
    *, title: str, place: str, began_on: date, workers: int, by: Actor, at: datetime
) -> Campaign:
    """`workers`: full-time people of an average community, for the share of the week."""
    rules.check_begin(by, place, began_on, at)
    campaign = Campaign.objects.create(title=title, place=place, began_on=began_on, workers=workers)
    _record("burden.campaign_begun", campaign, by, at, began_on=str(began_on))
    return campaign


@transaction.atomic
def count_baseline(
    *, campaign: Campaign, place: str, counts: Mapping[str, int], by: Actor, at: datetime
) -> Campaign:
    """The counts of `place` by category; a category left out keeps what it has."""
    campaign = _locked(campaign)
    rules.check_enter_baseline(campaign, by, place)
    for category, number in counts.items():
        rules.check_count(campaign, place, category, number)
        Baseline.objects.update_or_create(
            campaign=campaign, place=place, category=category, defaults={"number": number}
        )
    _record("burden.baseline_counted", campaign, by, at, of=place, counts=dict(counts))
    return campaign


@transaction.atomic
def freeze(*, campaign: Campaign, by: Actor, at: datetime) -> Campaign:
    """From now on it is the yardstick. Categories without a number are counted now."""
    campaign = _locked(campaign)
    found = queries.entered(campaign, campaign.place)
    rules.check_freeze(campaign, by, found)
    for category in kinds.COUNTED:
        Baseline.objects.update_or_create(
            campaign=campaign, place=campaign.place, category=category,
            defaults={
                "number": found.get(category, 0), "origin": Baseline.Origin.COUNTED,
            },
        )  # fmt: skip
    campaign.frozen_at = at
    campaign.frozen_by = unit_name(by.place, "") if by.place else ""
    campaign.save(update_fields=["frozen_at", "frozen_by"])
    _record("burden.frozen", campaign, by, at, found=found)
    return campaign


@transaction.atomic
def remark(*, baseline: Baseline, text: str, by: Actor, at: datetime) -> Remark:
    rules.check_remark(baseline, by, text, localdate(at))
    added = Remark.objects.create(
        baseline=baseline, text=text.strip(), at=at, unit=unit_name(by.place, by.department)
    )
    _record(
        "burden.remarked", baseline.campaign, by, at, category=baseline.category, remark=added.pk
    )
    return added


def _locked(campaign):
    return Campaign.objects.select_for_update().get(pk=campaign.pk)


def _record(verb, campaign, by, at, **data):
    record(verb, about=label(campaign), by=by, at=at, place=campaign.place, **data)
