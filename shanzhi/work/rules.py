"""Who may do what with a duty and with the calendar, and when a duty turns which colour."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from .models import Duty, Pause

OVERSEERS = frozenset({"subdistrict_clerk", "district_clerk", "city_clerk", "city_leader"})
CALENDAR_ROLES = frozenset({"system_admin", "city_clerk"})


@dataclass(frozen=True)
class Thresholds:
    """When a duty turns blue and yellow; red is when its whole limit is over."""

    blue_share: float = 0.5  # of the limit, counted as the limit counts
    yellow_days: int = 1  # working days left, for limits in days
    yellow_share_of_hours: float = 0.75


THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Unit:
    """Whose inbox a post opens: its place, with or without what lies below, and its department."""

    place: str
    department: str

    @property
    def community(self) -> str:
        """A community and its grids have one desk: Duty.unit."""
        return self.place[:12]

    @property
    def of_grid(self) -> bool:
        return len(self.place) > 12

    def holds(self, place: str, department: str) -> bool:
        return place[:12] == self.community and department == self.department


# Posts of these roles work at their place's general desk (""). A further role without a department
# has a desk of its own, named as the role: duties for department "burden_office" reach that post.
GENERAL_DESK = frozenset(
    {
        "community_secretary",
        "community_worker",
        "grid_leader",
        "subdistrict_clerk",
        "district_clerk",
        "city_clerk",
    }
)


def unit_of(actor: Actor) -> Unit:
    general = actor.department or actor.role in GENERAL_DESK
    return Unit(actor.place, actor.department if general else actor.role)


def desk_of(place: str, department: str) -> str:
    """The department under which a duty stands: communities have none."""
    return department if len(place) < 12 else ""


# --- duties ---------------------------------------------------------------------------------------


def check_open(duty: Duty) -> None:
    if duty.closed_at is not None:
        raise Refused(_("This is done already; reload the page."))


def check_in_unit(duty: Duty, by: Actor) -> None:
    if not by.is_staff or not unit_of(by).holds(duty.place, duty.department):
        raise Refused(_("This waits for another unit; only its own posts can take it."))


def check_take(duty: Duty, by: Actor) -> None:
    check_open(duty)
    check_in_unit(duty, by)
    if duty.assignee == by.account_id:
        raise Refused(_("You have taken this already."))
    if duty.assignee is not None:
        raise Refused(_("A colleague has taken this; ask them to give it back first."))


def check_give_back(duty: Duty, by: Actor) -> None:
    check_open(duty)
    check_in_unit(duty, by)
    if duty.assignee is None:
        raise Refused(_("Nobody has taken this; there is nothing to give back."))
    if duty.assignee != by.account_id:
        raise Refused(_("A colleague has taken this; only they can give it back."))


def check_assign(duty: Duty, colleagues: Collection[int], to: int, by: Actor) -> None:
    check_open(duty)
    check_in_unit(duty, by)
    if to not in colleagues:
        raise Refused(_("Choose a colleague who holds a post in this unit."), field="to")


def check_pause(duty: Duty, reason: str, document: str) -> None:
    check_open(duty)
    if duty.paused:
        raise Refused(_("The clock stands still already."))
    if reason not in Pause.Reason.values:
        raise Refused(_("The clock may stop only for a listed reason."), field="reason")
    if not document.strip():
        raise Refused(_("Give the number or title of the paper that orders it."), field="document")


def check_resume(duty: Duty) -> None:
    check_open(duty)
    if not duty.paused:
        raise Refused(_("The clock is running; there is nothing to resume."))


# --- the calendar ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rest:
    """A line of the notice: 春节, 15 to 23 February."""

    name: str
    first: date
    last: date

    def days(self) -> list[date]:
        first, last = self.first.toordinal(), self.last.toordinal()
        return [date.fromordinal(n) for n in range(first, last + 1)]


@dataclass(frozen=True)
class Notice:
    """What the State Council publishes once a year."""

    year: int
    source: str  # 国办发明电〔2025〕7号
    rests: tuple[Rest, ...]
    makeups: tuple[date, ...]  # weekend days on which people work

    def days(self) -> dict[date, tuple[bool, str]]:
        """Each named day: does it work, and under what name."""
        found = {day: (False, rest.name) for rest in self.rests for day in rest.days()}
        return found | dict.fromkeys(self.makeups, (True, ""))

    def works(self) -> dict[date, bool]:
        return {day: works for day, (works, _name) in self.days().items()}


def check_may_keep_calendar(by: Actor) -> None:
    if by is not SYSTEM and by.role not in CALENDAR_ROLES:
        raise Refused(_("Only the system administrator or a city clerk keeps the calendar."))


def check_notice(notice: Notice, at: datetime) -> None:
    this_year = localdate(at).year
    if not this_year - 1 <= notice.year <= this_year + 2:
        raise Refused(
            _("The calendar can be entered from last year to two years ahead."), field="year"
        )
    if not notice.source.strip():
        raise Refused(_("Give the number of the State Council's notice."), field="source")
    if not notice.rests:
        raise Refused(_("Enter the holidays of the year."), field="rests")
    _check_rests(notice)
    _check_makeups(notice)


def _check_rests(notice: Notice) -> None:
    before = None
    for rest in sorted(notice.rests, key=lambda rest: rest.first):
        if not rest.name.strip():
            raise Refused(_("Give each holiday its name."), field="rests")
        if rest.last < rest.first:
            raise Refused(_("%(name)s ends before it begins.") % {"name": rest.name}, field="rests")
        if (rest.last - rest.first).days > 15:
            raise Refused(
                _("%(name)s is longer than 16 days; check its dates.") % {"name": rest.name},
                field="rests",
            )
        if {rest.first.year, rest.last.year} != {notice.year}:
            raise Refused(
                _("%(name)s is not within the year %(year)s; enter days of another year there.")
                % {"name": rest.name, "year": notice.year},
                field="rests",
            )
        if before and rest.first <= before.last:
            raise Refused(
                _("%(one)s and %(other)s overlap.") % {"one": before.name, "other": rest.name},
                field="rests",
            )
        before = rest


def _check_makeups(notice: Notice) -> None:
    resting = {day for rest in notice.rests for day in rest.days()}
    for day in sorted(notice.makeups):
        words = {"day": f"{day:%Y-%m-%d}"}
        if day.year != notice.year:
            raise Refused(_("%(day)s is not within the year.") % words, field="makeups")
        if day.weekday() < 5:
            raise Refused(
                _("%(day)s is a weekday; a make-up workday falls on a weekend.") % words,
                field="makeups",
            )
        if day in resting:
            raise Refused(_("%(day)s cannot be both rest and work.") % words, field="makeups")
    if len(set(notice.makeups)) < len(notice.makeups):
        raise Refused(_("A make-up workday is entered twice."), field="makeups")
