"""What a department may read, on what grounds and until when; and who read whom."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Grant(models.Model):
    """A department's application for elements, and once it is granted, what it may read.

    `filter` narrows the persons: {"kind": 2, "age_from": 80, "age_to": None, "sex": ""}. Children
    under 14 are left out but where "children" is "duty", by the law in "children_basis".
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        ASKED = "asked", pgettext_lazy("grant", "Asked for")
        GAPS = "gaps", _("To be completed")
        AGREED = "agreed", _("Agreed, being provided")
        GRANTED = "granted", _("In use")
        SUSPENDED = "suspended", _("Suspended")
        REFUSED = "refused", pgettext_lazy("grant", "Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", pgettext_lazy("grant", "Ended")

    class Method(models.TextChoices):
        DESK = "desk", _("On the desk")
        API = "api", _("Through the API")
        BOTH = "both", _("On the desk and through the API")

    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    place = CodeField(max_length=20)  # the asking unit
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=100)
    basis = models.CharField(max_length=200)  # the law that gives it the task
    scenario = models.CharField(max_length=1000)  # what it does with the data
    scope = CodeField(max_length=20)  # the division whose people it reads
    filter = models.JSONField(default=dict)
    method = models.CharField(max_length=4, choices=Method.choices, default=Method.DESK)
    since = models.DateField()
    until = models.DateField()  # the last day
    confidential_basis = models.CharField(max_length=200, default="", blank=True)
    review_on = models.DateField(null=True)  # when the silence towards residents is reviewed
    made_by = models.BigIntegerField(null=True)  # the account, for notices
    made_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    suspended_for = models.CharField(max_length=300, default="", blank=True)
    ended_on = models.DateField(null=True)
    ended_for = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="grant_for_a_time"),
            models.CheckConstraint(
                condition=Q(confidential_basis="", review_on=None)
                | (~Q(confidential_basis="") & Q(review_on__isnull=False)),
                name="grant_silence_is_reviewed",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "place", "-id"], name="grant_of_unit"),
            models.Index(fields=["state", "until"], name="grant_ends"),
        ]

    def __str__(self):
        return self.number


class GrantPart(models.Model):
    """What one owner department decides of an application: its elements."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not decided")
        GAPS = "gaps", _("To be completed")
        AGREED = "agreed", _("Agreed")
        PROVIDED = "provided", _("Agreed and provided")
        REFUSED = "refused", pgettext_lazy("grant", "Refused")

    class Ground(models.TextChoices):
        """Why an owner may refuse; that something is missing is not among them."""

        LAW = "law", _("A law or a State Council decision forbids it")
        PURPOSE = "purpose", _("The task does not need it")
        EXCESSIVE = "excessive", _("More is asked for than the task needs")
        SAFETY = "safety", _("It cannot be kept safe where it would be used")

    grant = models.ForeignKey(Grant, models.CASCADE, related_name="parts", db_index=False)
    owner = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    conditions = models.CharField(max_length=500, default="", blank=True)
    ground = models.CharField(max_length=10, choices=Ground.choices, default="", blank=True)
    reason = models.CharField(max_length=500, default="", blank=True)  # of a refusal
    statute = models.CharField(max_length=200, default="", blank=True)  # opens what is not shared
    gaps = models.JSONField(default=list)
    gaps_at = models.DateTimeField(null=True)  # told once
    answer = models.CharField(max_length=1000, default="", blank=True)  # to the gaps
    extended = models.CharField(max_length=200, default="", blank=True)  # who approved ten more
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    moves_to = CodeField(max_length=20, default="", blank=True)  # confirmed after a merger

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "owner"], name="grant_part_once"),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(reason="") & ~Q(ground="")),
                name="grant_refused_with_reason",
            ),
        ]

    def __str__(self):
        return f"{self.owner_id} of {self.grant_id}"


class GrantElement(models.Model):
    """One element of an application, under its catalogue name; `full` is without a mask."""

    part = models.ForeignKey(GrantPart, models.CASCADE, related_name="elements", db_index=False)
    element = models.CharField(max_length=80)
    share = models.CharField(max_length=13)  # its class when it was asked for
    full = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["part", "element"], name="grant_element_once")
        ]
        indexes = [models.Index(fields=["element"], name="grant_element")]

    def __str__(self):
        return self.element


class ReadEntry(models.Model):
    """One read of personal values: a page, a value revealed, a copy taken out. Append-only.

    Partitioned by month of `at`, without foreign keys: an entry outlives what it speaks of.
    """

    class Through(models.TextChoices):
        PAGE = "page", _("On a page of the desk")
        REVEAL = "reveal", _("Shown without a mask")
        GRANT = "grant", _("By a grant")
        API = "api", _("By a grant, through the API")
        EXPORT = "export", _("In a file taken out")

    at = models.DateTimeField()
    account = models.BigIntegerField(null=True)
    post = models.BigIntegerField(null=True)
    role = models.CharField(max_length=30, default="")
    place = CodeField(max_length=20)
    department = models.CharField(max_length=30, default="")
    key = models.BigIntegerField(null=True)  # the API key, where a program read
    grant = models.BigIntegerField(null=True)
    through = models.CharField(max_length=8, choices=Through.choices)
    purpose = models.CharField(max_length=200)
    basis = models.CharField(max_length=200, default="")
    persons = ArrayField(models.BigIntegerField())
    elements = ArrayField(models.CharField(max_length=80))
    withheld = models.CharField(max_length=200, default="")  # the law that keeps it from them
    review_on = models.DateField(null=True)

    class Meta:
        managed = False  # partitioned: made by hand in the migration
        db_table = "registry_readentry"

    def __str__(self):
        return f"{self.through} at {self.at:%Y-%m-%d %H:%M}"
