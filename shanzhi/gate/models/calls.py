"""Meetings that call communities in, and inspections that visit them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField


class Call(models.Model):
    """Of the capped kinds a department has so many a year (settings); others name a demand, and
    these may."""

    class Kind(models.TextChoices):
        SYSTEM_MEETING = "system_meeting", _("System meeting")
        MEETING = "meeting", _("Other meeting")
        COMPREHENSIVE = "comprehensive", _("Comprehensive inspection")
        INSPECTION = "inspection", _("Other inspection")

    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    title = models.CharField(max_length=100)
    place = CodeField(max_length=20)
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    demand = models.ForeignKey("burden.Demand", models.PROTECT, null=True, related_name="calls")
    scope = ArrayField(CodeField(max_length=20))
    communities = models.PositiveIntegerField()
    on = models.DateField()
    begins = models.TimeField()
    minutes = models.PositiveIntegerField()
    heads = models.PositiveSmallIntegerField()  # people of each community
    where = models.CharField(max_length=100, default="", blank=True)
    announced_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancelled_for = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["on", "id"], name="call_on_day"),
            models.Index(fields=["place", "department", "on"], name="call_of_unit"),
            GinIndex(fields=["scope"], name="call_in_scope"),
        ]

    def __str__(self):
        return self.title
