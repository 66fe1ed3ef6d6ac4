"""Emergencies, evaluations, and what has to carry a number."""

from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.burden.models import Demand
from shanzhi.burden.rules import check_office
from shanzhi.kernel import Refused, workdays
from shanzhi.kernel.acting import Actor
from shanzhi.work.calendar import calendar

from ..checks.content import cancelled
from ..checks.sentences import SENTENCES
from ..kinds import Plan
from ..models import Bypass, Evaluation
from .applications import COMMUNITY, UNITS


def check_bypass(plan: Plan, event: str, approver: str, approved_on: date, by: Actor,
                 today: date) -> None:  # fmt: skip
    """Filed by the department within the time, after a named post approved it."""
    if by.role not in UNITS:
        raise Refused(_("Only the department that asks may file an emergency."))
    for key in cancelled(plan):
        raise Refused(str(SENTENCES[key][1]))
    if not event.strip():
        raise Refused(_("Say what has happened."), field="event")
    if not approver.strip():
        raise Refused(_("Name the post that approved it."), field="approver")
    if approved_on > today:
        raise Refused(_("It is filed once it is approved, not before."), field="approved_on")
    last = workdays.add_working_days(
        approved_on, settings.SHANZHI_GATE["filing"], calendar().is_workday
    )
    if today > last:
        raise Refused(
            _("An emergency is filed by %(day)s at the latest; now it has to pass the gate.")
            % {"day": last}, field="approved_on",
        )  # fmt: skip
    if not (plan.communities and plan.times and plan.minutes):
        raise Refused(_("Say who is asked, how often and for how long."), field="scope")


def check_not_filed(known: Bypass | None) -> None:
    """Pressed again, it would count and be listed twice."""
    if known:
        raise Refused(_("This emergency is filed already, as %(number)s.")
                      % {"number": known.demand.number})  # fmt: skip


def check_prolong(bypass: Bypass, reason: str, by: Actor, today: date) -> None:
    check_office(by, bypass.demand.place)
    if bypass.demand.state != Demand.State.IN_FORCE:
        raise Refused(_("This emergency has ended; what goes on has to pass the gate."))
    if bypass.renewed_on:
        raise Refused(_("An emergency is prolonged once; what goes on has to pass the gate."))
    if not reason.strip():
        raise Refused(_("Give the reason."), field="reason")


def last_day(first: date) -> date:
    return first + timedelta(days=settings.SHANZHI_GATE["emergency"] - 1)


def check_evaluation(evaluation: Evaluation, score: int, by: Actor) -> None:
    demand = evaluation.review.demand
    if evaluation.community:
        mine = by.role in COMMUNITY and by.place == evaluation.community
    else:
        unit = (demand.place, demand.department_id)
        mine = by.role in UNITS and (by.place, by.department) == unit
    if not mine:
        raise Refused(_("Only the side that was asked evaluates."))
    if evaluation.review.closed_at:
        raise Refused(_("This evaluation is closed."))
    if not 1 <= score <= 5:
        raise Refused(_("Give one to five."), field="score")
