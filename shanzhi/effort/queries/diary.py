"""The sampled diary: who may keep it, what waits for a worker, and what the answers say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from shanzhi.burden.models import Demand
from shanzhi.kernel import places, workdays
from shanzhi.kernel.acting import Actor
from shanzhi.places.queries import predecessors
from shanzhi.work.calendar import calendar

from .. import intervals
from ..intervals import Stratum
from ..kinds import CORE, DIARY, PARTS, Quarter, Share
from ..merging import Block
from ..models import Answer, Ballot, Draw, Group, Participation


def demand(community: str, on: date) -> Demand | None:
    """The diary's own, admitted by the gate, in force on the day and asked of the community."""
    found = Demand.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), title=DIARY, origin=Demand.Origin.ADMITTED,
        state=Demand.State.IN_FORCE, valid_from__lte=on,
        scope__overlap=places.above(community),
    )  # fmt: skip
    return found.order_by("pk").first()


def participation(community: str) -> Participation | None:
    return Participation.objects.filter(community=community, until=None).first()


def undrawn(quarter: Quarter) -> list[str]:
    """Communities that keep the diary and have no draw in this quarter."""
    rows = Participation.objects.filter(until=None).order_by("community")
    drawn = set(Draw.objects.filter(quarter=quarter.first).values_list("community", flat=True))
    return [code for code in rows.values_list("community", flat=True)
            if drawn.isdisjoint(predecessors(code))]  # fmt: skip


def drawn(community: str, quarter: Quarter) -> bool:
    """Itself, or what became part of it: nobody is asked twice in a quarter."""
    rows = Draw.objects.filter(quarter=quarter.first, community__in=predecessors(community))
    return rows.exists()


def draws(community: str) -> list[Draw]:
    """Of a community and of what became part of it, the latest first."""
    rows = Draw.objects.filter(community__in=predecessors(community))
    return list(rows.order_by("-quarter", "community"))


def waiting(actor: Actor, at: datetime) -> Ballot | None:
    """The half-day this worker is asked about now; the oldest of several."""
    rows = ballots_of(actor, at)
    return rows.select_related("draw").order_by("opens_at", "pk").first()


def ballots_of(actor: Actor, at: datetime) -> QuerySet[Ballot]:
    """Also those that were drawn in a community before it became part of this one."""
    codes = predecessors(actor.place[:12])
    return open_ballots(at).filter(account=actor.account_id, draw__community__in=codes)


def open_ballots(at: datetime) -> QuerySet[Ballot]:
    return Ballot.objects.filter(opens_at__lte=at, closes_at__gt=at)


# --- what it says ---------------------------------------------------------------------------------


def published(quarter: Quarter, today: date) -> bool:
    """After its last half-day can no longer be answered: no sum of a quarter ever grows by one
    between two looks at it."""
    return today > workdays.add_working_days(quarter.last, 1, calendar().is_workday)


@dataclass(frozen=True)
class Found:
    """The diary of some communities in one quarter."""

    unit: Block
    communities: int
    drawn: int  # workers
    halves: int  # half-days answered
    groups: Mapping[str, Share]
    core: Share


def respondents(quarters: Collection[Quarter]) -> dict[Quarter, dict[str, int]]:
    """By quarter and community, at least so many different workers answered: each has one
    morning and one afternoon, so it is the larger of both numbers."""
    found = {quarter: {} for quarter in quarters}
    counted = (
        Answer.objects.filter(draw__quarter__in=[each.first for each in quarters])
        .order_by().values_list("draw__quarter", "draw__community", "half")
        .annotate(number=Count("pk"))
    )  # fmt: skip
    for first, community, _half, number in counted:
        known = found[Quarter(first)]
        known[community] = max(number, known.get(community, 0))
    return found


class Diary:
    """The answers of several quarters in `place`, read once."""

    def __init__(self, units: Iterable[Block], quarters: Collection[Quarter]):
        inside = Q()
        for code in {code for unit in units for code in unit}:
            low, high = places.span(code)
            inside |= Q(community__gte=low, community__lt=high)
        rows = Draw.objects.filter(inside, quarter__in=[each.first for each in quarters])
        self.draws = list(rows.order_by("community")) if inside else []
        self.answers: defaultdict[int, list[list[str]]] = defaultdict(list)
        keys = [each.pk for each in self.draws]
        for draw, parts in Answer.objects.filter(draw__in=keys).values_list("draw_id", "parts"):
            self.answers[draw].append(parts)

    def found(self, unit: Block, quarter: Quarter) -> Found | None:
        """None where nobody answered."""
        draws = [each for each in self.draws if each.quarter == quarter.first
                 and any(places.holds(code, each.community) for code in unit)]  # fmt: skip
        halves = sum(len(self.answers[each.pk]) for each in draws)
        if not halves:
            return None
        return Found(
            unit, sum(bool(self.answers[each.pk]) for each in draws),
            sum(each.workers for each in draws), halves,
            {group: self._share(draws, {group}) for group in Group.values},
            self._share(draws, CORE),
        )  # fmt: skip

    def _share(self, draws: Sequence[Draw], groups: Collection[str]) -> Share | None:
        return intervals.estimate([
            Stratum(each.workers, [
                sum(part in groups for part in parts) / PARTS for parts in self.answers[each.pk]
            ])
            for each in draws
        ])  # fmt: skip


def quarters_kept(today: date) -> list[Quarter]:
    """Quarters whose diary is shown by now, the first one first."""
    firsts = Draw.objects.order_by("quarter").values_list("quarter", flat=True).distinct()
    return [Quarter(first) for first in firsts if published(Quarter(first), today)]
