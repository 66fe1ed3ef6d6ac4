"""What a notice would move, before anybody confirms it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils.timezone import localtime

from . import clocks
from .calendar import Calendar, calendar
from .models import Clock
from .rules import Notice

SHOWN = 20
PAUSED_LOOKED_AT = 2000  # limits that stood still are counted one by one


@dataclass(frozen=True)
class Move:
    title: str
    detail: str
    link: str
    basis: str
    was: datetime
    now: datetime


@dataclass
class Preview:
    looked_at: int = 0
    later: int = 0
    earlier: int = 0
    confirmed: int = 0  # no longer provisional
    rows: list[Move] = field(default_factory=list)

    @property
    def moved(self) -> int:
        return self.later + self.earlier


def preview(notice: Notice, at: datetime) -> Preview:
    """Limits that began on one day and are equally long end on one day: counted once a group."""
    known = calendar(at).with_year(notice.year, notice.works())
    found, moved = Preview(), []
    for group in _groups():
        now, provisional = _count(group, known, ())
        _add(found, group["due_at"], now, group["limits"])
        found.looked_at += group["limits"]
        found.confirmed += group["limits"] if group["provisional"] and not provisional else 0
        if now != group["due_at"]:
            moved.append((group["ids"], now))
    for clock in _stood_still():
        stretches = [
            (each.began_at, each.ended_at) for each in clock.duty.pauses.all() if each.ended_at
        ]
        now, _provisional = _count(vars(clock), known, stretches)
        _add(found, clock.due_at, now, 1)
        found.looked_at += 1
        if now != clock.due_at:
            moved.append(([clock.pk], now))
    found.rows = _rows(moved)
    return found


def _count(limit: dict, known: Calendar, stretches) -> tuple[datetime, bool]:
    running = clocks.Running(limit["basis"], limit["amount"], limit["unit"], limit["started_at"])
    counted = clocks.count([running], known, stretches)
    return counted.due_at, counted.provisional


def _add(found: Preview, was: datetime, now: datetime, limits: int) -> None:
    found.later += limits if now > was else 0
    found.earlier += limits if now < was else 0


def _groups() -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT clock.unit, clock.amount, clock.due_at, clock.provisional,
                   min(clock.basis) AS basis, min(clock.started_at) AS started_at,
                   count(*) AS limits, (array_agg(clock.id))[1:%(shown)s] AS ids
            FROM work_duty AS duty JOIN work_clock AS clock ON clock.duty_id = duty.id
            WHERE duty.closed_at IS NULL AND clock.stopped_at IS NULL
              AND clock.unit <> 'hours'
              AND NOT EXISTS (SELECT 1 FROM work_pause WHERE duty_id = duty.id)
            GROUP BY clock.unit, clock.amount, clock.due_at, clock.provisional,
                     (clock.started_at AT TIME ZONE 'Asia/Shanghai')::date,
                     CASE WHEN clock.amount = 0 THEN clock.started_at END
            """,
            {"shown": SHOWN},
        )
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _stood_still() -> list[Clock]:
    return list(
        Clock.objects.filter(duty__closed_at=None, stopped_at=None, duty__pauses__isnull=False)
        .exclude(unit=Clock.Unit.HOURS)
        .select_related("duty")
        .prefetch_related("duty__pauses")
        .order_by("id")
        .distinct()[:PAUSED_LOOKED_AT]
    )


def _rows(moved: list[tuple[list[int], datetime]]) -> list[Move]:
    now = {pk: due for ids, due in sorted(moved, key=lambda each: each[1]) for pk in ids}
    shown = list(now)[:SHOWN]
    found = Clock.objects.select_related("duty").in_bulk(shown)
    return [
        Move(
            found[pk].duty.title, found[pk].duty.detail, found[pk].duty.link,
            found[pk].get_basis_display(), localtime(found[pk].due_at), localtime(now[pk]),
        )
        for pk in shown
    ]  # fmt: skip
