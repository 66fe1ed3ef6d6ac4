from django.db import models
from django.db.models import Case, Q, When
from django.db.models.functions import Left, Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField

OPEN = Q(closed_at=None)
BELOW = {4: 6, 6: 9, 9: 12}  # digits of a unit's place, and of the divisions right below it


class Duty(models.Model):
    """Something that waits for a unit (division and department) or, where named, one person.

    The four moments are counted when it opens and again when something changes, so that the
    sweep need not count: blue (half is gone), yellow (nearly due), red (overdue), and the next
    of them that its mark has not followed yet.
    """

    class Mark(models.TextChoices):
        NONE = "", _("In time")
        BLUE = "blue", _("Half of the time is gone")
        YELLOW = "yellow", _("Nearly due")
        RED = "red", _("Overdue")

    kind = models.CharField(max_length=40)  # "cases.accept"; a code from work/kinds.py
    about = models.CharField(max_length=80)  # "cases.Case:17"
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, default="")  # second line: item, estate
    person = models.CharField(max_length=40, default="")  # masked name of the resident
    link = models.CharField(max_length=200)
    place = CodeField(max_length=20)  # whose it is
    unit = models.GeneratedField(  # a community and its grids have one desk
        expression=Left("place", 12), output_field=CodeField(max_length=12), db_persist=True
    )
    department = CodeField(max_length=30, default="")  # "" is the unit's general desk
    item = CodeField(max_length=40, default="", db_default="")  # of what, where it has a code
    scene = CodeField(max_length=20, default="", db_default="")  # where what it is about lies
    below = models.GeneratedField(  # the scene, cut to the divisions right below the unit
        expression=Case(
            *(When(Exact(Length("place"), n), then=Left("scene", BELOW[n])) for n in BELOW),
            default=Left("scene", 15),
        ),
        output_field=CodeField(max_length=15),
        db_persist=True,
    )
    assignee = models.BigIntegerField(null=True)  # the account that took it, if any
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()  # the soonest of its clocks
    blue_at = models.DateTimeField()
    yellow_at = models.DateTimeField()
    red_at = models.DateTimeField()
    turns_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)  # counted past the published calendar
    edition = models.IntegerField(default=0)  # of the calendar it was counted by
    paused = models.BooleanField(default=False)
    mark = models.CharField(max_length=6, choices=Mark.choices, default="")  # set by the sweep
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["unit", "department", "paused", "due_at", "id"],
                condition=OPEN,
                name="duty_inbox",
            ),
            models.Index(
                fields=["assignee", "paused", "due_at", "id"],
                condition=OPEN & Q(assignee__isnull=False),
                name="duty_mine",
            ),
            models.Index(
                fields=["unit", "department", "item", "paused", "due_at", "id"],
                condition=OPEN & ~Q(item=""),
                name="duty_of_item",
            ),
            models.Index(
                fields=["unit", "department", "below", "paused", "due_at", "id"],
                condition=OPEN,
                name="duty_below",
            ),
            models.Index(fields=["about"], name="duty_about"),
            models.Index(fields=["turns_at"], condition=OPEN & Q(paused=False), name="duty_sweep"),
            models.Index(fields=["edition", "id"], condition=OPEN, name="duty_recount"),
        ]

    def __str__(self):
        return f"{self.kind} {self.about}"


class Clock(models.Model):
    """One time limit that runs on a duty."""

    class Basis(models.TextChoices):
        STATUTORY = "statutory", _("Statutory limit")
        PROMISED = "promised", _("Promised limit")
        STEP = "step", _("Step limit")

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", _("working days")
        CALENDAR_DAYS = "calendar_days", _("calendar days")
        HOURS = "hours", _("hours")

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="clocks", db_index=False)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    unit = models.CharField(max_length=14, choices=Unit.choices)
    amount = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "basis"], name="clock_basis_once")]

    def __str__(self):
        return f"{self.basis} {self.amount} {self.unit}"


class Pause(models.Model):
    """A stretch in which the clocks of a duty stand still, for a listed reason and with a paper."""

    class Reason(models.TextChoices):  # 行政许可法 Art. 45, and custom
        HEARING = "hearing", _("Hearing")
        INSPECTION = "inspection", _("Inspection, testing or appraisal")
        EXPERT_REVIEW = "expert_review", _("Expert review")
        PUBLICITY = "publicity", _("Public notice period")
        APPLICANT = "applicant", _("Waiting for the applicant")
        FORCE_MAJEURE = "force_majeure", _("Force majeure")

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=40, choices=Reason.choices)
    document = models.CharField(max_length=100)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(ended_at=None), name="one_open_pause"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")),
                name="pause_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return f"{self.reason} from {self.began_at:%Y-%m-%d}"


class Year(models.Model):
    """A year whose working days the State Council has published."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    source = models.CharField(max_length=200)  # number of the notice, or the package it came from
    entered_at = models.DateTimeField()

    def __str__(self):
        return str(self.year)


class Day(models.Model):
    """A day a notice names: a holiday (also where it falls on a weekend), a make-up workday."""

    day = models.DateField(primary_key=True)
    works = models.BooleanField()
    name = models.CharField(max_length=40, default="")  # 春节: the notice's own word

    def __str__(self):
        return f"{self.day} {'works' if self.works else 'rests'}"


class Edition(models.Model):
    """A version of the calendar. Its number tells every process to read the calendar anew."""

    number = models.AutoField(primary_key=True)
    years = models.JSONField()  # that it brought or corrected
    source = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    moved = models.IntegerField(default=0)  # duties whose due date it moved
    finished_at = models.DateTimeField(null=True)  # when every open duty was counted by it

    def __str__(self):
        return f"calendar {self.number}"
