import uuid

from django.db import models

from shanzhi.kernel.fields import SealedText


class File(models.Model):
    """One stored attachment. Its bytes lie encrypted under FILES_ROOT, never in the web root."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.CharField(
        max_length=80, default=""
    )  # "cases.Case:17"; "" until what it is for is sent
    name = SealedText()  # as the sender called it, with the extension of what it is
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # of the cleaned content
    digest = models.BinaryField(max_length=32)  # SHA-256 of the cleaned content
    has_thumb = models.BooleanField(default=False)  # a small picture lies beside it
    uploaded_by = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="file_owner"),
            models.Index(fields=["uploaded_by", "uploaded_at"], name="file_uploader"),
            models.Index(fields=["uploaded_at"], name="file_waiting", condition=models.Q(owner="")),
        ]

    def __str__(self):
        return str(self.id)

    @property
    def is_picture(self):
        return self.content_type.startswith("image/")
