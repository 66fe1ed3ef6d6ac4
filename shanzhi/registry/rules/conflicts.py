"""Moves between communities and two holders of one number: who may do what."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor

from ..models import Conflict, Transfer
from .persons import check_may_write, check_place, keeps_residents

NEXT = {
    Transfer.State.ASKED: {
        Transfer.State.DONE, Transfer.State.OBJECTED, Transfer.State.WITHDRAWN,
    },
}  # fmt: skip


def transfer_days() -> int:
    """Working days a community has to answer; then the transfer happens by itself."""
    return settings.SHANZHI_TRANSFER_DAYS


def check_ask_transfer(by: Actor, to_place: str, since: date, today: date) -> None:
    check_place(to_place)
    check_may_write(by, to_place)
    if since > today:
        raise Refused(_("This date lies in the future."), field="since")


def check_match(found: list[tuple[int, str]], to_place: str) -> None:
    """Exactly one person of this number and name, who does not live here already."""
    if not found:
        raise Refused(_("Nobody of this number and name is known in the city."), field="identity")
    if len(found) > 1:
        raise Refused(
            _("Several entries hold this number; this conflict has to be settled first."),
            field="identity",
        )
    if found[0][1] == to_place[:12]:
        raise Refused(_("This person lives in your community already."), field="identity")


def check_answer(by: Actor, transfer: Transfer, state: str) -> None:
    if state not in NEXT.get(Transfer.State(transfer.state), ()):
        raise Refused(_("This is done already; reload the page."))
    if by == SYSTEM:
        return
    mine = transfer.to_place if state == Transfer.State.WITHDRAWN else transfer.from_place
    if not (keeps_residents(by) and places.holds(by.place, mine)):
        raise Refused(_("The other community decides this."))


def check_objection(text: str) -> None:
    if not text.strip():
        raise Refused(
            _("Say in a sentence why the person still lives with you."), field="objection"
        )


def check_settle(by: Actor, conflict: Conflict, outcome: str, holders: int) -> None:
    if conflict.settled_at:
        raise Refused(_("This is done already; reload the page."))
    if by != SYSTEM and not (keeps_residents(by) and by.place[:12] in conflict.communities):
        raise Refused(_("The other community decides this."))
    if outcome not in (Conflict.Outcome.CORRECTED, Conflict.Outcome.MERGED):
        raise Refused(_("Choose one of the list."), field="outcome")
    if holders > 1:
        raise Refused(_("Two entries still hold this number: correct one of them, or merge both."))
