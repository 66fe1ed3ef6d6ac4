"""Opening, pausing and closing duties: called inside the commands of other areas.

They run in the caller's transaction, and the caller writes the journal line.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused

from . import clocks, rules
from .calendar import Calendar, calendar
from .models import Clock, Duty, Pause


@dataclass(frozen=True)
class Limit:
    basis: str  # Clock.Basis
    amount: int
    unit: str  # Clock.Unit


def open_duty(
    *,
    kind: str,
    about: str,
    title: str,
    link: str,
    place: str,
    at: datetime,
    limits: Sequence[Limit],
    department: str = "",
    detail: str = "",
    person: str = "",
    item: str = "",
    scene: str = "",
) -> Duty:
    """One statement for the duty and its clocks. `scene` is where the matter lies, below `place`
    or elsewhere; without it, `place` itself."""
    duty, values = prepare(
        kind=kind, about=about, title=title, detail=detail, person=person, link=link, item=item,
        place=place, department=department, scene=scene, at=at, limits=limits,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {insert_sql()} SELECT id FROM duty", values)
        duty.pk = cursor.fetchone()[0]
    duty._state.adding = False
    return duty


def prepare(*, at: datetime, limits: Sequence[Limit], **fields: str) -> tuple[Duty, dict[str, Any]]:
    """The duty as it will be, and the values for `insert_sql`."""
    known = calendar(at)
    running = [clocks.Running(limit.basis, limit.amount, limit.unit, at) for limit in limits]
    counted = clocks.count(running, known)
    duty = Duty(
        **fields | {
            "title": fields["title"][:200],
            "detail": fields.get("detail", "")[:200],
            "department": rules.desk_of(fields["place"], fields.get("department", "")),
            "scene": fields.get("scene") or fields["place"],
        },
        opened_at=at, due_at=counted.due_at, blue_at=counted.blue_at,
        yellow_at=counted.yellow_at, red_at=counted.red_at,
        provisional=counted.provisional, edition=known.edition,
    )  # fmt: skip
    duty.turns_at = clocks.next_turn(duty)
    values = {f"duty_{column}": getattr(duty, column) for column in _COLUMNS} | {
        "clock_basis": [str(limit.basis) for limit in limits],
        "clock_unit": [str(limit.unit) for limit in limits],
        "clock_amount": [limit.amount for limit in limits],
        "clock_due_at": list(counted.dues),
        "clock_provisional": list(counted.provisionals),
    }
    return duty, values


_COLUMNS = [
    "kind", "about", "title", "detail", "person", "link", "place", "department", "item", "scene",
    "opened_at", "due_at", "blue_at", "yellow_at", "red_at", "turns_at", "provisional", "edition",
]  # fmt: skip


def insert_sql(source: str = "", **columns: str) -> str:
    """Two parts of a WITH, `duty` and `clock`, for a statement that inserts more than these.

    `columns` gives SQL for a column that is not known before, and `source` where it comes from:
    insert_sql("FROM fresh", about="'cases.Case:' || fresh.id").
    """
    chosen = ", ".join(columns.get(column, f"%(duty_{column})s") for column in _COLUMNS)
    return f"""
        duty AS (
            INSERT INTO work_duty ({", ".join(_COLUMNS)}, paused, mark, outcome)
            SELECT {chosen}, false, '', '' {source}
            RETURNING id
        ),
        clock AS (
            INSERT INTO work_clock
                (duty_id, basis, unit, amount, started_at, due_at, provisional)
            SELECT duty.id, basis, unit, amount, %(duty_opened_at)s, due_at, provisional
            FROM duty, unnest(
                %(clock_basis)s::text[], %(clock_unit)s::text[], %(clock_amount)s::int[],
                %(clock_due_at)s::timestamptz[], %(clock_provisional)s::bool[]
            ) AS given (basis, unit, amount, due_at, provisional)
        )"""


def open_all(*, about: str, kinds: Collection[str] = ()) -> list[Duty]:
    """The open duties about something, in the order they were opened."""
    found = Duty.objects.filter(about=about, closed_at=None).order_by("id")
    return list(found.filter(kind__in=kinds) if kinds else found)


def open_one(*, about: str, kind: str) -> Duty:
    for duty in open_all(about=about, kinds=[kind]):
        return duty
    raise Refused(_("This is done already; reload the page."))


def close_duties(*, about: str, at: datetime, outcome: str, kind: str | None = None) -> int:
    """Close what is open about something, of one kind or of all; answers how many."""
    which = "about = %(about)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)"
    return _close(which, {"about": about, "kind": kind, "at": at, "outcome": outcome})


def close(*, duty: Duty, at: datetime, outcome: str) -> int:
    return _close("id = %(id)s", {"id": duty.pk, "at": at, "outcome": outcome})


def _close(which: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH closed AS (
                UPDATE work_duty
                SET closed_at = %(at)s, outcome = %(outcome)s, paused = false, turns_at = NULL
                WHERE closed_at IS NULL AND {which}
                RETURNING id
            ),
            clocks AS (
                UPDATE work_clock SET stopped_at = %(at)s
                FROM closed WHERE duty_id = closed.id AND stopped_at IS NULL
            ),
            pauses AS (
                UPDATE work_pause SET ended_at = greatest(began_at, %(at)s)
                FROM closed WHERE duty_id = closed.id AND ended_at IS NULL
            )
            SELECT count(*) FROM closed
            """,
            values,
        )
        return cursor.fetchone()[0]


def hand_on(*, duty: Duty, place: str, department: str = "", at: datetime) -> Duty:
    """To another unit. The clocks run on: what the resident was promised does not change."""
    duty = _locked(duty)
    rules.check_open(duty)
    duty.place, duty.department = place, rules.desk_of(place, department)
    duty.assignee = None
    duty.save(update_fields=["place", "department", "assignee"])
    return duty


def assign(*, duty: Duty, account: int | None) -> Duty:
    """To a person of its unit, or with None back to the unit."""
    duty = _locked(duty)
    rules.check_open(duty)
    duty.assignee = account
    duty.save(update_fields=["assignee"])
    return duty


def pause(*, duty: Duty, reason: str, document: str, at: datetime) -> Duty:
    """While it is paused a duty keeps the due date it had; resuming counts anew."""
    duty = _locked(duty)
    rules.check_pause(duty, reason, document)
    Pause.objects.create(duty=duty, reason=reason, document=document.strip(), began_at=at)
    duty.paused = True
    duty.save(update_fields=["paused"])
    return duty


def resume(*, duty: Duty, at: datetime) -> Duty:
    duty = _locked(duty)
    rules.check_resume(duty)
    stretch = duty.pauses.select_for_update().get(ended_at=None)
    stretch.ended_at = max(at, stretch.began_at)
    stretch.save(update_fields=["ended_at"])
    duty.paused = False
    duty.save(update_fields=["paused"])
    return recount(duty, calendar(at), at)


def extend(*, duty: Duty, days: int, at: datetime, basis: str = "") -> Duty:
    """Lengthen all limits, or the one of `basis`, by days of their own kind (an hour's by 24)."""
    duty = _locked(duty)
    rules.check_open(duty)
    for clock in duty.clocks.select_for_update().order_by("id"):
        if basis in ("", clock.basis):
            clock.amount += days * (24 if clock.unit == Clock.Unit.HOURS else 1)
            clock.save(update_fields=["amount"])
    return recount(duty, calendar(at), at)


def recount(duty: Duty, known: Calendar, at: datetime) -> Duty:
    recount_all([duty], known, at)
    return duty


def recount_all(locked: Sequence[Duty], known: Calendar, at: datetime) -> None:
    """Count locked duties anew. A mark may sink here; only the sweep, which tells, raises it."""
    prefetch_related_objects(locked, "clocks", "pauses")
    clocks_moved = [clock for duty in locked for clock in _count_anew(duty, known, at)]
    _write(Clock, clocks_moved, _COUNTED_OF_CLOCK)
    _write(Duty, locked, _COUNTED_OF_DUTY)


def _count_anew(duty: Duty, known: Calendar, at: datetime) -> list[Clock]:
    """Set what is counted on the duty and its clocks; answers the clocks that changed."""
    running = list(duty.clocks.all())
    counted = clocks.count(
        [clocks.Running(each.basis, each.amount, each.unit, each.started_at) for each in running],
        known,
        [(each.began_at, each.ended_at) for each in duty.pauses.all() if each.ended_at],
    )
    duty.due_at, duty.provisional = counted.due_at, counted.provisional
    duty.blue_at, duty.yellow_at = counted.blue_at, counted.yellow_at
    duty.red_at, duty.edition = counted.red_at, known.edition
    duty.mark = str(min(duty.mark, clocks.mark_of(duty, at), key=Duty.Mark.values.index))
    duty.turns_at = clocks.next_turn(duty)
    moved = []
    for clock, *now in zip(running, counted.dues, counted.provisionals, strict=True):
        if [clock.due_at, clock.provisional] != now:
            clock.due_at, clock.provisional = now
            moved.append(clock)
    return moved


_COUNTED_OF_CLOCK = {"due_at": "timestamptz", "provisional": "bool"}
_COUNTED_OF_DUTY = {
    "due_at": "timestamptz",
    "blue_at": "timestamptz",
    "yellow_at": "timestamptz",
    "red_at": "timestamptz",
    "turns_at": "timestamptz",
    "provisional": "bool",
    "edition": "int",
    "mark": "text",
}


def _write(model: type[Model], rows: Sequence[Model], columns: dict[str, str]) -> None:
    """All rows in one statement: Django's own bulk_update is ten times slower."""
    if not rows:
        return
    given = ", ".join(f"%({column})s::{kind}[]" for column, kind in columns.items())
    change = ", ".join(f"{column} = given.{column}" for column in columns)
    values = {column: [getattr(row, column) for row in rows] for column in columns}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {model._meta.db_table} AS row SET {change}
                FROM unnest(%(pk)s::bigint[], {given}) AS given (pk, {", ".join(columns)})
                WHERE row.id = given.pk""",
            values | {"pk": [row.pk for row in rows]},
        )


def _locked(duty: Duty) -> Duty:
    return Duty.objects.select_for_update().get(pk=duty.pk)
