"""Payments entered and confirmed; the year evaluated."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from .. import queries, rules
from ..models import Agreement, Evaluation, Payment, Score
from ..rules.carrying import Scores, gives
from . import steps

State = Agreement.State


@transaction.atomic
def pay(*, payment: Payment, paid_on: date, evidence: str, by: Actor, at: datetime) -> Payment:
    payment = _locked(payment)
    rules.check_paid(payment, paid_on, evidence, localdate(at), by)
    payment.paid_on, payment.evidence = paid_on, evidence.strip()
    payment.save(update_fields=["paid_on", "evidence"])
    steps.record("paid", payment.agreement, by, at, payment=payment.pk)
    steps.hand_over(payment.agreement, at, "paid")
    return payment


@transaction.atomic
def confirm_received(*, payment: Payment, by: Actor, at: datetime) -> Payment:
    payment = _locked(payment)
    rules.check_received(payment, by)
    payment.received_at = at
    payment.save(update_fields=["received_at"])
    steps.record("received", payment.agreement, by, at, payment=payment.pk)
    return payment


def _locked(payment):
    steps.locked(payment.agreement)
    found = Payment.objects.select_for_update(of=["self"]).select_related("agreement")
    return found.get(pk=payment.pk)


@transaction.atomic
def evaluate(
    *, agreement: Agreement, scores: Scores, words: str, by: Actor, at: datetime
) -> Agreement:
    """One side of the other; when both have, the agreement has run its course."""
    agreement = steps.locked(agreement)
    clauses = list(queries.asked(agreement))
    before = set(agreement.evaluations.values_list("side", flat=True))
    side = rules.check_evaluate(agreement, scores, clauses, before, localdate(at), by)

    made = Evaluation.objects.create(agreement=agreement, side=side, words=words.strip(), at=at)
    Score.objects.bulk_create(
        Score(
            evaluation=made, clause=each, words=str(scores[each.pk].get("words") or "").strip(),
            **{name: scores[each.pk][name] for name in gives(side, each)},
        ) for each in clauses
    )  # fmt: skip
    if before:
        steps.become(agreement, State.EVALUATED)
    steps.record("evaluated", agreement, by, at, side=side)
    steps.hand_over(agreement, at, "evaluated")
    return agreement
