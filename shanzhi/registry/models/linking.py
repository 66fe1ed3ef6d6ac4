"""Entries that may be one person: what was proposed, what was decided, and what a merge moved."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField

from .persons import Person


class LinkJob(models.Model):
    """Looking for double entries: of an import among those known, or in a whole place."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("comparison", "Waiting")
        RUNNING = "running", _("Comparing")
        DONE = "done", pgettext_lazy("comparison", "Done")
        FAILED = "failed", _("Did not finish")

    place = CodeField(max_length=20)
    batch = models.BigIntegerField(null=True)  # the import whose persons are compared with others
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    step = models.CharField(max_length=20, default="")  # read, compared, kept
    records = models.IntegerField(default=0)
    found = models.IntegerField(default=0)  # pairs
    trouble = models.CharField(max_length=300, default="")  # why it did not finish, in a sentence
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place"],
                condition=Q(state__in=["waiting", "running"]),
                name="link_job_one_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["place", "-id"], name="link_job_place")]

    def __str__(self):
        return f"comparison {self.pk}"


class LinkPair(models.Model):
    """Two entries proposed as one person. `first` is the entry that would stay."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("pair", "To be decided")
        LATER = "later", _("Put aside")
        SAME = "same", _("The same person")
        NOT_SAME = "not_same", _("Not the same")
        GONE = "gone", _("Settled otherwise")

    job = models.ForeignKey(LinkJob, models.CASCADE, related_name="pairs", db_index=False)
    place = CodeField(max_length=20)  # of the job
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    weight = models.FloatField()  # bits
    start = models.FloatField()
    suggested = models.BooleanField()
    parts = models.JSONField()  # [[field, step, bits], …]
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    merge = models.ForeignKey(
        "registry.Merge", models.SET_NULL, null=True, related_name="pairs", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_post = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "first", "second"], name="link_pair_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="link_pair_of_two"),
        ]
        indexes = [
            models.Index(fields=["job", "state", "-weight", "id"], name="link_pair_order"),
            models.Index(fields=["first"], name="link_pair_first"),
            models.Index(fields=["second"], name="link_pair_second"),
        ]

    def __str__(self):
        return f"{self.first} and {self.second}"


class NotSame(models.Model):
    """Somebody looked at both and said no: these two are not proposed again."""

    low = models.BigIntegerField()
    high = models.BigIntegerField()
    place = CodeField(max_length=20)
    said_at = models.DateTimeField()
    said_by = models.BigIntegerField(null=True)
    said_post = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="not_same_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="not_same_in_order"),
        ]
        indexes = [models.Index(fields=["high"], name="not_same_high")]

    def __str__(self):
        return f"{self.low} is not {self.high}"


class Merge(models.Model):
    """Two entries became one. `sealed` holds what the undoing needs, under the key of `kept`; the
    entry that was given up is empty, and its own key is in there: whoever is forgotten as `kept`
    is forgotten as a whole.
    """

    kept = models.ForeignKey(Person, models.CASCADE, related_name="merges", db_index=False)
    given_up = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    place = CodeField(max_length=20)
    taken = models.JSONField(default=list)  # names of elements whose value is of the other entry
    sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    made_post = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.BigIntegerField(null=True)
    undone_post = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["given_up"], condition=Q(undone_at=None), name="merged_once"
            ),
            models.CheckConstraint(condition=~Q(kept=F("given_up")), name="merge_of_two"),
            models.CheckConstraint(
                condition=Q(undone_at=None) | Q(sealed=None), name="merge_undone_is_empty"
            ),
        ]
        indexes = [
            models.Index(fields=["kept", "-id"], name="merge_kept"),
            models.Index(fields=["place", "-id"], name="merge_place"),
        ]

    def __str__(self):
        return f"merge {self.pk}"
