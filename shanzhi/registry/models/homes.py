"""Dwellings and the households in them."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedJSON, SealedText

from .. import codelists
from ..columns import CodedField, HashField
from .persons import Fact, Person


class Dwelling(Fact):
    """A home: division → road and number → estate → building → unit → room.

    What leads to the very door (number, unit, room) is sealed; estate and building are not.
    """

    place = CodeField(max_length=20)  # its community or grid
    estate = models.ForeignKey("places.Estate", models.PROTECT, null=True, related_name="+")
    road = models.CharField(max_length=60, default="", blank=True)
    building = models.CharField(max_length=20, default="", blank=True)
    door = SealedJSON(default=dict)  # {"number": "256", "unit": "1", "room": "302"}
    door_hash = HashField()  # of the whole address in one spelling, with its community
    written = SealedText(null=True)  # as somebody wrote it
    holding = CodedField(codelists.HOLDING, max_length=2)
    longitude = models.FloatField(null=True)  # CGCS2000
    latitude = models.FloatField(null=True)
    batch = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door_hash"], name="dwelling_once"),
            models.CheckConstraint(
                condition=Q(longitude=None, latitude=None)
                | Q(longitude__isnull=False, latitude__isnull=False),
                name="dwelling_point_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "estate", "building"], name="dwelling_in_building"),
            models.Index(fields=["batch"], name="dwelling_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self):
        return f"dwelling {self.pk}"


class Household(Fact):
    """Those who live together, or are registered together, under one head."""

    class Kind(models.TextChoices):
        FAMILY = "family", _("Family")
        COLLECTIVE = "collective", _("Collective")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.FAMILY)
    place = CodeField(max_length=20)
    community = models.GeneratedField(
        expression=Left("place", 12), output_field=CodeField(max_length=12), db_persist=True
    )
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, null=True, related_name="households")
    number = SealedText(null=True)  # of the household register
    ended_on = models.DateField(null=True)
    batch = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["community", "id"], name="household_in_community",
                condition=Q(ended_on=None),
            ),
            models.Index(
                fields=["batch"], name="household_batch", condition=Q(batch__isnull=False)
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"household {self.pk}"


class Membership(models.Model):
    """A person in a household, from-to; one at a time, one head a household."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="members", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships", db_index=False)
    relation = CodedField(codelists.RELATION, max_length=2, default="80")
    since = models.DateField()
    until = models.DateField(null=True)
    recorded_at = models.DateTimeField(db_default=TransactionNow())  # by the database
    batch = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None), name="member_of_one_household"
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(until=None, relation="02"),
                name="household_has_one_head",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="membership_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(fields=["household"], name="membership_household"),
            models.Index(fields=["person"], name="membership_person"),
            models.Index(
                fields=["batch"], name="membership_batch", condition=Q(batch__isnull=False)
            ),
        ]

    def __str__(self):
        return f"{self.person_id} in {self.household_id}"
