"""Whether a request may be sent, completed, taken up or declined."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused, workdays
from shanzhi.kernel.acting import Actor
from shanzhi.work.calendar import calendar

from .. import kinds
from ..models import Case
from .table import ACCEPT_WITHIN, HANDLERS, NOT_ACCEPTED_FOR
from .units import check_owner


def check_submittable(item, *, place: str) -> None:
    if item.state != "published":
        raise Refused(_("This item is no longer offered; look at the current guide."))
    if not kinds.get(item.kind).sent:
        raise Refused(_("This is not applied for here; the guide says where it is done."))
    if len(place) < 12:
        raise Refused(_("Choose the community this is about."), field="place")


def check_may_assist(by: Actor, place: str) -> None:
    if by.role not in HANDLERS or not by.covers(place):
        raise Refused(_("You can take down requests only for places of your post."), field="place")


def check_source(by: Actor, source: str, external_number: str, place: str) -> None:
    if not (source.strip() and external_number.strip()):
        raise Refused(_("Name the system it comes from and its number there."))
    check_may_assist(by, place)


def check_may_correct(case: Case, by: Actor) -> None:
    if case.applicant_id is None:
        check_may_assist(by, case.place)
    else:
        check_owner(case, by)


def check_gaps(case: Case, gaps: list[str]) -> None:
    if not gaps:
        raise Refused(_("Name every missing paper or answer, one a line."), field="gaps")
    if case.corrections.exists():
        raise Refused(_("What is missing may be asked for once, and it was. Accept the case."))


def check_not_accepted(reason: str, text: str, remedy: str) -> None:
    if reason not in NOT_ACCEPTED_FOR:
        raise Refused(
            _("Choose a reason. If it is another unit's work, pass it on: nobody is turned away."),
            field="reason",
        )
    if not text.strip():
        raise Refused(_("Explain it to the applicant."), field="text")
    if not remedy.strip():
        raise Refused(_("Say where the applicant can object or go instead."), field="remedy")


def last_sent_at(case: Case) -> datetime:
    """When the complete papers came: at submission, or with the correction."""
    corrected = [each.answered_at for each in case.corrections.all() if each.answered_at]
    return max([case.submitted_at, *corrected])


def check_silent(case: Case, at: datetime) -> None:
    is_workday = calendar(at).is_workday
    end = workdays.due(last_sent_at(case), ACCEPT_WITHIN, "working_days", is_workday)
    if at <= end:
        raise Refused(_("The five working days for acceptance are not over."))


def check_draft_owner(draft, by: Actor) -> None:
    if by.account_id is None or draft.account_id != by.account_id:
        raise Refused(_("This draft belongs to someone else."))
