"""Where facts come from, and what they were before."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Source(models.Model):
    """Who told: a community's own collecting, a department's data, a resident, an import."""

    class Kind(models.TextChoices):
        COMMUNITY = "community", _("Collected by the community")
        DEPARTMENT = "department", pgettext_lazy("source", "From a department")
        RESIDENT = "resident", _("Told by the resident")
        CASE = "case", _("From a case")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    code = models.CharField(max_length=40, unique=True)  # "community", "civil_affairs.elderly"
    name = models.CharField(max_length=100)
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, related_name="+", db_index=False
    )

    def __str__(self):
        return self.name


class PersonKey(models.Model):
    """The key of one person's versions, wrapped under SHANZHI_KEYS; made with the first version.

    Deleting the row makes every version of that person unreadable (docs/registry.md).
    """

    person_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()

    def __str__(self):
        return str(self.person_id)


class Version(models.Model):
    """What one section said of a person before: all its fields, sealed under the person's key.

    It held in the world during [valid_from, valid_to) and was what this registry knew during
    [known_from, known_to); None is "and on". What holds and is known now stands in the section's
    own row, never here.
    """

    person_id = models.BigIntegerField()  # outlives the row it speaks of
    section = models.CharField(max_length=40)
    sealed = models.BinaryField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField(null=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="version_valid_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(known_to=None) | Q(known_to__gte=F("known_from")),
                name="version_known_for_a_time",
            ),
        ]
        indexes = [models.Index(fields=["person_id", "section"], name="version_of_person")]

    def __str__(self):
        return f"{self.section} {self.valid_from}"


class FormerStay(models.Model):
    """What a row of Presence or Membership said before it was changed or deleted; written by
    triggers. It was believed during [known_from, known_to) that it held during [since, until).
    """

    presence = models.BigIntegerField(null=True)  # the row that said it, of one table or the other
    membership = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField()  # outlives the row it speaks of, as all it points to
    kind = models.PositiveSmallIntegerField(null=True)
    place = CodeField(max_length=20, default="", db_default="")
    dwelling = models.ForeignKey(
        "registry.Dwelling", models.DO_NOTHING, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    household = models.ForeignKey(
        "registry.Household", models.DO_NOTHING, null=True, related_name="+", db_index=False,
        db_constraint=False,
    )  # fmt: skip
    relation = models.CharField(max_length=2, default="", db_default="")
    since = models.DateField()
    until = models.DateField(null=True)
    known_from = models.DateTimeField()
    known_to = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(presence=None, membership__isnull=False, household__isnull=False)
                | Q(membership=None, presence__isnull=False, kind__isnull=False),
                name="formerstay_is_of_one_row",
            ),
            models.CheckConstraint(
                condition=Q(known_to__gte=F("known_from")), name="formerstay_known_for_a_time"
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="formerstay_of_person")]

    def __str__(self):
        return f"{self.person_id} {self.since}"
