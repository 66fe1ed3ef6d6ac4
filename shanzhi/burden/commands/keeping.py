"""Divisions merge, split and move: clean-ups, lists, plaques and what communities log into go
along."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties
from shanzhi.work.models import Duty

from .. import rules, succession
from ..following import Change
from ..models import Baseline, Campaign, Edition, Plaque, SystemUse, WalkRound

RARER = [*SystemUse.Often.values, ""]  # the most frequent first


@transaction.atomic
def follow_campaigns(*, change: Change, by: Actor, at: datetime) -> int:
    """A clean-up goes on where its place does. What is frozen keeps the code of then; what is
    still being entered goes along."""
    rows = Campaign.objects.select_for_update().filter(place__in=list(change.pairs)).order_by("pk")
    campaigns = list(rows)
    for campaign in campaigns:
        old, campaign.place = campaign.place, change.pairs[campaign.place]
        if campaign.frozen_at:
            campaign.former = campaign.former or old
        else:
            campaign.baselines.filter(place=old).update(place=campaign.place)
        campaign.save(update_fields=["place", "former"])
        record("burden.campaign_followed", about=label(campaign), by=by, at=at,
               place=campaign.place, old=old)  # fmt: skip
    for each in Baseline.objects.filter(campaign__frozen_at=None, place__in=list(change.same)):
        each.place = change.same[each.place]
        each.save(update_fields=["place"])
    return len(campaigns)


@transaction.atomic
def follow_lists(*, change: Change, by: Actor, at: datetime) -> int:
    found = succession.follow(Edition, change, reverse("burden:lists"), at)
    for edition in found:
        record("burden.list_followed", about=label(edition), by=by, at=at, place=edition.place,
               kind=edition.kind, number=edition.number, state=edition.state)  # fmt: skip
    return len(found)


@transaction.atomic
def leave_list(*, duty: Duty, by: Actor, at: datetime) -> Duty:
    """One press: what holds here now, holds."""
    rules.check_office(by, duty.place)
    duty = duties.open_one(about=duty.about, kind=succession.DUTY)
    duties.close(duty=duty, at=at, outcome="left")
    record("burden.list_left", about=duty.about, by=by, at=at, place=duty.place)
    return duty


@transaction.atomic
def follow_walls(*, change: Change, by: Actor, at: datetime) -> int:
    """A plaque hangs where it hung, with what was decided on it. Nobody knows in which part of a
    split: it goes to the one with the old code, else to the first; each part goes round anew."""
    _walked(change)
    goes = change.pairs | {old: parts[0] for old, parts in change.parts.items() if old not in parts}
    rows = Plaque.objects.select_for_update().filter(community__in=list(goes)).order_by("pk")
    moved = list(rows)
    for plaque in moved:
        if plaque.community not in change.same:
            plaque.former = plaque.community
        plaque.community = goes[plaque.community]
        plaque.save(update_fields=["community", "former"])
    if moved:
        record("burden.walls_followed", about=f"places.Division:{moved[0].community}", by=by,
               at=at, place=moved[0].community, plaques=len(moved))  # fmt: skip
    return len(moved)


def _walked(change):
    """A larger community has gone round when all its parts have, on the day of the first."""
    touched = {*change.same, *change.joined, *change.parts}
    known = WalkRound.objects.select_for_update().filter(community__in=touched).order_by("pk")
    walks = {each.community: each for each in known}
    for old, new in change.same.items():
        if walk := walks.pop(old, None):
            walk.community = new
            walk.save(update_fields=["community"])
    parts = [walks.get(each) for each in change.joined]
    first = min(parts, key=lambda each: each.walked_on) if parts and all(parts) else None
    WalkRound.objects.filter(pk__in=[each.pk for each in walks.values() if each != first]).delete()
    if first:
        first.community = change.larger
        first.save(update_fields=["community"])


@transaction.atomic
def follow_uses(*, change: Change, by: Actor, at: datetime) -> int:
    """Who logs into a system is said of the present: of two communities that are one the people
    are added; of one that was split, each part says it anew."""
    gone, _models = SystemUse.objects.filter(community__in=list(change.parts)).delete()
    rows = SystemUse.objects.select_for_update().filter(community__in=list(change.pairs))
    moved = list(rows.order_by("pk"))
    for use in moved:
        _joined(use, change.pairs[use.community])
    if moved or gone:
        record("burden.systems_followed", about=f"places.Division:{change.larger}", by=by, at=at,
               place=change.larger, systems=len(moved), anew=gone)  # fmt: skip
    return len(moved)


def _joined(use, community):
    """How often: as those who do it most; how one signs in: as where more people do."""
    there = SystemUse.objects.select_for_update().filter(
        community=community, demand=use.demand_id
    ).first()  # fmt: skip
    if there:
        use.login = max(use, there, key=lambda each: each.people).login
        use.often = min(use.often, there.often, key=RARER.index)
        use.people += there.people
        use.told_on = min(use.told_on, there.told_on)
        there.delete()
    use.community = community
    use.save(update_fields=["community", "people", "often", "login", "told_on"])
