"""What mergers, splits and moves of divisions did to whom something asks."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class ScopeChange(models.Model):
    """Rows are only added. `about` is what asks; its scope was `before` and is `after`.

    Where divisions asked became part of a larger one that was not, nothing more is asked until
    somebody says so: the row of kind ASKED waits, the row with `answers` closes it. So it is where
    nobody is asked any more: the row of kind EMPTY waits.
    """

    class Kind(models.TextChoices):
        FOLLOWED = "followed", pgettext_lazy("scope", "Followed by itself")
        ASKED = "asked", pgettext_lazy("scope", "To be decided")
        TAKEN = "taken", pgettext_lazy("scope", "The larger one is asked")
        LEFT = "left", pgettext_lazy("scope", "The larger one is not asked")
        EMPTY = "empty", pgettext_lazy("scope", "Nobody is asked any more")
        ENDED = "ended", pgettext_lazy("scope", "It has ended")
        KEPT = "kept", pgettext_lazy("scope", "It stays without communities")
        REPLACED = "replaced", pgettext_lazy("scope", "Merged again meanwhile")

    about = models.CharField(max_length=60)  # "burden.Demand:17"
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.CharField(max_length=12)
    title = models.CharField(max_length=100)
    place = CodeField(max_length=20)  # of the issuing unit
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    on = models.DateField()  # from which day the divisions are others
    before = ArrayField(CodeField(max_length=20))
    after = ArrayField(CodeField(max_length=20))
    old = ArrayField(CodeField(max_length=20), default=list)  # asked, now part of `new`
    new = CodeField(max_length=20, default="", blank=True)
    unasked = ArrayField(CodeField(max_length=20), default=list)  # the other parts of `new`
    answers = models.OneToOneField("self", models.PROTECT, null=True, related_name="answered_by")
    at = models.DateTimeField()
    unit = models.CharField(max_length=60, default="", blank=True)  # the post that decided

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("followed", "asked", "empty"), answers=None)
                | Q(kind__in=("taken", "left", "replaced", "ended", "kept"), answers__isnull=False),
                name="scope_change_answers_a_question",
            ),
        ]
        indexes = [models.Index(fields=["about", "id"], name="scope_change_about")]

    def __str__(self):
        return f"{self.about} {self.kind}"
