"""What the entry of a death ended, so that a wrong one is taken back to the row."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from shanzhi.kernel.codes import CodeField

from .persons import Person


class Death(models.Model):
    """Entered by a community; `place` is the post's that entered it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    place = CodeField(max_length=15)
    on = models.DateField()
    presences = ArrayField(models.BigIntegerField(), default=list)  # those it ended
    membership = models.BigIntegerField(null=True)  # and the one of a household
    entered_at = models.DateTimeField()
    entered_by = models.BigIntegerField(null=True)  # account
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)  # account
    reason = models.CharField(max_length=200, default="", blank=True)  # of taking it back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(undone_at=None), name="death_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, reason="") | Q(undone_at__isnull=False) & ~Q(reason=""),
                name="death_undone_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["place", "-id"], name="death_place")]

    def __str__(self):
        return f"death {self.pk}"
