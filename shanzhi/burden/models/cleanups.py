"""The guided clean-ups: plaques on walls, what replaces a ledger, which system goes into which."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField

from .demands import Demand

# --- wall -----------------------------------------------------------------------------------------


class WalkRound(models.Model):
    """When a community last went round and looked at what hangs."""

    community = CodeField(max_length=20, unique=True)
    walked_on = models.DateField()
    unit = models.CharField(max_length=60)

    def __str__(self):
        return f"{self.community} {self.walked_on}"


class Plaque(models.Model):
    """What really hangs in one community. Without `department` nobody knows whose it is; without
    `demand` nobody asked for it on the record. `verdict` is "" until somebody decides. `former` is
    the community where it hung, now part of this one or split."""

    class Verdict(models.TextChoices):
        KEEP = "keep", pgettext_lazy("plaque", "Keep")
        TAKE_DOWN = "take_down", pgettext_lazy("plaque", "Take down")

    community = CodeField(max_length=20)
    former = CodeField(max_length=20, default="", blank=True)
    text = models.CharField(max_length=60)
    place = models.CharField(max_length=7, choices=Demand.PlaquePlace.choices)
    department = models.ForeignKey("people.Department", models.PROTECT, null=True, related_name="+")
    demand = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="plaques")
    recorded_on = models.DateField()
    verdict = models.CharField(max_length=9, choices=Verdict.choices, default="", blank=True)
    reason = models.CharField(max_length=300, default="", blank=True)
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=60, default="", blank=True)
    down_on = models.DateField(null=True)
    evidence = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "demand"],
                condition=Q(demand__isnull=False, down_on=None, former=""),
                name="plaque_hangs_once",
            ),
            models.CheckConstraint(
                condition=Q(verdict="", decided_on=None)
                | (~Q(verdict="") & Q(decided_on__isnull=False, decided_on__gte=F("recorded_on"))),
                name="plaque_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(down_on=None, evidence="")
                | (
                    Q(verdict="take_down", down_on__isnull=False, down_on__gte=F("decided_on"))
                    & ~Q(evidence="")
                ),
                name="plaque_down_with_evidence",
            ),
        ]
        indexes = [models.Index(fields=["community", "id"], name="plaque_of_community")]

    def __str__(self):
        return self.text


# --- ledgers --------------------------------------------------------------------------------------


class Replacement(models.Model):
    """Where the data of a ledger is from now on."""

    class Kind(models.TextChoices):
        PAGE = "page", _("A page of the platform")
        ELEMENTS = "elements", _("Elements of the catalogue")
        DEMAND = "demand", _("Another ledger or table")
        NOTHING = "nothing", _("Nothing: it is not needed")

    demand = models.OneToOneField(Demand, models.PROTECT, related_name="replacement")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    page = models.CharField(max_length=30, default="", blank=True)  # a key of kinds.PAGES
    elements = ArrayField(CodeField(max_length=80), default=list, blank=True)
    heir = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="replaces")
    reason = models.CharField(max_length=300)
    decided_on = models.DateField()
    unit = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="page") & ~Q(page="") & Q(elements=[], heir=None))
                | (Q(kind="elements", page="", heir=None) & ~Q(elements=[]))
                | Q(kind="demand", page="", elements=[], heir__isnull=False)
                | Q(kind="nothing", page="", elements=[], heir=None),
                name="replacement_is_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(heir=None) | ~Q(heir=F("demand")), name="replacement_is_another"
            ),
        ]

    def __str__(self):
        return f"{self.demand_id} {self.kind}"


# --- systems --------------------------------------------------------------------------------------


class Plan(models.Model):
    """What becomes of a system. `announced_on` is the day from which everybody can read it."""

    class Fate(models.TextChoices):
        STAY = "stay", pgettext_lazy("system", "Stays")
        MERGE = "merge", pgettext_lazy("system", "Goes into another")
        CLOSE = "close", pgettext_lazy("system", "Closes for good")

    demand = models.OneToOneField(Demand, models.PROTECT, related_name="plan")
    fate = models.CharField(max_length=5, choices=Fate.choices)
    heir = models.ForeignKey(Demand, models.PROTECT, null=True, related_name="takes_in")
    url = models.URLField(max_length=200, default="", blank=True)
    closes_on = models.DateField(null=True)
    data_to = models.CharField(max_length=300, default="", blank=True)  # what becomes of its data
    contact = models.CharField(max_length=100, default="", blank=True)  # an office, no person
    reason = models.CharField(max_length=300)
    decided_on = models.DateField()
    unit = models.CharField(max_length=60)
    announced_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(fate="merge", heir__isnull=False)
                | (~Q(fate="merge") & Q(heir__isnull=True)),
                name="plan_merge_has_heir",
            ),
            models.CheckConstraint(
                condition=Q(heir=None) | ~Q(heir=F("demand")), name="plan_is_not_its_own_heir"
            ),
            models.CheckConstraint(
                condition=~Q(fate="stay") | Q(closes_on=None, announced_on=None),
                name="plan_what_stays_does_not_close",
            ),
            models.CheckConstraint(
                condition=Q(announced_on=None)
                | (Q(closes_on__isnull=False) & ~Q(data_to="") & ~Q(contact="")),
                name="plan_announced_whole",
            ),
        ]
        indexes = [models.Index(fields=["closes_on", "id"], name="plan_by_day")]

    def __str__(self):
        return f"{self.demand_id} {self.fate}"


class SystemUse(models.Model):
    """Whether a community logs into a system, with how many people; no account, no password."""

    class Often(models.TextChoices):
        DAILY = "daily", pgettext_lazy("login", "Every day")
        WEEKLY = "weekly", pgettext_lazy("login", "Every week")
        MONTHLY = "monthly", pgettext_lazy("login", "Every month")
        RARELY = "rarely", pgettext_lazy("login", "Less often")

    class Login(models.TextChoices):
        UNIFIED = "unified", _("Unified sign-in of the city")
        NAMED = "named", _("A work account of each person")
        SHARED = "shared", _("One account of the community")
        NONE = "none", _("Without an account")

    demand = models.ForeignKey(Demand, models.PROTECT, related_name="uses")
    community = CodeField(max_length=20)
    people = models.PositiveSmallIntegerField()  # 0: nobody logs in
    often = models.CharField(max_length=7, choices=Often.choices, default="", blank=True)
    login = models.CharField(max_length=7, choices=Login.choices, default="", blank=True)
    told_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "demand"], name="system_use_once"),
            models.CheckConstraint(
                condition=Q(people=0, often="", login="")
                | (Q(people__gt=0) & ~Q(often="") & ~Q(login="")),
                name="system_use_whole",
            ),
        ]

    def __str__(self):
        return f"{self.community} {self.demand_id} {self.people}"
