"""How many were born on which day and are present: so a pyramid need not look at everybody."""

from django.db import models
from django.db.models import Q

from shanzhi.kernel.codes import CodeField

from .persons import Presence


class Headcount(models.Model):
    """Of a sub-district, a district or the city, by birthday and again by month, so that a pyramid
    adds up months and needs days only where a band begins. Exact together with the Turns not yet
    folded into it.
    """

    class Grain(models.TextChoices):
        DAY = "d"
        MONTH = "m"

    pk = models.CompositePrimaryKey("place", "kind", "grain", "birth", "sex")
    place = CodeField(max_length=9)
    kind = models.PositiveSmallIntegerField(choices=Presence.Kind.choices)
    grain = models.CharField(max_length=1, choices=Grain.choices)
    birth = models.DateField()  # the day, or the first of the month
    sex = models.CharField(max_length=1)
    count = models.BigIntegerField()

    def __str__(self):
        return f"{self.place} {self.birth}: {self.count}"


class Turn(models.Model):
    """Presences that came or went, written by triggers of the database and never waited for. Those
    of a hidden `batch` do not count yet.
    """

    place = CodeField(max_length=9)  # the sub-district
    kind = models.PositiveSmallIntegerField(choices=Presence.Kind.choices)
    birth = models.DateField()
    sex = models.CharField(max_length=1)
    count = models.BigIntegerField()
    batch = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["batch"], name="turn_batch", condition=Q(batch__isnull=False))
        ]

    def __str__(self):
        return f"{self.place} {self.birth}: {self.count:+}"
