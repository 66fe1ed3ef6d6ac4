"""An application to the gate, its steps, what communities say of it, and how the meeting voted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.burden.models import Category, Cycle, Medium
from shanzhi.kernel.codes import CodeField


class Application(models.Model):
    """`place` and `department` are the asking unit; `scope` the divisions it wants to ask.

    A draft may have gaps. `seed` is drawn when it passes the screening: who knows it can draw the
    sample of communities again.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("application", "Draft")
        SCREENING = "screening", _("Screening")
        HEARING = "hearing", _("Hearing of communities")
        DECIDING = "deciding", _("Joint meeting")
        RETURNED = "returned", _("Sent back")
        ADMITTED = "admitted", pgettext_lazy("application", "Admitted")
        MERGED = "merged", pgettext_lazy("application", "Merged")
        REFUSED = "refused", pgettext_lazy("application", "Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    number = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    state_since = models.DateTimeField()
    edited = models.PositiveIntegerField(default=0)  # how often it was kept: two editors collide
    place = CodeField(max_length=20)
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    made_by = models.BigIntegerField(null=True)  # the account, for notices
    made_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)

    title = models.CharField(max_length=100)
    category = models.CharField(max_length=11, choices=Category.choices)
    purpose = models.CharField(max_length=500, default="", blank=True)
    basis = models.CharField(max_length=300, default="", blank=True)
    alternatives = models.CharField(max_length=500, default="", blank=True)
    scope = ArrayField(CodeField(max_length=20), default=list, blank=True)
    communities = models.PositiveIntegerField(default=0)
    cycle = models.CharField(max_length=11, choices=Cycle.choices, default=Cycle.YEARLY)
    times = models.PositiveIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    staff = models.PositiveSmallIntegerField(default=1)
    money = models.PositiveIntegerField(default=0)  # yuan a year for a community
    payer = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    medium = models.CharField(max_length=10, choices=Medium.choices, default="", blank=True)
    plaque = models.CharField(max_length=60, default="", blank=True)
    url = models.URLField(max_length=200, default="", blank=True)
    fields = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)  # the last day
    renews = models.ForeignKey(
        "burden.Demand", models.PROTECT, null=True, blank=True, related_name="+"
    )

    seed = models.BigIntegerField(null=True)
    hearing_until = models.DateField(null=True)

    decided_on = models.DateField(null=True)
    minutes_number = models.CharField(max_length=60, default="", blank=True)  # of the meeting
    reason = models.CharField(max_length=500, default="", blank=True)
    demand = models.OneToOneField(
        "burden.Demand", models.PROTECT, null=True, related_name="application"
    )
    heir = models.ForeignKey("burden.Demand", models.PROTECT, null=True, related_name="+")
    added_fields = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    added_minutes = models.PositiveIntegerField(default=0)  # each time, to the heir

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="admitted", demand__isnull=False)
                | (~Q(state="admitted") & Q(demand__isnull=True)),
                name="application_admitted_has_demand",
            ),
            models.CheckConstraint(
                condition=Q(state="merged", heir__isnull=False)
                | (~Q(state="merged") & Q(heir__isnull=True)),
                name="application_merged_has_heir",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="application_by_state"),
            models.Index(fields=["place", "department", "-id"], name="application_of_unit"),
        ]

    def __str__(self):
        return self.title


class Step(models.Model):
    """One change of state, with what the checks said then."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=9, choices=Application.State.choices)
    at = models.DateTimeField()
    unit = models.CharField(max_length=60)
    note = models.CharField(max_length=500, default="", blank=True)
    findings = models.JSONField(default=list)

    def __str__(self):
        return f"{self.application_id} {self.state}"


class Opinion(models.Model):
    """What one community of the sample says; `answer` "" as long as it has not answered."""

    class Answer(models.TextChoices):
        FOR = "for", pgettext_lazy("opinion", "For")
        AGAINST = "against", pgettext_lazy("opinion", "Against")
        UNSURE = "unsure", pgettext_lazy("opinion", "Undecided")

    application = models.ForeignKey(Application, models.CASCADE, related_name="opinions")
    community = CodeField(max_length=20)
    answer = models.CharField(max_length=7, choices=Answer.choices, default="", blank=True)
    text = models.CharField(max_length=500, default="", blank=True)
    minutes = models.PositiveIntegerField(null=True)  # what it would take each time, they say
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "community"], name="opinion_once"),
        ]

    def __str__(self):
        return f"{self.community} {self.answer}"


class Said(models.Model):
    """Every word of a hearing as it was said; the database neither changes nor deletes it.

    `voice` is the key of the opinion. It goes when the application is sent back, and is another
    community's after a merger; what was said stays.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="said")
    voice = models.BigIntegerField()
    community = CodeField(max_length=20)
    answer = models.CharField(max_length=7, choices=Opinion.Answer.choices)
    text = models.CharField(max_length=500, default="", blank=True)
    minutes = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["voice", "id"], name="said_by_voice")]

    def __str__(self):
        return f"{self.community} {self.answer}"


class Vote(models.Model):
    """A member of the joint meeting. Who has an interest does not vote, and says which."""

    class Choice(models.TextChoices):
        ADMIT = "admit", pgettext_lazy("vote", "For admission")
        CHANGE = "change", pgettext_lazy("vote", "For admission with changes")
        MERGE = "merge", pgettext_lazy("vote", "For merging")
        REFUSE = "refuse", pgettext_lazy("vote", "Against admission")
        ABSTAIN = "abstain", pgettext_lazy("vote", "Abstained")
        RECUSED = "recused", pgettext_lazy("vote", "Did not vote: has an interest")

    application = models.ForeignKey(Application, models.CASCADE, related_name="votes")
    position = models.PositiveSmallIntegerField()
    member = models.CharField(max_length=60)  # the unit that sits in the meeting
    choice = models.CharField(max_length=7, choices=Choice.choices)
    interest = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "member"], name="vote_once"),
            models.CheckConstraint(
                condition=~Q(choice="recused") | ~Q(interest=""), name="vote_recused_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.member} {self.choice}"
