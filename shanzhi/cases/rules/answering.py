"""Decision, answer, delivery, rating, reopening and the end."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from .. import kinds
from ..models import Case, Rating
from ..routing import decides
from .table import CLOSE_AFTER, CORRECT_WITHIN, RATE_WITHIN, REOPEN_WITHIN, S
from .units import check_leads, check_may_become, check_owner, check_reason, check_staff_step


def check_decision(case: Case, decision: str, grounds: str, remedy: str) -> None:
    if not kinds.get(case.item.kind).decided:
        raise Refused(_("This kind of case is answered, not decided."))
    if len(case.lead_place) > len(decides(case.item, case.place).place):
        raise Refused(_("A higher unit decides this item. Finish your steps, and it goes there."))
    if decision not in Case.Decision.values:
        raise Refused(_("Choose granted or refused."), field="decision")
    if decision == Case.Decision.REFUSED and not (grounds.strip() and remedy.strip()):
        raise Refused(
            _("A refusal states its legal grounds and where the applicant can object."),
            field="grounds" if not grounds.strip() else "remedy",
        )


def check_reply(case: Case, text: str, by: Actor) -> None:
    check_staff_step(case, S.REPLIED, by)
    kinds.get(case.item.kind).check_reply(case, by=by)
    if kinds.get(case.item.kind).decided and not case.decision:
        raise Refused(_("Decide first: granted or refused."))
    if len(text.strip()) < 5:
        raise Refused(_("Write an answer that the resident understands."), field="text")
    if case.involvements.filter(leads=False, ended_at=None).exists():
        raise Refused(
            _("A helping unit has not answered yet. Wait for it, or release it from helping.")
        )


def owes_delivery(case: Case) -> bool:
    """Something is handed over: what was applied for was granted, and the item has a result."""
    return bool(case.decision == Case.Decision.GRANTED and case.item.result)


def check_delivery(case: Case, method: str, by: Actor) -> None:
    check_staff_step(case, S.DELIVERED, by)
    if not owes_delivery(case):
        raise Refused(_("There is nothing to deliver on this case."))
    if not method.strip():
        raise Refused(_("Say how and to whom it was delivered."), field="method")


def check_close(case: Case, by: Actor, at: datetime) -> None:
    check_may_become(case, S.CLOSED)
    if by.is_staff:
        check_leads(case, by)
    elif at - case.replied_at < CLOSE_AFTER:
        raise Refused(_("An answered case closes by itself after 15 days."))


def check_terminate(case: Case, reason: str, by: Actor, at: datetime) -> None:
    check_staff_step(case, S.TERMINATED, by)
    check_reason(reason)
    if case.state == S.CORRECTING:
        asked = case.corrections.get().asked_at
        if at - asked < CORRECT_WITHIN:
            raise Refused(_("The applicant has 30 days to complete the papers."))


def check_call_back(case: Case, text: str, by: Actor) -> None:
    check_leads(case, by)
    if not case.ratings.filter(score__lte=Rating.Score.BAD).exists():
        raise Refused(_("Nobody is dissatisfied with this answer."))
    if not text.strip():
        raise Refused(_("Write what the resident said and what follows from it."), field="text")


def check_rating(case: Case, score: int, by: Actor, at: datetime) -> None:
    if by.is_staff:
        raise Refused(_("Staff cannot rate. Switch to your own account as a resident."))
    if case.applicant_id is not None:
        check_owner(case, by)
    if case.replied_at is None or case.state not in (S.REPLIED, S.DELIVERED, S.CLOSED):
        raise Refused(_("You can rate once you have been answered."))
    if at - case.replied_at > RATE_WITHIN:
        raise Refused(_("The time for rating this answer is over."))
    if score not in Rating.Score.values:
        raise Refused(_("Choose one of the five levels."), field="score")
    if case.ratings.filter(at__gte=case.replied_at).exists():
        raise Refused(_("You have rated this answer already."))


def check_reopen(case: Case, reason: str, by: Actor, at: datetime) -> None:
    check_may_become(case, S.HANDLING)
    if by.is_staff:
        check_leads(case, by)
    else:
        check_owner(case, by)
    if at - case.replied_at > REOPEN_WITHIN:
        raise Refused(_("This answer is more than 30 days old; please send a new request."))
    if not reason.strip():
        raise Refused(_("Say what is not solved."), field="reason")
