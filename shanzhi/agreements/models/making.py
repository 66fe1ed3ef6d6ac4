from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Run(models.Model):
    """All agreements of a place for a year, made one community after the other, or those that are
    `chosen` signed one after the other. It may be stopped anywhere: `reached` is the last community
    that is done, and of those chosen the first `done` are.
    """

    class Kind(models.TextChoices):
        MAKE = "make", _("Made")
        SIGN = "sign", _("Signed")

    class State(models.TextChoices):
        RUNNING = "running", _("Being made")
        DONE = "done", pgettext_lazy("run", "Done")

    kind = models.CharField(max_length=4, choices=Kind.choices, default=Kind.MAKE)
    place = CodeField(max_length=20)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    acting = models.JSONField(default=dict)  # who asked for it
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)  # were there already
    chosen = models.JSONField(default=list)  # numbers of the agreements to be signed
    failures = models.JSONField(default=list)  # [place or number, sentence]
    reached = CodeField(max_length=20, default="")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place", "year"],
                condition=models.Q(state="running"),
                name="run_one_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.place} {self.year}"
