"""What communities settle with each other: two holders of one number, and who moves where."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedText

from ..columns import HashField
from .homes import Dwelling
from .persons import Person


class Conflict(models.Model):
    """Several persons hold one identity number, until somebody has settled which is right."""

    class Outcome(models.TextChoices):
        OPEN = "", _("Open")
        CORRECTED = "corrected", _("A number was wrong and was corrected")
        MERGED = "merged", _("It is one person; the entries were merged")

    number_hash = HashField()
    persons = models.JSONField(default=list)  # ids
    communities = models.JSONField(default=list)  # codes; each sees the conflict
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default="", blank=True)
    settled_by = models.BigIntegerField(null=True)  # account
    settled_post = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number_hash"], condition=Q(settled_at=None), name="conflict_open_once"
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | Q(settled_at__isnull=False) & ~Q(outcome=""),
                name="conflict_settled_somehow",
            ),
        ]

    def __str__(self):
        return f"conflict {self.pk}"


class Transfer(models.Model):
    """A community asks for a person who lives in another one by the registry; that one answers, or
    the time is up. `name` is what the asking community was told.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("transfer", "Asked for")
        DONE = "done", _("Transferred")
        OBJECTED = "objected", _("Objected to")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    name = SealedText()
    from_place = CodeField(max_length=12)
    to_place = CodeField(max_length=15)
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, null=True, related_name="+")
    since = models.DateField()
    note = models.CharField(max_length=200, default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)  # account
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)  # account; null where the time was up
    objection = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="asked"), name="transfer_asked_once"
            ),
        ]
        indexes = [
            models.Index(fields=["from_place", "-id"], name="transfer_from"),
            models.Index(fields=["to_place", "-id"], name="transfer_to"),
            models.Index(fields=["due_at"], name="transfer_due", condition=Q(state="asked")),
        ]

    def __str__(self):
        return f"transfer {self.pk}"
