"""A community begins and ends the diary; once a quarter the half-days of its workers are drawn."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.timezone import localdate, make_aware

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.workdays import add_working_days, end_of_day
from shanzhi.places.queries import predecessors
from shanzhi.work.calendar import calendar

from .. import queries, rules, sampling
from ..kinds import LEAST, Quarter
from ..models import Ballot, Draw, Half, Participation
from ..queries import diary

OPENS = {Half.MORNING: time(11, 0), Half.AFTERNOON: time(16, 0)}  # when most of it is over
FEWEST = 10  # working days; where fewer are left, the draw waits for the next quarter


@transaction.atomic
def join(*, by: Actor, at: datetime) -> Participation:
    """The first half-days are drawn in the night that follows."""
    community, today = by.place[:12], localdate(at)
    known, workers = _locked(community), _workers(community, today)
    rules.check_join(known, diary.demand(community, today), len(workers), by)
    row = Participation.objects.create(community=community, since=today)
    record("effort.joined", about=label(row), by=by, at=at, place=community)
    return row


@transaction.atomic
def leave(*, by: Actor, at: datetime) -> Participation:
    """What is still to be asked is not asked; what was answered stays, as nobody knows whose."""
    row = _locked(by.place[:12])
    rules.check_leave(row, by)
    row.until = localdate(at)
    row.save(update_fields=["until"])
    Ballot.objects.filter(draw__community__in=predecessors(row.community)).delete()
    record("effort.left", about=label(row), by=by, at=at, place=row.community)
    return row


@transaction.atomic
def follow_move(*, old: str, new: str, by: Actor, at: datetime) -> Participation | None:
    """A community that keeps the diary became part of another, or has another code: there it goes
    on. Who was drawn is still asked. None where it did not keep it."""
    row = _locked(old)
    if row is None:
        return None
    row.until = localdate(at)
    row.save(update_fields=["until"])
    kept = _locked(new) or Participation.objects.create(community=new, since=row.until)
    record("effort.moved", about=label(kept), by=by, at=at, place=new, old=old)
    return kept


def _locked(community):
    return Participation.objects.select_for_update().filter(community=community, until=None).first()


@transaction.atomic
def draw(*, community: str, seed: int, by: Actor, at: datetime) -> Draw | None:
    """For the quarter of `at`, from that day on. None where it has to wait: no number of the gate,
    too few workers, or too few working days left."""
    first = localdate(at)
    quarter = Quarter.of(first)
    days = working_days(first, quarter.last)
    if _locked(community) is None or diary.demand(community, first) is None:
        return None
    workers = _workers(community, first)
    if len(workers) < LEAST or len(days) < FEWEST or diary.drawn(community, quarter):
        return None
    row = Draw.objects.create(
        community=community, quarter=quarter.first, seed=seed, first=first, workers=len(workers)
    )
    Ballot.objects.bulk_create(
        ballot for worker in sorted(workers) for ballot in _ballots(row, worker, days)
    )
    record("effort.drawn", about=label(row), by=by, at=at, place=community, quarter=str(quarter))
    return row


def _workers(community, on):
    return queries.workers.accounts([community], on)[community]


def working_days(first: date, last: date) -> Sequence[date]:
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if calendar().is_workday(day)]


def window(day: date, half: Half) -> tuple[datetime, datetime]:
    """From when most of the half-day is over until the next working day is: who spent the
    afternoon in a meeting can still say so."""
    last = add_working_days(day, 1, calendar().is_workday)
    return make_aware(datetime.combine(day, OPENS[half])), end_of_day(last)


def _ballots(row, worker, days):
    drawn = sampling.half_days(row.seed, worker, days)
    for half, day in zip(Half, drawn, strict=True):
        opens, closes = window(day, half)
        yield Ballot(draw=row, account_id=worker, half=half, opens_at=opens, closes_at=closes)
