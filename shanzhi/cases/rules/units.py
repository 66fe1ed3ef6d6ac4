"""Who may take a step: the unit that leads, a helping unit, the applicant."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from shanzhi.gate.queries.demands import entitles
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.places import LEVELS

from ..models import Case
from ..routing import Unit
from .table import HANDLERS, IN_HAND, NEXT, S

COMMUNITY = LEVELS["community"]  # digits of its code


def check_may_become(case: Case, state: str) -> None:
    if state not in NEXT[S(case.state)]:
        raise Refused(
            _("Case %(number)s is “%(state)s” now; this step is no longer possible.")
            % {"number": case.number, "state": case.get_state_display()}
        )


def acts_for(actor: Actor, unit: Unit) -> bool:
    """Does this post work for the unit? A community's workers also work for its grids."""
    if actor.role not in HANDLERS or actor.department != unit.department:
        return False
    return actor.place == unit.place or (len(actor.place) == COMMUNITY and actor.covers(unit.place))


def lead_of(case: Case) -> Unit:
    return Unit(case.lead_place, case.lead_department)


def check_leads(case: Case, by: Actor) -> None:
    grid_leader_here = (
        by.role == "grid_leader"
        and case.place.startswith(by.place)
        and case.lead_place == by.place[:COMMUNITY]
        and not case.lead_department
    )
    if not (acts_for(by, lead_of(case)) or grid_leader_here):
        raise Refused(_("This case is with another unit now; only that unit can do this."))


def check_staff_step(case: Case, state: str, by: Actor) -> None:
    """A step of the leading unit towards `state`."""
    check_may_become(case, state)
    check_leads(case, by)


def check_in_hand(case: Case, by: Actor) -> None:
    if case.state not in IN_HAND:
        raise Refused(_("Only a case that is being handled allows this."))
    check_leads(case, by)


def check_owner(case: Case, by: Actor) -> None:
    if by.account_id is None or case.applicant_id != by.account_id:
        raise Refused(_("Only the person who sent this case can do this."))


def check_unit(unit: Unit, case: Case, city: str) -> None:
    if not unit.place.startswith(city):
        raise Refused(_("Choose a unit of this city."), field="unit")
    if unit == lead_of(case):
        raise Refused(_("The case is with this unit already."), field="unit")


def check_admission(unit: Unit, number: str, by: Actor, on: date) -> None:
    """What a department sends down to a community carries a number (docs/gate.md)."""
    if by.role != "department_clerk" or unit.department or len(unit.place) < COMMUNITY:
        return
    if not entitles(number, unit.place[:COMMUNITY], on, by.department):
        raise Refused(
            _(
                "A department passes work to a community only under the number of a demand of its "
                "own in force or of an entry of the two lists."
            ),
            field="number",
        )


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(
            _("Give a reason; the next unit and the resident rely on it."), field="reason"
        )
