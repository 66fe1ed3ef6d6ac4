"""What may be changed while the two negotiate, and what a clause needs."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.burden.models import ListEntry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import CENT, MOST_PARTS
from ..models import Agreement, Comment, Side
from .table import side_of

State = Agreement.State
EDITABLE = {State.DRAFT, State.NEGOTIATED}
MOST = Decimal("99999999.99")


def check_edit(agreement: Agreement, by: Actor) -> None:
    if side_of(agreement, by) != Side.SUBDISTRICT:
        raise Refused(_("Only a clerk of the sub-district may do this."))
    if agreement.state not in EDITABLE:
        raise Refused(_("The text is fixed. Reopen the negotiation to change it."))


def check_item(values: Mapping[str, Any], year: int) -> None:
    """Money needs who pays it and when: an agreement that is signed and unfunded is none."""
    amount, days = values["amount"], values["due_on"]
    if not 0 <= amount <= MOST or amount % CENT:
        raise Refused(_("An amount is in yuan, with two decimals at most."), field="amount")
    if amount and not values["payer_id"]:
        raise Refused(_("Say which department pays."), field="payer")
    if amount and not days:
        raise Refused(_("Say when it is paid."), field="due_on")
    if days and not amount:
        raise Refused(_("There are payment dates but no amount."), field="amount")
    _check_days(amount, days, year)


def _check_days(amount, days, year):
    if len(days) > MOST_PARTS or len(set(days)) != len(days):
        raise Refused(
            _("At most %(most)s payment dates, each once.") % {"most": MOST_PARTS}, field="due_on"
        )
    if days and amount / CENT < len(days):
        raise Refused(_("The amount is too small for so many payments."), field="due_on")
    last = date(year + 1, 3, 31)
    if any(not date(year, 1, 1) <= day <= last for day in days):
        raise Refused(
            _("Payments lie in %(year)s, or at the latest on %(last)s.")
            % {"year": year, "last": last.isoformat()}, field="due_on",
        )  # fmt: skip


def check_new(entry: ListEntry, told: Mapping[str, Any] | None, codes: Collection[str]) -> None:
    """`told` is what the lists of the agreement say of it, where its basis is confirmed."""
    if entry.code in codes:
        raise Refused(_("%(code)s is agreed on already.") % {"code": entry.code}, field="entry")
    if told is None or not entry.confirmed:
        raise Refused(
            _("The basis of %(code)s is not confirmed: it cannot enter an agreement.")
            % {"code": entry.code}, field="entry",
        )  # fmt: skip


def check_remove(clauses: int) -> None:
    if clauses < 2:
        raise Refused(_("An agreement needs a clause; withdraw it instead."))


def check_comment(agreement: Agreement, text: str, by: Actor) -> Side:
    side = side_of(agreement, by)
    if side is None:
        raise Refused(_("Only the two parties of the agreement may do this."))
    if agreement.state != State.NEGOTIATED:
        raise Refused(_("Comments are made while it is negotiated."))
    if not text.strip():
        raise Refused(_("Write what should be different."), field="text")
    return side


def check_settle(agreement: Agreement, comment: Comment, answer: str | None, by: Actor) -> None:
    """The other side answers (`answer` is a text); who made the comment settles it."""
    side = side_of(agreement, by)
    if side is None or agreement.state != State.NEGOTIATED or comment.settled_at:
        raise Refused(_("This is not possible now: reload the page to see how far it is."))
    if answer is None and comment.side != side:
        raise Refused(_("Who made the comment says that it is settled."))
    if answer is not None and comment.side == side:
        raise Refused(_("The other side answers your comment."))
    if answer is not None and not answer.strip():
        raise Refused(_("Write an answer."), field="answer")
