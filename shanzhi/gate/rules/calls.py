"""Meetings and inspections: how many, how long, with what number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.burden.models import Demand
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from ..models import Call
from .applications import UNITS

CAPPED = {Call.Kind.SYSTEM_MEETING: "system_meeting", Call.Kind.COMPREHENSIVE: "comprehensive"}
MOST_MINUTES, MOST_HEADS = 600, 50


def check_call(values: Mapping[str, Any], demand: Demand | None, held: int, by: Actor,
               today: date) -> None:  # fmt: skip
    """`held` are the calls of this kind that the department has in that year already."""
    if by.role not in UNITS:
        raise Refused(_("Only departments announce meetings and inspections here."))
    if outside := [each for each in values["scope"] if not places.holds(by.place, each)]:
        raise Refused(_("%(code)s lies outside the place of the department.")
                      % {"code": divisions.name(outside[0])}, field="scope")  # fmt: skip
    if not values["communities"]:
        raise Refused(_("There is no community in this scope."), field="scope")
    if values["on"] <= today:
        raise Refused(_("Announce it at least a day before."), field="on")
    if not 0 < values["minutes"] <= MOST_MINUTES:
        raise Refused(_("Between 1 and %(most)s minutes.") % {"most": MOST_MINUTES},
                      field="minutes")  # fmt: skip
    if not 0 < values["heads"] <= MOST_HEADS:
        raise Refused(_("Between 1 and %(most)s people.") % {"most": MOST_HEADS}, field="heads")
    cap = CAPPED.get(values["kind"])
    if cap:
        _check_cap(cap, values, held)
    if demand:
        check_line(demand, by)
        check_covers(demand, values["scope"], values["on"])
    elif not cap:
        raise Refused(_("Give the number of the demand in force it belongs to."), field="demand")


def _check_cap(cap, values, held):
    most = settings.SHANZHI_GATE[cap]
    if held >= most:
        raise Refused(
            _("%(kind)s: a department has %(most)s a year, and that of %(year)s was announced "
              "already. Put it into that one, or announce another kind by the number of a demand.")
            % {"kind": Call.Kind(values["kind"]).label, "most": most, "year": values["on"].year},
            field="kind",
        )  # fmt: skip


def check_line(demand: Demand, by: Actor) -> None:
    """A department calls under its own numbers, of whatever level of its line."""
    near = places.holds(demand.place, by.place) or places.holds(by.place, demand.place)
    if demand.department_id != by.department or not near:
        raise Refused(_("%(number)s is a demand of another department.")
                      % {"number": demand.number}, field="demand")  # fmt: skip


def check_covers(demand: Demand, scope: Sequence[str], on: date) -> None:
    """In force on the day, and asked of all these places."""
    ended = demand.state != Demand.State.IN_FORCE or (demand.valid_to and demand.valid_to < on)
    if ended or on < demand.valid_from:
        raise Refused(_("%(number)s is not in force on %(day)s.")
                      % {"number": demand.number, "day": on}, field="demand")  # fmt: skip
    for code in scope:
        if not any(places.holds(each, code) for each in demand.scope):
            raise Refused(_("%(number)s is not asked of %(code)s.")
                          % {"number": demand.number, "code": divisions.name(code)},
                          field="demand")  # fmt: skip


def check_scope(call: Call, scope: Sequence[str]) -> None:
    """After a merger it calls in nobody whom its demand does not ask."""
    if call.demand:
        check_covers(call.demand, scope, call.on)


def check_cancel(call: Call, by: Actor, today: date) -> None:
    if by.role not in UNITS or (by.place, by.department) != (call.place, call.department_id):
        raise Refused(_("Only the department that announced it may cancel it."))
    if call.cancelled_at:
        raise Refused(_("It is cancelled already."))
    if call.on < today:
        raise Refused(_("It is over."))
