"""The two lists and the negative list, in editions: a new one replaces the one before."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Edition(models.Model):
    class Kind(models.TextChoices):
        OWN = "own", _("List one: own duties")
        ASSIST = "assist", _("List two: help for the government")
        NEGATIVE = "negative", _("Negative list")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("edition", "Draft")
        IN_FORCE = "in_force", pgettext_lazy("edition", "In force")
        RETIRED = "retired", pgettext_lazy("edition", "Replaced")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    place = CodeField(max_length=20)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    in_force_from = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "place", "number"], name="edition_number"),
            models.UniqueConstraint(
                fields=["kind", "place", "state"],
                condition=~Q(state="retired"),
                name="edition_one_draft_one_in_force",
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.number}"

    def of_its_list(self) -> models.QuerySet["Edition"]:
        """This one, those before it and the draft of the next: of one list in one place."""
        return Edition.objects.filter(kind=self.kind, place=self.place)


class ListEntry(models.Model):
    """`confirmed` is False as long as nobody has checked the clause: such an entry neither refuses
    a demand nor enters an agreement (依据待核). Words, categories, levels, measures and the verdict
    are those of the negative list's checks.
    """

    class Verdict(models.TextChoices):
        STOP = "stop", pgettext_lazy("check", "Stop")
        DOUBT = "doubt", pgettext_lazy("check", "Doubt")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=500, default="", blank=True)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    clause = models.CharField(max_length=300, default="", blank=True)
    confirmed = models.BooleanField(default=False)
    cycle = models.CharField(max_length=11, default="", blank=True)
    fee = models.CharField(max_length=200, default="", blank=True)
    words = ArrayField(models.CharField(max_length=60), default=list)
    categories = ArrayField(models.CharField(max_length=11), default=list)
    levels = ArrayField(models.CharField(max_length=11), default=list)
    measures = ArrayField(models.CharField(max_length=30), default=list)
    verdict = models.CharField(max_length=5, choices=Verdict.choices, default="", blank=True)
    source = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="list_entry_code")]

    def __str__(self):
        return f"{self.code} {self.title}"
