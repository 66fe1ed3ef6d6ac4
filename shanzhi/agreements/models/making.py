from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Run(models.Model):
    """All agreements of a place for a year, made one community after the other. It may be stopped
    anywhere: `reached` is the last community that is done.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Being made")
        DONE = "done", pgettext_lazy("run", "Done")

    place = CodeField(max_length=20)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    acting = models.JSONField(default=dict)  # who asked for it
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)  # were there already
    failures = models.JSONField(default=list)  # [place, sentence]
    reached = CodeField(max_length=20, default="")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "year"],
                condition=models.Q(state="running"),
                name="run_one_at_a_time",
            )
        ]

    def __str__(self):
        return f"{self.place} {self.year}"
