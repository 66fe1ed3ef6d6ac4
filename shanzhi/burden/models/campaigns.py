"""The clean-up that a launch meeting begins, and the counts that it freezes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField

from .demands import Category


class Campaign(models.Model):
    """`frozen_at` is None while the baseline is still being entered. `former` is the code under
    which it was frozen, where its place has another one now."""

    title = models.CharField(max_length=100)
    place = CodeField(max_length=20)
    began_on = models.DateField()  # of the launch meeting
    workers = models.PositiveSmallIntegerField()  # full-time people of an average community
    frozen_at = models.DateTimeField(null=True)
    frozen_by = models.CharField(max_length=60, default="", blank=True)
    former = CodeField(max_length=20, default="", blank=True)

    def __str__(self):
        return self.title


class Baseline(models.Model):
    """How many there were of one category in one place; frozen with its campaign."""

    class Origin(models.TextChoices):
        REPORTED = "reported", _("Reported")
        COUNTED = "counted", _("Counted at the freeze")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="baselines")
    place = CodeField(max_length=20)
    category = models.CharField(max_length=11, choices=Category.choices)
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.REPORTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "place", "category"], name="baseline_once_a_place"
            )
        ]

    def __str__(self):
        return f"{self.place} {self.category} {self.number}"


class Remark(models.Model):
    """What somebody adds to a frozen count; the count stays."""

    baseline = models.ForeignKey(Baseline, models.PROTECT, related_name="remarks")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    unit = models.CharField(max_length=60)  # who says so: the post's unit

    def __str__(self):
        return self.text
