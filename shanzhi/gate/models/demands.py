"""What belongs to a demand that came through the gate: its emergency, its evaluation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Bypass(models.Model):
    """An emergency: asked at once, filed afterwards, gone by itself; prolonged once at most."""

    demand = models.OneToOneField("burden.Demand", models.PROTECT, related_name="bypass")
    event = models.CharField(max_length=300)
    approver = models.CharField(max_length=60)  # name of the post that approved, no person
    approved_on = models.DateField()
    filed_at = models.DateTimeField()
    renewed_on = models.DateField(null=True)
    renewed_for = models.CharField(max_length=300, default="", blank=True)

    def __str__(self):
        return self.event


class Review(models.Model):
    """One evaluation of a demand by both sides, open until its last day."""

    demand = models.ForeignKey("burden.Demand", models.PROTECT, related_name="reviews")
    opened_on = models.DateField()
    until = models.DateField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["demand"], condition=Q(closed_at=None), name="review_one_open"
            )
        ]

    def __str__(self):
        return f"{self.demand_id} {self.opened_on}"


class Evaluation(models.Model):
    """What one side says; `community` "" is the department that asks."""

    class Wish(models.TextChoices):
        KEEP = "keep", pgettext_lazy("evaluation", "Keep as it is")
        LESS = "less", pgettext_lazy("evaluation", "Ask less")
        END = "end", pgettext_lazy("evaluation", "End it")

    review = models.ForeignKey(Review, models.CASCADE, related_name="evaluations")
    community = CodeField(max_length=20, default="", blank=True)
    score = models.PositiveSmallIntegerField(null=True)  # 1 to 5
    minutes = models.PositiveIntegerField(null=True)  # what it really takes each time
    wish = models.CharField(max_length=4, choices=Wish.choices, default="", blank=True)
    text = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "community"], name="evaluation_once"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__range=(1, 5)), name="evaluation_score"
            ),
        ]

    def __str__(self):
        return f"{self.review_id} {self.community}"
