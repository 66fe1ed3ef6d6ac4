"""The catalogue in editions: what a community does not certify, who does, and what it may."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Edition(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("edition", "Draft")
        IN_FORCE = "in_force", pgettext_lazy("edition", "In force")
        RETIRED = "retired", pgettext_lazy("edition", "Replaced")

    place = CodeField(max_length=20)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    in_force_from = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "number"], name="catalogue_edition_number"),
            models.UniqueConstraint(
                fields=["place", "state"],
                condition=~Q(state="retired"),
                name="catalogue_one_draft_one_in_force",
            ),
        ]

    def __str__(self):
        return f"{self.title} {self.number}"

    def of_its_list(self) -> models.QuerySet["Edition"]:
        """This one, those before it and the draft of the next: of one list in one place."""
        return Edition.objects.filter(place=self.place)


class Entry(models.Model):
    """One certificate. Of one that is not issued: who issues it, what data is checked instead, or
    what its holder promises in writing; of one that may be: what it states, and for how long.

    `confirmed` is False as long as nobody has checked the basis (依据待核): it is not issued.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="entries")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    aliases = ArrayField(models.CharField(max_length=60), default=list)  # as the document has them
    words = ArrayField(models.CharField(max_length=60), default=list)  # as people ask for it
    allowed = models.BooleanField(default=False)
    issuer = models.CharField(max_length=200)
    link = models.URLField(max_length=200, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    data_check = models.CharField(max_length=200, default="", blank=True)
    commitment = models.CharField(max_length=60, default="", blank=True)
    promise = models.CharField(max_length=500, default="", blank=True)
    basis = models.CharField(max_length=200, default="", blank=True)
    confirmed = models.BooleanField(default=False)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    days = models.PositiveSmallIntegerField(null=True)  # it holds at most
    source = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="catalogue_entry_code"),
            models.CheckConstraint(
                condition=Q(allowed=False) | Q(days__gte=1), name="catalogue_allowed_has_days"
            ),
            models.CheckConstraint(
                condition=Q(confirmed=False) | ~Q(basis=""), name="catalogue_confirmed_has_basis"
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"

    @property
    def of_person(self) -> bool:
        """Is it about a resident of the registry, or about a matter?"""
        return any(field.startswith("person.") for field in self.fields)
