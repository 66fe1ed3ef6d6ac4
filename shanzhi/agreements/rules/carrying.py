"""Payments as they were promised, and evaluation both ways."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..models import Agreement, Clause, Payment, Side
from .table import check_step, side_of

Scores = Mapping[int, Mapping[str, int | str | None]]  # by clause
GIVES = {Side.COMMUNITY: ("support", "money"), Side.SUBDISTRICT: ("target",)}


def check_paid(payment: Payment, paid_on: date, evidence: str, today: date, by: Actor) -> None:
    if side_of(payment.agreement, by) != Side.SUBDISTRICT:
        raise Refused(_("Only a clerk of the sub-district may do this."))
    if payment.paid_on:
        raise Refused(_("This payment is entered already."))
    if not evidence.strip():
        raise Refused(_("Quote the number of the voucher."), field="evidence")
    begun = localdate(payment.agreement.in_force_at)
    if not begun <= paid_on <= today:
        raise Refused(_("The day lies between the signing and today."), field="paid_on")


def check_received(payment: Payment, by: Actor) -> None:
    if side_of(payment.agreement, by) != Side.COMMUNITY:
        raise Refused(_("The community says that it received the money."))
    if not payment.paid_on or payment.received_at:
        raise Refused(_("This is not possible now: reload the page to see how far it is."))


def begins(agreement: Agreement) -> date:
    """The day from which its year is evaluated."""
    return date(agreement.year, 12, 1)


def evaluated_year(today: date) -> int:
    """The latest year whose agreements are evaluated by now."""
    return today.year - (today.month < 12)


def is_overdue(payment: Payment, today: date) -> bool:
    """Its day has passed, and nobody has entered it."""
    return payment.paid_on is None and payment.due_on < today


def gives(side: Side, clause: Clause) -> tuple[str, ...]:
    """Which scores a side gives of a clause: of money only where money was promised."""
    return tuple(name for name in GIVES[side] if name != "money" or clause.amount)


def check_evaluate(
    agreement: Agreement, scores: Scores, clauses: Sequence[Clause], before: set[str],
    today: date, by: Actor,
) -> Side:  # fmt: skip
    """From December of its year on; each side once, and every clause that asks for something."""
    side = check_step(agreement, "evaluate", by)
    if today < begins(agreement):
        raise Refused(_("The year is evaluated from December on."))
    if side in before:
        raise Refused(_("Your side has evaluated already; the other one is awaited."))
    if set(scores) != {each.pk for each in clauses} or any(
        scores[each.pk].get(name) not in range(1, 6)
        for each in clauses for name in gives(side, each)
    ):  # fmt: skip
        raise Refused(_("Give every clause a score from 1 to 5."))
    return side
