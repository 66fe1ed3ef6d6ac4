"""What was asked for: certificates with their seal, refusals, and the units that asked."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedJSON, SealedText
from shanzhi.registry.columns import HashField

from .catalogue import Entry

MOST_COPIES = 20


class RequestingUnit(models.Model):
    """Who wants the paper, as workers write it: one row a name, whatever the spaces.

    Two names may be one unit: `same_as` is the one it is counted as, never itself a spelling.
    """

    name = models.CharField(max_length=80, unique=True)
    asked = models.PositiveIntegerField(default=0)  # how often; the most frequent is offered first
    same_as = models.ForeignKey("self", models.PROTECT, null=True, related_name="spellings")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(same_as=None) | ~Q(same_as=F("id")), name="unit_not_same_as_itself"
            ),
        ]
        indexes = [models.Index(fields=["-asked", "name"], name="unit_by_frequency")]

    def __str__(self):
        return self.name


class Series(models.Model):
    """The last number a community gave out in a year: seal registers have no gaps."""

    letter = models.CharField(max_length=1)
    place = CodeField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "place", "year"], name="series_once")
        ]

    def __str__(self):
        return f"{self.letter}{self.year} {self.place}"


class Refusal(models.Model):
    """A certificate that was not issued, and for whom: the letter (告知单) is made of it.

    Of what stands in no catalogue `asked` has the words; whoever asked may stay unnamed. A resident
    who took the letter on the phone is `asker`, and nobody of the community is `by`. A note of a
    `gap` refuses nothing: no catalogue has it, and nobody has looked whether it may be issued.
    """

    number = models.CharField(max_length=24, unique=True)
    place = CodeField(max_length=20)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    asked = models.CharField(max_length=60, default="", blank=True)
    unit = models.ForeignKey(RequestingUnit, models.PROTECT, related_name="refusals")
    purpose = models.CharField(max_length=200, default="", blank=True)
    gap = models.BooleanField(default=False)
    holder = SealedText(null=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)  # account
    asker = models.BigIntegerField(null=True)  # account
    forgotten_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=False, asked="") | (Q(entry__isnull=True) & ~Q(asked="")),
                name="refusal_of_something",
            ),
            models.CheckConstraint(
                condition=Q(gap=False) | Q(entry=None, by=None), name="refusal_gap_is_unlisted"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_on=None) | Q(holder__isnull=True, asker=None),
                name="refusal_forgotten_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["place", "-id"], name="refusal_of_place"),
            models.Index(fields=["on", "place"], name="refusal_on_day"),
            models.Index(
                fields=["asker", "-id"], name="refusal_of_asker", condition=Q(asker__isnull=False)
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def title(self) -> str:
        return self.entry.name if self.entry else self.asked


class Certificate(models.Model):
    """One line of the seal register, from the request to the paper in somebody's hand.

    `statement` is what it states, line by line, with what the registry said of each; `vouched` is
    the secretary's word for what the registry does not know. The number is given with the seal.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", pgettext_lazy("certificate", "Waiting for the seal")
        SEALED = "sealed", pgettext_lazy("certificate", "Sealed")
        ISSUED = "issued", pgettext_lazy("certificate", "Handed out")
        REFUSED = "refused", pgettext_lazy("certificate", "Refused")
        REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")

    number = models.CharField(max_length=24, default="", blank=True)
    place = CodeField(max_length=20)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    unit = models.ForeignKey(RequestingUnit, models.PROTECT, related_name="certificates")
    purpose = models.CharField(max_length=200)
    copies = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.REQUESTED)

    person = models.BigIntegerField(null=True)
    holder = SealedText(null=True)
    shown_holder = models.CharField(max_length=12, default="", blank=True)  # masked: 王**
    statement = SealedJSON(null=True)
    vouched = SealedText(null=True)
    receiver = SealedText(null=True)  # who took it, where that is somebody else
    forgotten_on = models.DateField(null=True)

    on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)  # accounts
    sealed_at = models.DateTimeField(null=True)
    sealed_on = models.DateField(null=True)
    sealed_by = models.BigIntegerField(null=True)
    valid_until = models.DateField(null=True)  # the last day
    handed_at = models.DateTimeField(null=True)
    handed_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, default="", blank=True)  # refused, or revoked

    token = SealedText(null=True)  # of the public page
    token_hash = HashField()
    paper = SealedText(null=True)  # base64, of a PDF with an electronic seal

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="certificate_number"
            ),
            models.UniqueConstraint(fields=["token_hash"], name="certificate_token"),
            models.CheckConstraint(
                condition=Q(copies__gte=1, copies__lte=MOST_COPIES), name="certificate_copies"
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="certificate_days"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["requested", "refused"], number="", sealed_at=None, sealed_on=None,
                    valid_until=None,
                )
                | (
                    Q(state__in=["sealed", "issued", "revoked"], sealed_at__isnull=False)
                    & Q(sealed_on__isnull=False, valid_until__isnull=False)
                    & ~Q(number="")
                ),
                name="certificate_sealed_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gt=F("sealed_on")),
                name="certificate_holds_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(sealed_by=None) | Q(asked_by=None) | ~Q(sealed_by=F("asked_by")),
                name="certificate_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "revoked"])
                | (Q(ended_at__isnull=False) & ~Q(reason="")),
                name="certificate_ended_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="issued", handed_at__isnull=False)
                | Q(state="revoked")
                | (~Q(state__in=["issued", "revoked"]) & Q(handed_at=None)),
                name="certificate_handed_out",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_on=None)
                | Q(
                    person=None, holder__isnull=True, statement__isnull=True,
                    vouched__isnull=True, receiver__isnull=True, shown_holder="",
                    token__isnull=True, token_hash=None, paper__isnull=True,
                ),
                name="certificate_forgotten_is_empty",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["place", "-id"], name="certificate_of_place"),
            models.Index(
                fields=["person"], name="certificate_person", condition=Q(person__isnull=False)
            ),
        ]

    def __str__(self):
        return self.number or f"certificate {self.pk}"
