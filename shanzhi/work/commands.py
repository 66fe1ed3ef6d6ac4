"""What people do with duties and the calendar, and what the clock does by itself."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils.timezone import localtime

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from . import duties, queries, rules
from .calendar import calendar, current_edition, forget
from .models import Day, Duty, Edition, Year

SWEPT_AT_ONCE = 1000
RECOUNTED_AT_ONCE = 500
# A process may count by the calendar before for a few seconds, and commit a little later.
SETTLED_AFTER = timedelta(minutes=1)
PACKAGE = "chinesecalendar"


# --- duties ---------------------------------------------------------------------------------------


@transaction.atomic
def take(*, duty: Duty, by: Actor, at: datetime) -> Duty:
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    rules.check_take(duty, by)

    duty.assignee = by.account_id
    duty.save(update_fields=["assignee"])

    record("work.taken", about=duty.about, by=by, at=at, place=duty.place, duty=duty.pk)
    return duty


@transaction.atomic
def give_back(*, duty: Duty, by: Actor, at: datetime) -> Duty:
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    rules.check_give_back(duty, by)

    duty.assignee = None
    duty.save(update_fields=["assignee"])

    record("work.given_back", about=duty.about, by=by, at=at, place=duty.place, duty=duty.pk)
    return duty


@transaction.atomic
def follow_end_of_post(*, account: int, place: str, by: Actor, at: datetime) -> int:
    """Who holds no post in a unit any more has nothing in hand there: it waits for the unit."""
    taken = Duty.objects.select_for_update().filter(assignee=account, closed_at=None)
    duties_there = list(taken.filter(unit=place[:12]).order_by("pk"))
    still = queries.units_of(account, at)
    freed = [duty for duty in duties_there if (duty.unit, duty.department) not in still]
    Duty.objects.filter(pk__in=[duty.pk for duty in freed]).update(assignee=None)
    for duty in freed:
        record("work.given_back", about=duty.about, by=by, at=at, place=duty.place, duty=duty.pk)
    return len(freed)


@transaction.atomic
def follow_move(*, old: str, new: str, by: Actor, at: datetime) -> int:
    """A place goes on under another code: what waits there waits at the new one, from one clock."""
    waiting = Duty.objects.select_for_update().filter(place=old, closed_at=None).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True))
    Duty.objects.filter(pk__in=keys).update(place=new)
    Duty.objects.filter(scene=old, closed_at=None).update(scene=new)
    if keys:
        record(
            "work.moved", about=f"places.Division:{old}", by=by, at=at, place=new,
            old=old, duties=len(keys),
        )  # fmt: skip
    return len(keys)


@transaction.atomic
def assign(*, duty: Duty, to: int, by: Actor, at: datetime) -> Duty:
    """To a colleague of the unit: who is away today hands on what cannot wait."""
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    colleagues = dict(queries.colleagues([duty], by, at))
    rules.check_assign(duty, colleagues, to, by)

    duty.assignee = to
    duty.save(update_fields=["assignee"])

    record("work.assigned", about=duty.about, by=by, at=at, place=duty.place, duty=duty.pk, to=to)
    return duty


@transaction.atomic
def sweep(*, by: Actor, at: datetime) -> int:
    """Raise the marks whose moment has come: one batch; call again while it answers a full one.

    Two sweeps at once take different rows. What turned yellow or red is told to the journal.
    """
    turned = _turn(at)
    for pk, kind, about, place, mark in turned:
        verb = {"red": "work.overdue", "yellow": "work.nearly_due"}.get(mark)
        if verb:
            record(verb, about=about, by=by, at=at, place=place, duty=pk, kind=kind)
    return len(turned)


def _turn(at: datetime) -> list[tuple[int, str, str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH ripe AS (
                SELECT id FROM work_duty
                WHERE closed_at IS NULL AND NOT paused AND turns_at <= %(at)s
                ORDER BY turns_at LIMIT %(batch)s
                FOR UPDATE SKIP LOCKED
            )
            UPDATE work_duty AS duty
            SET mark = CASE WHEN red_at <= %(at)s THEN 'red'
                            WHEN yellow_at <= %(at)s THEN 'yellow'
                            ELSE 'blue' END,
                turns_at = CASE WHEN red_at <= %(at)s THEN NULL
                                WHEN yellow_at <= %(at)s THEN red_at
                                ELSE least(yellow_at, red_at) END
            FROM ripe WHERE duty.id = ripe.id
            RETURNING duty.id, duty.kind, duty.about, duty.place, duty.mark
            """,
            {"at": at, "batch": SWEPT_AT_ONCE},
        )
        return cursor.fetchall()


# --- the calendar ---------------------------------------------------------------------------------


@transaction.atomic
def load_calendar(*, by: Actor, at: datetime) -> list[int]:
    """Bring in the published years the package knows; what was entered by hand stays."""
    _lock_calendar()
    rules.check_may_keep_calendar(by)
    from chinese_calendar import constants as package  # asked for once a year

    named = {day: (False, name) for day, name in package.holidays.items()}
    named |= {day: (True, name) for day, name in package.workdays.items()}
    known = set(Year.objects.values_list("year", flat=True))
    years = sorted({day.year for day in named} - known)
    if not years:
        return []

    Year.objects.bulk_create(Year(year=year, source=PACKAGE, entered_at=at) for year in years)
    Day.objects.bulk_create(
        Day(day=day, works=works, name=package.Holiday(name).chinese)
        for day, (works, name) in named.items()
        if day.year in years
    )
    edition = _publish(years, PACKAGE, at)

    record("work.calendar_loaded", about=label(edition), by=by, at=at,
           place=settings.SHANZHI_CITY, first=years[0], last=years[-1])  # fmt: skip
    return years


@transaction.atomic
def publish_year(*, notice: rules.Notice, by: Actor, at: datetime) -> Edition:
    """Enter or correct a year. Due dates follow in `recount`, batch by batch."""
    _lock_calendar()
    rules.check_may_keep_calendar(by)
    rules.check_notice(notice, at)

    corrects = Year.objects.filter(year=notice.year).exists()
    Year.objects.update_or_create(
        year=notice.year, defaults={"source": notice.source.strip(), "entered_at": at}
    )
    Day.objects.filter(day__year=notice.year).delete()
    Day.objects.bulk_create(
        Day(day=day, works=works, name=name.strip()) for day, (works, name) in notice.days().items()
    )
    edition = _publish([notice.year], notice.source.strip(), at)

    verb = "work.calendar_corrected" if corrects else "work.calendar_published"
    record(verb, about=label(edition), by=by, at=at, place=settings.SHANZHI_CITY,
           year=notice.year, notice=edition.source)  # fmt: skip
    return edition


def _lock_calendar() -> None:
    """One edition at a time: numbers come out in the order in which editions take effect."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE work_edition IN SHARE ROW EXCLUSIVE MODE")


def _publish(years: list[int], source: str, at: datetime) -> Edition:
    edition = Edition.objects.create(years=years, source=source, published_at=at)
    forget()
    transaction.on_commit(forget)
    return edition


@transaction.atomic
def recount(*, by: Actor, at: datetime) -> int:
    """Count open duties by the current calendar: one batch; 0 means all are counted by now.

    May stop anywhere and go on: a duty says by which edition it was counted.
    """
    edition = current_edition()
    if calendar(at).edition != edition:
        forget()
    known = calendar(at)
    stale = Duty.objects.filter(closed_at=None, edition__lt=edition)
    batch = list(
        stale.select_for_update(skip_locked=True).order_by("edition", "id")[:RECOUNTED_AT_ONCE]
    )
    before = [duty.due_at for duty in batch]
    duties.recount_all(batch, known, at)
    moved = [pair for pair in zip(batch, before, strict=True) if pair[0].due_at != pair[1]]
    for duty, was in moved:
        days = {"was": localtime(was).isoformat(), "now": localtime(duty.due_at).isoformat()}
        record("work.due_moved", about=duty.about, by=by, at=at, place=duty.place, duty=duty.pk,
               kind=duty.kind, **days)  # fmt: skip
    if moved:
        Edition.objects.filter(number=edition).update(moved=F("moved") + len(moved))
    if not batch and not stale.exists():
        Edition.objects.filter(
            finished_at=None, published_at__lt=at - SETTLED_AFTER, number__lte=edition
        ).update(finished_at=at)
    return len(batch)
