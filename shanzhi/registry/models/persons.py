"""Persons, where they are present, and what every section has in common."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedText

from .. import codelists
from ..columns import CodedField, HashField
from .versions import Source


class Fact(models.Model):
    """Since when it holds, since when we know it, and from whom."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    collected_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    valid_from = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


class Person(Fact):
    """A natural person. The identity number is not unique: two holders of one number are a
    conflict that somebody settles.
    """

    class State(models.TextChoices):
        ALIVE = "alive", _("Lives")
        GONE = "gone", _("Moved away")
        DEAD = "dead", _("Died")

    name = models.CharField(max_length=100)  # with · and rare characters, as on the document
    former_name = models.CharField(max_length=100, default="", blank=True)
    sex = CodedField(codelists.SEX, max_length=1, default="0")
    ethnic = CodedField(codelists.ETHNIC, max_length=2)
    birth = models.DateField(null=True)
    document = CodedField(codelists.DOCUMENT)
    identity = SealedText(null=True)
    identity_hash = HashField()
    phone = SealedText(null=True)
    phone_hash = HashField()
    other_phone = SealedText(null=True)
    other_phone_hash = HashField()
    registered_place = CodeField(max_length=20, default="", blank=True)  # of hukou, any level
    registered_address = SealedText(null=True)
    education = CodedField(codelists.EDUCATION, max_length=2)
    marital = CodedField(codelists.MARITAL, max_length=2)
    political = CodedField(codelists.POLITICAL, max_length=2)
    work = CodedField(codelists.WORK, max_length=2)
    employer = models.CharField(max_length=100, default="", blank=True)
    state = models.CharField(max_length=5, choices=State.choices, default=State.ALIVE)
    died_on = models.DateField(null=True)
    disputed = models.JSONField(default=list)  # names of fields somebody says are wrong
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    batch = models.BigIntegerField(null=True)  # the import that brought it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(state="dead"), name="person_died_is_dead"
            ),
            models.CheckConstraint(
                condition=Q(identity__isnull=True, identity_hash=None)
                | Q(identity__isnull=False, identity_hash__isnull=False),
                name="person_identity_whole",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_hash=None)
                | Q(phone__isnull=False, phone_hash__isnull=False),
                name="person_phone_whole",
            ),
            models.CheckConstraint(
                condition=Q(other_phone__isnull=True, other_phone_hash=None)
                | Q(other_phone__isnull=False, other_phone_hash__isnull=False),
                name="person_other_phone_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["identity_hash"],
                name="person_identity",
                condition=Q(identity_hash__isnull=False),
            ),
            models.Index(
                fields=["phone_hash"], name="person_phone", condition=Q(phone_hash__isnull=False)
            ),
            models.Index(
                fields=["other_phone_hash"],
                name="person_other_phone",
                condition=Q(other_phone_hash__isnull=False),
            ),
            models.Index(fields=["batch"], name="person_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self):
        return f"person {self.pk}"


class Presence(models.Model):
    """Why a division may see a person: registered, living, working or studying there, from-to.

    The row carries the name and the birth that its lists are sorted and searched by; commands keep
    them equal to the person's.
    """

    class Kind(models.IntegerChoices):
        REGISTERED = 1, _("Registered here")
        LIVING = 2, _("Lives here")
        WORKING = 3, _("Works here")
        STUDYING = 4, _("Studies here")

    person = models.ForeignKey(  # nobody: of somebody who was forgotten, kept for figures
        Person, models.CASCADE, null=True, related_name="presences", db_index=False
    )
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    place = CodeField(max_length=20)  # a community or grid of this city
    community = models.GeneratedField(
        expression=Left("place", 12), output_field=CodeField(max_length=12), db_persist=True
    )  # a column of its own: row-level security lets no expression serve an index
    dwelling = models.ForeignKey(
        "registry.Dwelling", models.PROTECT, null=True, related_name="presences", db_index=False
    )
    name = CodeField(max_length=100)
    birth = models.DateField(null=True)
    sex = CodedField(codelists.SEX, max_length=1, default="0")
    since = models.DateField()
    until = models.DateField(null=True)  # first day no longer
    recorded_at = models.DateTimeField(db_default=TransactionNow())  # by the database
    batch = models.BigIntegerField(null=True)  # seen only when its import was opened (Hidden)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(until=None) & Q(kind__in=[1, 2]),
                name="presence_at_one_place",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="presence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(until__isnull=False, name="", dwelling=None, batch=None),
                name="presence_of_nobody_is_a_figure",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="presence_of_person"),
            models.Index(
                fields=["community", "name", "person"],
                name="presence_in_community", condition=Q(until=None),
            ),
            models.Index(  # with all that a population pyramid counts
                fields=["place", "kind"], include=["birth", "sex", "batch"],
                name="presence_place", condition=Q(until=None),
            ),
            models.Index(
                fields=["dwelling"], name="presence_dwelling", condition=Q(dwelling__isnull=False)
            ),
            models.Index(
                fields=["batch"], name="presence_batch", condition=Q(batch__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.get_kind_display()} {self.place}"


class Record(Fact):
    """What a further section knows of a person: inherit, add typed columns, register a Section."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class BankAccount(Record):
    """The account or social security card to which benefits are paid."""

    bank = models.CharField(max_length=60, default="", blank=True)
    number = SealedText(null=True)
    number_hash = HashField()

    def __str__(self):
        return f"bank account of person {self.person_id}"
