"""What follows from an agreement in force: payments, and evaluation both ways."""

from django.db import models
from django.db.models import F, Q

from .agreements import Agreement, Clause, Side


class Payment(models.Model):
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="payments")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="payments")
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    paid_on = models.DateField(null=True)
    evidence = models.CharField(max_length=100, default="", blank=True)  # number of the voucher
    received_at = models.DateTimeField(null=True)  # the community says so
    reminded_on = models.DateField(null=True)  # that it is overdue

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clause", "due_on"], name="payment_once_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount"),
            models.CheckConstraint(
                condition=Q(paid_on=None, received_at=None, evidence="")
                | Q(paid_on__isnull=False) & ~Q(evidence=""),
                name="payment_paid_with_evidence",
            ),
        ]
        indexes = [models.Index(F("due_on"), name="payment_open", condition=Q(paid_on=None))]

    def __str__(self):
        return f"{self.agreement_id} {self.due_on} {self.amount}"


class Evaluation(models.Model):
    """By one side of the other, at the end of the year."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="evaluations")
    side = models.CharField(max_length=11, choices=Side.choices)  # that says it
    words = models.CharField(max_length=1000, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "side"], name="evaluated_once")]

    def __str__(self):
        return f"{self.agreement_id} {self.side}"


class Score(models.Model):
    """Of one clause, 1 to 5: by the sub-district of the target, by the community of the support and
    the money it got.
    """

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="scores")
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="+")
    target = models.PositiveSmallIntegerField(null=True)
    support = models.PositiveSmallIntegerField(null=True)
    money = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "clause"], name="scored_once"),
            *(
                models.CheckConstraint(
                    condition=Q(**{name: None}) | Q(**{f"{name}__range": (1, 5)}),
                    name=f"score_{name}",
                )
                for name in ("target", "support", "money")
            ),
        ]

    def __str__(self):
        return f"{self.evaluation_id} {self.clause_id}"
