"""What may happen between acceptance and answer."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from shanzhi.gate.queries.demands import entitles
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..models import Case, Involvement
from ..routing import Unit
from .table import EXTEND_AT_MOST, HANDLERS, IN_HAND, PAUSES, S
from .units import COMMUNITY, acts_for, check_in_hand, check_leads, check_unit, lead_of


def check_pause(reason: str, document: str) -> None:
    if reason not in PAUSES:
        raise Refused(_("The clock may stop only for a listed reason."), field="reason")
    if not document.strip():
        raise Refused(_("Give the number or title of the paper that orders it."), field="document")


def check_resume(case: Case, by: Actor) -> None:
    if case.state != S.SUSPENDED:
        raise Refused(_("The clock of this case is running."))
    check_leads(case, by)


def check_extension(case: Case, days: int, reason: str, by: Actor, extended: bool) -> None:
    if case.state not in IN_HAND:
        raise Refused(_("Only a case that is being handled allows this."))
    if not (by.role in HANDLERS and by.covers(case.lead_place) and by.place != case.lead_place):
        raise Refused(_("A longer time limit is approved by the level above the handling unit."))
    if extended:
        raise Refused(_("The time limit was lengthened once; a second time is not possible."))
    if not 1 <= days <= EXTEND_AT_MOST:
        raise Refused(
            _("At most %(days)s working days may be added.") % {"days": EXTEND_AT_MOST},
            field="days",
        )
    if not reason.strip():
        raise Refused(_("The applicant must be told why."), field="reason")


def check_helper(case: Case, unit: Unit, task: str, by: Actor, city: str) -> None:
    check_in_hand(case, by)
    check_unit(unit, case, city)
    if not task.strip():
        raise Refused(_("Say what the unit is asked to do."), field="task")
    if case.involvements.filter(
        leads=False, ended_at=None, place=unit.place, department=unit.department
    ).exists():
        raise Refused(_("This unit is helping already."), field="unit")


def check_still_helps(helper: Involvement) -> None:
    if helper.ended_at is not None:
        raise Refused(_("This help has ended already."))


def check_helps(helper: Involvement, by: Actor) -> None:
    check_still_helps(helper)
    if not acts_for(by, Unit(helper.place, helper.department)):
        raise Refused(_("Only the helping unit can answer this."))


def check_opinion(opinion: str) -> None:
    if len(opinion.strip()) < 2:
        raise Refused(_("Write what was done or found."), field="opinion")


def check_may_transfer(case: Case, by: Actor) -> None:
    if case.state not in (S.SUBMITTED, *IN_HAND):
        raise Refused(_("A case can be passed on only before it is answered."))
    check_leads(case, by)


def check_is_community(case: Case) -> None:
    if len(case.lead_place) < COMMUNITY:
        raise Refused(_("Only a community passes a case up to its sub-district."))


def check_unlisted(sent, case: Case, on: date) -> None:
    """`sent` is the involvement by which a department's number brought the case here."""
    if sent is None:
        raise Refused(_("No department sent this case here; pass it up instead."))
    if entitles(sent.admission, case.lead_place[:COMMUNITY], on):
        raise Refused(_("Its number %(number)s is in force here.") % {"number": sent.admission})


def check_step(case: Case, step: int) -> None:
    if step != case.steps_done or step >= len(case.item.steps):
        raise Refused(_("This step was finished already; reload the page."))


def check_note(text: str, by: Actor) -> None:
    if by.role not in HANDLERS:
        raise Refused(_("Only units that handle cases write remarks."))
    if not text.strip():
        raise Refused(_("Write something."), field="text")


def check_reveal(case: Case, reason: str, by: Actor) -> None:
    involved = case.involvements.filter(ended_at=None)
    units = [Unit(each.place, each.department) for each in involved] + [lead_of(case)]
    if not any(acts_for(by, unit) for unit in units):
        raise Refused(_("Only a unit that is handling this case may see this in full."))
    if len(reason.strip()) < 2:
        raise Refused(
            _("Say why you need it; the resident can see that you looked."), field="reason"
        )
