"""Restricted tags: why an agency watches over someone, who may know it, and until when."""

from django.db import models
from django.db.models import F, Q

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedText

from .persons import Person


class Tag(models.Model):
    """Of a kind declared in registry/tags.py. It ends by itself unless it is looked at again."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    place = CodeField(max_length=15)  # community or grid in whose range it is kept
    note = SealedText(null=True)
    since = models.DateField()
    review_on = models.DateField()  # ends on this day if nobody looked at it again
    until = models.DateField(null=True)  # first day no longer
    set_by = models.BigIntegerField(null=True)  # account
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(until=None), name="tag_once"
            ),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("since")), name="tag_is_reviewed_later"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="tag_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(
                fields=["place", "kind", "id"], name="tag_in_place", condition=Q(until=None)
            ),
            models.Index(fields=["review_on"], name="tag_review", condition=Q(until=None)),
        ]

    def __str__(self):
        return f"tag {self.pk}"
