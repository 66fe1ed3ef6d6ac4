"""Plaques: recorded on a walk-round, kept or marked to go, taken down."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.files import commands as files
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from .. import queries
from ..kinds import Seen
from ..models import Plaque, WalkRound
from ..rules import walls as rules


@transaction.atomic
def walk_round(*, community: str, found: Sequence[Seen], by: Actor, at: datetime) -> WalkRound:
    """One look at everything; `found` is what was not recorded before. It may be empty."""
    rules.check_record(by, community)
    walk, _created = WalkRound.objects.get_or_create(
        community=community, defaults={"walked_on": localdate(at), "unit": _unit(by)}
    )
    walk = WalkRound.objects.select_for_update().get(pk=walk.pk)
    made = _recorded(community, found, localdate(at))
    walk.walked_on, walk.unit = localdate(at), _unit(by)
    walk.save(update_fields=["walked_on", "unit"])
    record("burden.walked_round", about=label(walk), by=by, at=at, place=community,
           recorded=len(made))  # fmt: skip
    return walk


@transaction.atomic
def record_plaque(
    *, community: str, seen: Seen, photos: Iterable[UUID] = (), by: Actor, at: datetime
) -> Plaque:
    """One plaque, with a photo or without."""
    rules.check_record(by, community)
    _locked_wall(community)
    (plaque,) = _recorded(community, [seen], localdate(at))
    about = label(plaque)
    record("burden.plaque_recorded", about=about, by=by, at=at, place=community, of=plaque.place)
    if photos := list(photos):
        files.attach(files=photos, owner=about, by=by, at=at, place=community)
    return plaque


@transaction.atomic
def mark_plaque(
    *, plaque: Plaque, verdict: str, reason: str, decided_on: date, by: Actor, at: datetime
) -> Plaque:
    """Keep or take down. Until it is down, a later mark replaces an earlier one."""
    wall = _locked_wall(plaque.community)
    plaque = rules.among(wall, plaque)
    kept = sum(
        each.place == plaque.place and each.verdict == Plaque.Verdict.KEEP
        for each in wall.values()
        if each.pk != plaque.pk
    )
    rules.check_mark(plaque, verdict, reason, decided_on, kept, by, localdate(at))
    plaque.verdict, plaque.reason = verdict, reason.strip()
    plaque.decided_on, plaque.decided_by = decided_on, _unit(by)
    plaque.save(update_fields=["verdict", "reason", "decided_on", "decided_by"])
    _record("burden.plaque_marked", plaque, by, at, chosen=verdict, on=str(decided_on))
    return plaque


@transaction.atomic
def take_down_plaque(
    *, plaque: Plaque, down_on: date, evidence: str, by: Actor, at: datetime
) -> Plaque:
    plaque = rules.among(_locked_wall(plaque.community), plaque)
    rules.check_take_down(plaque, down_on, evidence, by, localdate(at))
    plaque.down_on, plaque.evidence = down_on, evidence.strip()
    plaque.save(update_fields=["down_on", "evidence"])
    _record("burden.plaque_taken_down", plaque, by, at, on=str(down_on))
    return plaque


@transaction.atomic
def strike_plaque(*, plaque: Plaque, by: Actor, at: datetime) -> None:
    """Recorded by mistake; nobody has decided on it yet."""
    plaque = rules.among(_locked_wall(plaque.community), plaque)
    rules.check_strike(plaque, by)
    files.purge(owner=label(plaque), by=by, at=at, place=plaque.community)
    _record("burden.plaque_struck", plaque, by, at)
    plaque.delete()


def _locked_wall(community):
    """All plaques of a community, so that two who keep at once do not pass the cap together."""
    rows = Plaque.objects.select_for_update(of=("self",)).filter(community=community)
    return {each.pk: each for each in rows.select_related("demand").order_by("pk")}


def _recorded(community, found, today):
    hanging = set(
        Plaque.objects.filter(community=community, down_on=None)
        .exclude(demand=None).values_list("demand_id", flat=True)
    )  # fmt: skip
    wanted = [each.demand.pk for each in found if each.demand]
    asked = set(queries.demands(community).filter(pk__in=wanted).values_list("pk", flat=True))
    for seen in found:
        rules.check_seen(seen, hanging, seen.demand is None or seen.demand.pk in asked)
        hanging |= {seen.demand.pk} if seen.demand else set()
    return Plaque.objects.bulk_create(_row(community, each, today) for each in found)


def _row(community, seen, today):
    owner = seen.demand.department_id if seen.demand else seen.department or None
    return Plaque(
        community=community, text=seen.text.strip(), place=seen.place, department_id=owner,
        demand=seen.demand, recorded_on=today,
    )  # fmt: skip


def _unit(by):
    return unit_name(by.place, by.department) if by.place else ""


def _record(verb, plaque, by, at, **data):
    record(verb, about=label(plaque), by=by, at=at, place=plaque.community, **data)
