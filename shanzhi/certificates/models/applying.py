"""What a resident asks for on the phone, until the community has taken it into its register."""

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedJSON, SealedText

from .catalogue import Entry
from .register import MOST_COPIES, Certificate


class Application(models.Model):
    """Sent by an account, of a person it is bound to or of a matter.

    Once it is taken, the certificate has the rest of the way. Who wants the paper is kept as it
    was typed: what residents type enters the list of units with the worker's press only.
    """

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("application", "With the community")
        INCOMPLETE = "incomplete", pgettext_lazy("application", "Something is missing")
        TAKEN = "taken", pgettext_lazy("application", "Taken up")
        DECLINED = "declined", pgettext_lazy("application", "Not issued")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "Withdrawn")

    account = models.BigIntegerField(null=True)
    person = models.BigIntegerField(null=True)
    place = CodeField(max_length=20)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    unit = models.CharField(max_length=80)
    purpose = models.CharField(max_length=200)
    copies = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SENT)

    holder = SealedText(null=True)
    said = SealedJSON(null=True)  # by the place of a field in the catalogue's row
    note = SealedText(null=True)
    missing = SealedText(null=True)  # what the community asks for
    reason = SealedText(null=True)  # why it is not issued
    forgotten_on = models.DateField(null=True)

    certificate = models.OneToOneField(
        Certificate, models.PROTECT, null=True, related_name="application"
    )
    on = models.DateField()
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # declined or withdrawn
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(copies__gte=1, copies__lte=MOST_COPIES), name="application_copies"
            ),
            models.CheckConstraint(
                condition=Q(state="taken", certificate__isnull=False)
                | (~Q(state="taken") & Q(certificate=None)),
                name="application_taken_has_certificate",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["declined", "withdrawn"], ended_at__isnull=False)
                | (~Q(state__in=["declined", "withdrawn"]) & Q(ended_at=None)),
                name="application_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined")
                | Q(reason__isnull=False)
                | Q(forgotten_on__isnull=False),
                name="application_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="incomplete") | Q(missing__isnull=False),
                name="application_says_what_is_missing",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_on=None)
                | Q(
                    account=None, person=None, holder__isnull=True, said__isnull=True,
                    note__isnull=True, missing__isnull=True, reason__isnull=True,
                ),
                name="application_forgotten_is_empty",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["place", "-id"], name="application_of_place"),
            models.Index(
                fields=["account", "-id"],
                name="application_of_account",
                condition=Q(account__isnull=False),
            ),
            models.Index(
                fields=["person"], name="application_person", condition=Q(person__isnull=False)
            ),
        ]

    def __str__(self):
        return f"application {self.pk}"
