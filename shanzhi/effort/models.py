"""How much of the week goes where: standard minutes, numbers of workers, and the sampled diary.

No row says who answered what: an answer hangs on its community's draw alone, a ballot is deleted
when it was used, and every answer shuffles those before it (commands/answering.py).
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Group(models.TextChoices):
    """What a part of a half-day went into."""

    MEETINGS = "meetings", pgettext_lazy("time", "Meetings")
    INSPECTIONS = "inspections", pgettext_lazy("time", "Inspections")
    LEDGERS = "ledgers", pgettext_lazy("time", "Ledgers and reports")
    APPRAISALS = "appraisals", pgettext_lazy("time", "Assessments and appraisals")
    SYSTEMS = "systems", pgettext_lazy("time", "Systems and apps")
    CERTIFICATES = "certificates", pgettext_lazy("time", "Certificates")
    RESIDENTS = "residents", pgettext_lazy("time", "Residents: cases and visits")
    OTHER = "other", pgettext_lazy("time", "Other")


class Half(models.TextChoices):
    MORNING = "am", _("Morning")
    AFTERNOON = "pm", _("Afternoon")


class Standard(models.Model):
    """Minutes of one task of a kind from a day on, with the range in which they lie."""

    kind = models.CharField(max_length=30)
    valid_from = models.DateField()
    minutes = models.PositiveSmallIntegerField()
    least = models.PositiveSmallIntegerField()
    most = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200)
    unit = models.CharField(max_length=60)  # the post that entered it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="standard_once_a_day"),
            models.CheckConstraint(
                condition=Q(least__gt=0, minutes__gte=F("least"), most__gte=F("minutes")),
                name="standard_in_its_range",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.minutes}"


class Headcount(models.Model):
    """Full-time workers of a community from a day on, where its posts do not tell; None: from that
    day on they do again. Rows keep the code of then."""

    community = CodeField(max_length=20)
    valid_from = models.DateField()
    workers = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "valid_from"], name="headcount_once_a_day")
        ]

    def __str__(self):
        return f"{self.community} {self.workers}"


class Participation(models.Model):
    """A community keeps the diary; `until` is the first day it no longer does."""

    community = CodeField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=Q(until=None), name="participation_one_open"
            )
        ]

    def __str__(self):
        return self.community


class Draw(models.Model):
    """The half-days of a community's workers in a quarter: who knows the seed can draw them again.

    `first` is the first day drawn from; `workers` how many were drawn.
    """

    community = CodeField(max_length=20)
    quarter = models.DateField()  # its first day
    seed = models.BigIntegerField()
    first = models.DateField()
    workers = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "community"], name="draw_once_a_quarter"),
            models.CheckConstraint(condition=Q(first__gte=F("quarter")), name="draw_in_quarter"),
        ]

    def __str__(self):
        return f"{self.community} {self.quarter}"


class Ballot(models.Model):
    """One half-day that one worker is still to be asked about; deleted by answer, skip or time."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="ballots")
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+")
    half = models.CharField(max_length=2, choices=Half.choices)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "draw", "half"], name="ballot_one_a_half"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="ballot_open"),
        ]
        indexes = [models.Index(fields=["closes_at"], name="ballot_closing")]

    def __str__(self):
        return f"{self.draw_id} {self.half}"


class Answer(models.Model):
    """Whose it is nobody knows. No number in order, no day, no time; `parts` are sorted."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    draw = models.ForeignKey(Draw, models.PROTECT, related_name="answers")
    half = models.CharField(max_length=2, choices=Half.choices)
    parts = ArrayField(models.CharField(max_length=12, choices=Group.choices), size=3)

    def __str__(self):
        return " ".join(self.parts)
