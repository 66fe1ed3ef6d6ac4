"""One thing asked of communities: what, by whom, of whom, how much; and what became of it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Category(models.TextChoices):
    """The eight of the reform; there is no ninth."""

    BODY = "body", _("Bodies")
    VENUE = "venue", _("Venues")
    TARGET = "target", _("Tasks and targets")
    APPRAISAL = "appraisal", _("Appraisals")
    SYSTEM = "system", _("Websites and systems")
    LEDGER = "ledger", _("Ledgers")
    CERTIFICATE = "certificate", _("Certificates")
    ASSESSMENT = "assessment", _("Assessments")


class Cycle(models.TextChoices):
    ONCE = "once", pgettext_lazy("cycle", "Once")
    YEARLY = "yearly", pgettext_lazy("cycle", "Every year")
    HALF_YEARLY = "half_yearly", pgettext_lazy("cycle", "Every half-year")
    QUARTERLY = "quarterly", pgettext_lazy("cycle", "Every quarter")
    MONTHLY = "monthly", pgettext_lazy("cycle", "Every month")
    WEEKLY = "weekly", pgettext_lazy("cycle", "Every week")
    DAILY = "daily", pgettext_lazy("cycle", "Every working day")
    ON_DEMAND = "on_demand", pgettext_lazy("cycle", "As needed")


class Medium(models.TextChoices):
    PAPER = "paper", pgettext_lazy("ledger", "On paper")
    ELECTRONIC = "electronic", pgettext_lazy("ledger", "Electronic")
    BOTH = "both", pgettext_lazy("ledger", "On paper and electronic")


class Verb(models.TextChoices):
    STOP = "stop", pgettext_lazy("verb", "Stop")
    REDUCE = "reduce", pgettext_lazy("verb", "Reduce")
    MERGE = "merge", pgettext_lazy("verb", "Merge")
    TRANSFER = "transfer", pgettext_lazy("verb", "Transfer")
    LIMIT = "limit", pgettext_lazy("verb", "Limit")
    UNDO = "undo", pgettext_lazy("verb", "Undo")
    WIDEN = "widen", pgettext_lazy("verb", "Widen")  # by the gate alone


class Demand(models.Model):
    """`place` and `department` are the issuing unit; `scope` the divisions that are asked.

    `times` a year × `minutes` × `staff` is its size in one community.
    """

    class State(models.TextChoices):
        IN_FORCE = "in_force", pgettext_lazy("demand", "In force")
        STOPPED = "stopped", pgettext_lazy("demand", "Stopped")
        MERGED = "merged", pgettext_lazy("demand", "Merged")
        TRANSFERRED = "transferred", pgettext_lazy("demand", "Transferred")
        EXITED = "exited", pgettext_lazy("demand", "Expired")

    class Origin(models.TextChoices):
        BASELINE = "baseline", pgettext_lazy("demand", "Baseline")
        ADMITTED = "admitted", pgettext_lazy("demand", "Admitted")
        BYPASS = "bypass", pgettext_lazy("demand", "Emergency")

    class PlaquePlace(models.TextChoices):
        OUTSIDE = "outside", _("At the door")
        INSIDE = "inside", _("Inside")
        WALL = "wall", _("On a wall")

    number = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=100)
    category = models.CharField(max_length=11, choices=Category.choices)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.BASELINE)
    campaign = models.ForeignKey(
        "burden.Campaign", models.PROTECT, null=True, related_name="demands"
    )
    place = CodeField(max_length=20)
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=500, default="", blank=True)
    basis = models.CharField(max_length=300, default="", blank=True)
    scope = ArrayField(CodeField(max_length=20))
    communities = models.PositiveIntegerField()  # in the scope, since divisions last changed
    cycle = models.CharField(max_length=11, choices=Cycle.choices)
    times = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    staff = models.PositiveSmallIntegerField(default=1)
    money = models.PositiveIntegerField(default=0)  # yuan a year that a community gets for it
    payer = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    medium = models.CharField(max_length=10, choices=Medium.choices, default="", blank=True)
    plaque = models.CharField(max_length=60, default="", blank=True)
    plaque_place = models.CharField(
        max_length=7, choices=PlaquePlace.choices, default="", blank=True
    )
    url = models.URLField(max_length=200, default="", blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # the last day

    state = models.CharField(max_length=11, choices=State.choices, default=State.IN_FORCE)
    state_since = models.DateField()
    heir = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    taken_by = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    limits = models.CharField(max_length=300, default="", blank=True)  # to what it is limited

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="demand_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", heir__isnull=False)
                | (~Q(state="merged") & Q(heir__isnull=True)),
                name="demand_merged_has_heir",
            ),
            models.CheckConstraint(condition=~Q(heir=F("id")), name="demand_is_not_its_own_heir"),
            models.CheckConstraint(
                condition=Q(origin="baseline", campaign__isnull=False)
                | (~Q(origin="baseline") & Q(campaign__isnull=True)),
                name="demand_of_the_baseline_has_a_campaign",
            ),
        ]
        indexes = [
            models.Index(fields=["category", "id"], name="demand_of_category"),
            models.Index(fields=["department", "id"], name="demand_of_department"),
            GinIndex(fields=["scope"], name="demand_in_scope"),
        ]

    def __str__(self):
        return self.title


class Asked(models.Model):
    """A field as the department writes it; `element` is the catalogue's, "" where it has none."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="fields")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    element = CodeField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand", "position"], name="asked_in_order")
        ]
        indexes = [models.Index(fields=["element"], name="asked_element")]

    def __str__(self):
        return self.name


class Span(models.Model):
    """From when to when a demand counted with one size; `valid_to` is the first day after."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="spans")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    times = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    staff = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["demand"], condition=Q(valid_to=None), name="span_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="span_forward"
            ),
        ]
        indexes = [models.Index(fields=["demand", "valid_from"], name="span_of_demand")]

    def __str__(self):
        return f"{self.valid_from}–{self.valid_to or ''}"


class Decision(models.Model):
    """One verb on one demand. `before` holds what undoing it restores."""

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=8, choices=Verb.choices)
    reason = models.CharField(max_length=500)
    decided_on = models.DateField()
    decider = models.CharField(max_length=60)  # the meeting or the person in charge
    evidence = models.CharField(max_length=200, default="", blank=True)  # document, minutes
    heir = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="+")
    taken_by = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    duty = models.CharField(max_length=300, default="", blank=True)  # what the taker does then
    limits = models.CharField(max_length=300, default="", blank=True)
    before = models.JSONField()
    after = models.JSONField()
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_by")
    at = models.DateTimeField()
    unit = models.CharField(max_length=60)  # the post that entered it

    class Meta:
        indexes = [models.Index(fields=["demand", "id"], name="decision_of_demand")]

    def __str__(self):
        return f"{self.verb} {self.demand_id}"
