"""The registers that the Personal Information Protection Law asks for."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class PrivacyNotice(models.Model):
    """A version of what residents are told (articles 17 and 35): who collects what, and why."""

    version = models.PositiveSmallIntegerField(unique=True)
    title = models.CharField(max_length=100)
    text = models.TextField()
    changes = models.CharField(max_length=500, default="")  # against the version before
    in_force_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)

    def __str__(self):
        return f"{self.title} {self.version}"


class Purpose(models.Model):
    """Something that rests on consent and on nothing else: whoever says no loses nothing more."""

    code = CodeField(max_length=40, primary_key=True)
    title = models.CharField(max_length=100)
    text = models.TextField()  # what is agreed to, in words
    elements = models.JSONField(default=list)  # catalogue names it uses
    department = CodeField(max_length=30, default="")
    open = models.BooleanField(default=True)  # closed: can be withdrawn, no longer given

    def __str__(self):
        return self.title


class Consent(models.Model):
    """A line of the ledger: given and perhaps withdrawn; for a child by the guardian."""

    class Through(models.TextChoices):
        PHONE = "phone", _("On the phone")
        COUNTER = "counter", _("At the counter")

    person_id = models.BigIntegerField()  # outlives the row it speaks of
    purpose = models.ForeignKey(Purpose, models.PROTECT, related_name="consents")
    text = models.TextField()  # as it was when agreed to
    relation = models.CharField(max_length=8, default="self")  # of who agreed
    account = models.BigIntegerField()
    through = models.CharField(max_length=8, choices=Through.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "purpose"],
                condition=Q(withdrawn_at=None),
                name="consent_given_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_withdrawn_after_it_was_given",
            ),
        ]
        indexes = [models.Index(fields=["person_id", "-id"], name="consent_of_person")]

    def __str__(self):
        return f"{self.purpose_id} of person {self.person_id}"


class Assessment(models.Model):
    """个人信息保护影响评估, articles 55 and 56: kept for three years at least."""

    class Risk(models.TextChoices):
        LOW = "low", pgettext_lazy("risk", "Low")
        MIDDLE = "middle", pgettext_lazy("risk", "Middle")
        HIGH = "high", pgettext_lazy("risk", "High")

    title = models.CharField(max_length=200)
    purpose = models.TextField()  # purpose and way of handling: lawful, proper, needed
    effects = models.TextField()  # on the rights of persons, and how great the risk is
    measures = models.TextField()  # do they fit the risk
    elements = models.JSONField(default=list)
    risk = models.CharField(max_length=6, choices=Risk.choices)
    place = CodeField(max_length=20)
    department = CodeField(max_length=30, default="")
    made_on = models.DateField()
    kept_until = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-made_on", "-id"], name="assessment_by_day")]

    def __str__(self):
        return self.title


class Incident(models.Model):
    """Data leaked, altered or lost (article 57): found, contained, reported, told, closed."""

    class State(models.TextChoices):
        FOUND = "found", pgettext_lazy("incident", "Found")
        CONTAINED = "contained", _("Contained")
        REPORTED = "reported", _("Reported")
        TOLD = "told", _("Those affected told")
        CLOSED = "closed", pgettext_lazy("incident", "Closed")

    title = models.CharField(max_length=200)
    what = models.TextField()
    elements = models.JSONField(default=list)  # kinds of data
    harm = models.TextField()  # what may come of it
    advice = models.TextField()  # what those affected can do
    place = CodeField(max_length=20)
    persons = models.JSONField(default=list)  # ids of those affected, where they are known
    state = models.CharField(max_length=9, choices=State.choices, default=State.FOUND)
    found_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="incident_by_id")]

    def __str__(self):
        return self.title


class IncidentStep(models.Model):
    """What was done, when and by whom."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="steps", db_index=False)
    state = models.CharField(max_length=9, choices=Incident.State.choices)
    words = models.TextField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "state"], name="incident_step_once")
        ]

    def __str__(self):
        return self.state
