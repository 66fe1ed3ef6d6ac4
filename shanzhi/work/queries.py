"""The desk's inbox and its counts, and what remains of a limit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shanzhi.kernel import paging
from shanzhi.kernel import places as codes
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.workdays import DAY, add_working_days, working_days_between
from shanzhi.people import queries as people
from shanzhi.people.models import Account
from shanzhi.places import queries as places

from . import rules
from .calendar import Calendar, calendar
from .kinds import DutyKind, duty_kind, item_names
from .models import Duty

COUNTED_TO = 1000  # beyond it the desk says 999+
CHOICES = 300  # the longest list to choose from
SOON = 2  # working days
CALENDAR_WARNING = timedelta(days=60)  # the notice comes in November

# --- what remains ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Remaining:
    """How much of a limit is left, negative where it is over; `mark` colours it."""

    amount: int
    unit: str  # working_days, calendar_days, hours, minutes
    mark: str  # "", yellow, red
    due_at: datetime
    paused: bool = False

    def __iter__(self):
        return iter((self.amount, self.unit, self.mark))

    @property
    def text(self) -> str:
        """还有 2 个工作日, 今日 17:30, 超 3 小时: in the reader's language."""
        due = localtime(self.due_at)
        words = {"n": abs(self.amount), "time": f"{due:%H:%M}", "date": f"{due:%m-%d}"}
        if self.paused:
            return _("Clock stopped")
        if self.amount < 0:
            return _late(self.unit, -self.amount) % words
        if self.unit == "hours":
            return _("Today %(time)s") % words
        if self.amount == 0:
            return _("%(date)s %(time)s") % words
        return ngettext("%(n)s working day left", "%(n)s working days left", self.amount) % words


def _late(unit: str, n: int) -> str:
    return {
        "minutes": ngettext("%(n)s minute late", "%(n)s minutes late", n),
        "hours": ngettext("%(n)s hour late", "%(n)s hours late", n),
        "calendar_days": ngettext("%(n)s day late", "%(n)s days late", n),
    }[unit]


def remaining(
    due_at: datetime, at: datetime, known: Calendar | None = None, *, paused: bool = False
) -> Remaining:
    """Today in hours, later in working days after today; late in minutes, hours, then days."""
    known = known or calendar(at)
    if due_at <= at:
        return Remaining(*_overdue(at - due_at), "" if paused else "red", due_at, paused)
    today, day = localdate(at), localdate(due_at)
    if day == today:
        hours = int((due_at - at) / timedelta(hours=1))
        return Remaining(hours, "hours", "yellow", due_at, paused)
    days = working_days_between(today, day, known.is_workday)
    mark = "yellow" if days <= rules.THRESHOLDS.yellow_days and not paused else ""
    return Remaining(days, "working_days", mark, due_at, paused)


def _overdue(late: timedelta) -> tuple[int, str]:
    if late >= DAY:
        return -late.days, "calendar_days"
    if late >= timedelta(hours=1):
        return -int(late / timedelta(hours=1)), "hours"
    return -max(1, int(late / timedelta(minutes=1))), "minutes"


# --- the inbox ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    id: int
    kind: DutyKind
    title: str
    detail: str
    person: str
    link: str
    where: str  # the grid, where the post looks at more than one
    assignee: int | None
    handler: str  # the assignee's name
    mine: bool
    due_at: datetime
    mark: str
    provisional: bool
    paused: bool
    left: Remaining


def visible_to(actor: Actor) -> QuerySet[Duty]:
    """Open duties of the actor's unit; of those of a community, a grid leader's own ones."""
    return _of_unit(actor).filter(closed_at=None)


def _of_unit(actor: Actor) -> QuerySet[Duty]:
    unit = rules.unit_of(actor)
    found = Duty.objects.filter(unit=unit.community, department=unit.department)
    if unit.of_grid:
        found = found.filter(Q(place=actor.place) | Q(assignee=actor.account_id))
    return found if actor.is_staff else found.none()


FILTERS = {
    "": "true",
    "overdue": "NOT duty.paused AND duty.due_at <= %(at)s",
    "today": "NOT duty.paused AND duty.due_at > %(at)s AND duty.due_at < %(tomorrow)s",
    "soon": "NOT duty.paused AND duty.due_at > %(at)s AND duty.due_at < %(soon)s",
    "mine": "duty.assignee = %(me)s",
}
_SCOPE = """duty.closed_at IS NULL AND duty.unit = %(community)s
    AND duty.department = %(department)s"""
_AFTER = "(paused, due_at, id) > (%(paused)s, %(due_at)s::timestamptz, %(id)s::bigint)"
_OF_GRID = " AND (duty.place = %(place)s OR duty.assignee = %(me)s)"


@dataclass(frozen=True)
class Narrowing:
    """Of what waits, only the duties of a kind, a service item, a division right below the unit."""

    kind: str = ""
    item: str = ""
    below: str = ""

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def sql(self) -> str:
        """Each column stands in an index behind the unit; that of items holds no empty ones."""
        chosen = [f"duty.{name} = %({name})s" for name, value in vars(self).items() if value]
        if self.item:
            chosen.append("duty.item <> ''")
        return "".join(f" AND {each}" for each in chosen)


ALL = Narrowing()


def inbox(
    actor: Actor, *, at: datetime, filter: str = "", to: Narrowing = ALL, cursor: str = "",
    size: int = 20,
) -> paging.Page:  # fmt: skip
    """What waits for the actor's unit, soonest first; what stands still comes last."""
    values = _values(actor, at) | _after(cursor) | vars(to) | {"size": size + 1}
    rows = _ask(
        f"""
        SELECT duty.*, coalesce(account.name, '')
        FROM (
            SELECT id, kind, title, detail, person, link, place, assignee, due_at, mark,
                   provisional, paused
            FROM work_duty AS duty
            WHERE {_scope(actor)}{to.sql()} AND {FILTERS.get(filter, "true")}
              AND {_AFTER if cursor else "true"}
            ORDER BY paused, due_at, id LIMIT %(size)s
        ) AS duty LEFT JOIN people_account AS account ON account.id = duty.assignee
        ORDER BY paused, due_at, duty.id
        """,
        values,
    )
    known, names = calendar(at), places.names({row[6] for row in rows} - {actor.place})
    rows = [_row(actor, at, known, names, *each) for each in rows]
    return paging.page(
        rows, size=size, key=lambda row: (int(row.paused), row.due_at.isoformat(), row.id)
    )


def inbox_counts(actor: Actor, at: datetime, to: Narrowing = ALL) -> dict[str, int]:
    """Each up to COUNTED_TO, in one query: soonest first, so that the late ones are all seen."""
    names = ["overdue", "today", "soon"]
    filters = ", ".join(f"count(*) FILTER (WHERE {FILTERS[name]})" for name in names)
    [counts] = _ask(
        f"""
        SELECT count(*), {filters}, (
            SELECT count(*) FROM (
                SELECT 1 FROM work_duty AS duty
                WHERE {_scope(actor)}{to.sql()} AND {FILTERS["mine"]} LIMIT %(most)s
            ) AS taken
        )
        FROM (
            SELECT paused, due_at FROM work_duty AS duty WHERE {_scope(actor)}{to.sql()}
            ORDER BY paused, due_at, duty.id LIMIT %(most)s
        ) AS duty
        """,
        _values(actor, at) | vars(to) | {"most": COUNTED_TO},
    )
    return dict(zip(["all", *names, "mine"], counts, strict=True))


def waiting(actor: Actor, at: datetime) -> int:
    """The number beside the desk's entry."""
    return inbox_counts(actor, at)["all"]


class Choice(NamedTuple):
    code: str
    name: str
    count: int


def choices(
    actor: Actor, at: datetime, filter: str = "", to: Narrowing = ALL
) -> dict[str, list[Choice]]:
    """What the list can be narrowed to, the most frequent first; each beside what is chosen."""
    found = {
        name: _ask(
            f"""
            SELECT duty.{name}, count(*) FROM work_duty AS duty
            WHERE {_scope(actor)}{replace(to, **{name: ""}).sql()}
              AND {FILTERS.get(filter, "true")} AND duty.{name} <> ''
            GROUP BY duty.{name} ORDER BY count(*) DESC, duty.{name} LIMIT %(most)s
            """,
            _values(actor, at) | vars(to) | {"most": CHOICES},
        )
        for name in vars(to)
    }
    return {
        name: _named(name, [Choice(code, "", n) for code, n in rows])
        for name, rows in found.items()
    }


def chosen(to: Narrowing) -> dict[str, str]:
    """What the list is narrowed to, by name."""
    return {
        column: _named(column, [Choice(code, "", 0)])[0].name
        for column, code in vars(to).items()
        if code
    }


def _named(column, found):
    codes = [each.code for each in found]
    if column == "kind":
        names = {code: str(duty_kind(code).title) for code in codes}
    else:
        names = (item_names if column == "item" else places.names)(codes) if codes else {}
    return [each._replace(name=names.get(each.code) or each.code) for each in found]


def of_unit(actor: Actor, keys: Collection[int]) -> list[Duty]:
    """Of these duties those of the actor's unit, in this order, done or not."""
    found = {duty.pk: duty for duty in _of_unit(actor).filter(pk__in=keys)}
    return [found[key] for key in keys if key in found]


class OpenClock(NamedTuple):
    """A clock that runs on an open duty."""

    basis: str  # Clock.Basis
    amount: int
    unit: str
    due_at: datetime
    provisional: bool
    paused: bool


def open_clocks(about: str) -> list[OpenClock]:
    """In the order in which the duties were opened."""
    rows = _ask(
        """
        SELECT clock.basis, amount, clock.unit, clock.due_at, clock.provisional, paused
        FROM work_duty AS duty JOIN work_clock AS clock ON clock.duty_id = duty.id
        WHERE about = %(about)s AND closed_at IS NULL ORDER BY duty.id, clock.id
        """,
        {"about": about},
    )
    return [OpenClock(*row) for row in rows]


@dataclass(frozen=True)
class UnitRow:
    place: str
    name: str
    waiting: int
    overdue: int


def units_below(actor: Actor, at: datetime) -> list[UnitRow]:
    """What waits in the divisions right below, with all inside them. By unit, never by person."""
    low, high = codes.span(actor.place)
    depth = next((n for n in codes.LENGTHS if n > len(actor.place)), 0)
    if actor.role not in rules.OVERSEERS or not 0 < depth <= 12:
        return []
    found = _ask(
        """
        SELECT left(unit, %(depth)s), count(*),
               count(*) FILTER (WHERE NOT paused AND due_at <= %(at)s)
        FROM work_duty
        WHERE closed_at IS NULL AND unit >= %(low)s AND unit < %(high)s
          AND length(unit) >= %(depth)s
        GROUP BY 1
        """,
        {"depth": depth, "low": low, "high": high, "at": at},
    )
    counts = {place: counted for place, *counted in found}
    below = [(each.code, each.short_name) for each in places.children(actor.place)]
    return [UnitRow(code, name, *counts.get(code, (0, 0))) for code, name in below]


def calendar_ends(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """For those who keep the calendar, from two months before the published years end."""
    known_until = calendar(at).known_until
    if actor.role not in rules.CALENDAR_ROLES or known_until - localdate(at) > CALENDAR_WARNING:
        return None
    return {"known_until": max(known_until, date(localdate(at).year - 1, 12, 31))}


def colleagues(duties: Iterable[Duty], actor: Actor, at: datetime) -> list[tuple[int, str]]:
    """Who may take one of them in hand: (account, name) of the posts of their unit."""
    units = {actor.place, actor.place[:12]} | {duty.place for duty in duties}
    roles = rules.GENERAL_DESK | {actor.role}
    on = localdate(at)
    ids = {pk for place in units for pk in people.holders(place, actor.department, roles, on)}
    names = Account.objects.filter(pk__in=ids, is_active=True).order_by("name", "id")
    return list(names.values_list("id", "name"))


def units_of(account: int, at: datetime) -> set[tuple[str, str]]:
    """Place and department of each unit in which the account holds a post now."""
    posts = people.posts_of(account, localdate(at))
    actors = [Actor(account, post.id, post.role, post.place, post.department) for post in posts]
    units = [rules.unit_of(each) for each in actors]
    return {(unit.community, unit.department) for unit in units}


def _scope(actor: Actor) -> str:
    if not actor.is_staff:
        return "false"
    return _SCOPE + (_OF_GRID if rules.unit_of(actor).of_grid else "")


def _values(actor: Actor, at: datetime) -> dict[str, Any]:
    unit, today = rules.unit_of(actor), localdate(at)
    last = add_working_days(today, SOON, calendar(at).is_workday)
    return {
        "community": unit.community,
        "department": unit.department,
        "place": unit.place,
        "me": actor.account_id,
        "at": at,
        "tomorrow": make_aware(datetime.combine(today + DAY, time.min)),
        "soon": make_aware(datetime.combine(last + DAY, time.min)),
    }


def _after(cursor: str) -> dict[str, Any]:
    """Where the page begins; a key of another list than this one is a broken link."""
    if not (key := paging.decode(cursor, int, datetime, int)):
        return {}
    return {"paused": bool(key[0]), "due_at": key[1], "id": key[2]}


def _ask(text: str, values: dict[str, Any]) -> Sequence[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def _row(
    actor: Actor, at: datetime, known: Calendar, names: Mapping[str, str], *columns: Any
) -> Row:
    (pk, kind, title, detail, person, link, place, assignee, due_at, mark, provisional, paused,
     handler) = columns  # fmt: skip
    return Row(
        pk, duty_kind(kind), title, detail, person, link,
        names.get(place, ""), assignee, handler,
        assignee is not None and assignee == actor.account_id,
        due_at, mark, provisional, paused, remaining(due_at, at, known, paused=paused),
    )  # fmt: skip
