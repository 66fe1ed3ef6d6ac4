from django.db import models
from django.db.models import Q

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedText

from .agreements import Agreement, Side


class Signature(models.Model):
    """Who signed for which side, and the file as it was with that signature."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=11, choices=Side.choices)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    post = models.BigIntegerField(null=True)
    unit = models.CharField(max_length=100)
    at = models.DateTimeField()
    document = models.UUIDField()
    digest = models.BinaryField(max_length=32)  # SHA-256 of that file
    subject = models.CharField(max_length=300)  # of the certificate
    demonstration = models.BooleanField()
    stamped_at = models.DateTimeField(null=True)  # by a time-stamp authority
    void_at = models.DateTimeField(null=True)  # the draft was renewed before both had signed

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "side"], condition=Q(void_at=None), name="signed_once"
            )
        ]

    def __str__(self):
        return f"{self.agreement_id} {self.side}"


class DemoCertificate(models.Model):
    """A key and a certificate made here, without any force in law; of "", what they hang from."""

    place = CodeField(max_length=20, unique=True)
    pkcs12 = SealedText()  # base64
    valid_to = models.DateTimeField()
    made_at = models.DateTimeField()

    def __str__(self):
        return self.place or "root"
