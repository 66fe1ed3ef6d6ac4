"""An agreement of a sub-district with one of its communities, clause by clause."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Side(models.TextChoices):
    COMMUNITY = "community", pgettext_lazy("party", "Community")
    SUBDISTRICT = "subdistrict", pgettext_lazy("party", "Sub-district")


class Agreement(models.Model):
    """Of a year; or a supplement to it; or the pattern of a sub-district, from which those of its
    communities are made (its `place` is the sub-district).
    """

    class Kind(models.TextChoices):
        PATTERN = "pattern", _("Pattern of the year")
        YEARLY = "yearly", _("Agreement")
        SUPPLEMENT = "supplement", _("Supplement")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("agreement", "Draft")
        NEGOTIATED = "negotiated", _("In negotiation")
        AGREED = "agreed", _("Agreed, to be signed")
        HALF_SIGNED = "half_signed", _("Signed by the community")
        IN_FORCE = "in_force", pgettext_lazy("agreement", "In force")
        EVALUATED = "evaluated", pgettext_lazy("agreement", "Evaluated")
        ENDED = "ended", _("Ended early")
        WITHDRAWN = "withdrawn", pgettext_lazy("agreement", "Withdrawn")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = CodeField(max_length=30, unique=True)  # 2027-320411002018, a supplement's …-1
    year = models.PositiveSmallIntegerField()
    place = CodeField(max_length=20)
    former = CodeField(
        max_length=20, default="", blank=True
    )  # who signed, where another carries on
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="supplements")
    state = models.CharField(max_length=11, choices=State.choices, default=State.DRAFT)
    own = models.ForeignKey("burden.Edition", models.PROTECT, null=True, related_name="+")
    assist = models.ForeignKey("burden.Edition", models.PROTECT, related_name="+")
    terms = models.TextField(default="", blank=True)  # what else the two agree on
    admission = models.CharField(max_length=60, default="", blank=True)  # of a supplement
    ends_on = models.DateField(null=True)  # a supplement that ends its parent on that day
    community_agreed_at = models.DateTimeField(null=True)
    subdistrict_agreed_at = models.DateTimeField(null=True)
    digest = models.BinaryField(max_length=32, default=b"")  # of the text both agreed on
    document = models.UUIDField(null=True)  # the file both agreed on, with what signatures it has
    made_at = models.DateTimeField()
    in_force_at = models.DateTimeField(null=True)
    evaluate_by = models.DateField(null=True)  # once both were asked to

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "year"],
                condition=Q(kind="yearly", former="") & ~Q(state="withdrawn"),
                name="agreement_one_a_year",
            ),
            models.UniqueConstraint(
                fields=["place", "year"], condition=Q(kind="pattern"), name="pattern_one_a_year"
            ),
            models.CheckConstraint(
                condition=Q(kind="supplement") ^ Q(parent=None), name="supplement_has_a_parent"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(kind="supplement"), name="supplement_ends_another"
            ),
            models.CheckConstraint(
                condition=Q(document=None)
                | Q(community_agreed_at__isnull=False, subdistrict_agreed_at__isnull=False),
                name="agreement_fixed_by_both",
            ),
        ]
        indexes = [
            models.Index(fields=["year", "place"], name="agreement_year_place"),
            models.Index(F("former"), name="agreement_former", condition=~Q(former="")),
        ]

    def __str__(self):
        return self.number

    @property
    def subdistrict(self) -> str:
        return self.place[:9]

    @property
    def frozen(self) -> bool:
        return self.document is not None


class Clause(models.Model):
    """One thing of a list, as it is agreed on. What the list says is kept as it was taken over."""

    class Kind(models.TextChoices):
        OWN = "own", _("List one: own duties")
        ASSIST = "assist", _("List two: help for the government")
        ADMITTED = "admitted", _("Admitted during the year")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    text = models.CharField(max_length=500, default="", blank=True)
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    basis = models.CharField(max_length=300)
    cycle = models.CharField(max_length=11, default="", blank=True)
    fee = models.CharField(max_length=200, default="", blank=True)  # the list's standard
    target = models.CharField(max_length=200, default="", blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # yuan in the year
    payer = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    due_on = ArrayField(models.DateField(), default=list)  # the amount in equal parts

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "code"], name="clause_code"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="clause_amount"),
            models.CheckConstraint(condition=~Q(basis=""), name="clause_has_a_basis"),
        ]

    def __str__(self):
        return f"{self.code} {self.title}"


class Comment(models.Model):
    """What one side says of a clause, or of the whole, and what the other answers."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="comments")
    code = models.CharField(max_length=12, default="", blank=True)  # of a clause; it may be gone
    side = models.CharField(max_length=11, choices=Side.choices)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    answer = models.CharField(max_length=500, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.agreement_id} {self.code}"
