"""What a community sent back because it is on no list and has no number."""

from django.db import models
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField


class Return(models.Model):
    """The letter names the clause. Departments read it without the community's name."""

    class Way(models.TextChoices):
        MESSAGE = "message", pgettext_lazy("way", "Message or work group")
        PHONE = "phone", pgettext_lazy("way", "Phone")
        PAPER = "paper", pgettext_lazy("way", "Paper or e-mail")
        MEETING = "meeting", pgettext_lazy("way", "In a meeting")
        PLATFORM = "platform", pgettext_lazy("way", "On this platform")

    number = models.CharField(max_length=12, unique=True)
    community = CodeField(max_length=20)
    place = CodeField(max_length=20)  # of the unit that asked
    department = models.ForeignKey("people.Department", models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=Way.choices)
    what = models.CharField(max_length=300)
    entry = models.ForeignKey("burden.ListEntry", models.PROTECT, null=True, related_name="+")
    clause = models.CharField(max_length=300)
    about = models.CharField(max_length=60, default="", blank=True)  # "cases.Case:17"
    returned_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["community", "-id"], name="return_of_community"),
            models.Index(fields=["place", "department", "-id"], name="return_to_unit"),
        ]

    def __str__(self):
        return self.what
