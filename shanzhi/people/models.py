from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedText


class Account(AbstractBaseUser):
    """Someone who can sign in. Staff by username, password and a second factor; residents by phone.

    A phone code proves the phone and nothing more: an account sees what the account itself sent.
    """

    username = models.CharField(max_length=60, unique=True)  # of a resident: made up, never shown
    name = models.CharField(max_length=60, default="")
    email = models.EmailField(default="", blank=True)
    phone = SealedText(null=True)
    phone_hash = models.BinaryField(max_length=32, null=True, unique=True)
    phone_proved_at = models.DateTimeField(null=True)
    seen_on = models.DateField(null=True)  # the last day of use: phone numbers are given out anew
    home = CodeField(max_length=20, default="")  # the community or grid a resident chose
    estate = models.ForeignKey("places.Estate", models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=10, default="")
    large = models.BooleanField(default=False)  # elderly mode
    is_active = models.BooleanField(default=True)
    password_given = models.BooleanField(default=False)  # by someone else: to be changed first
    opened_at = models.DateTimeField()
    # what django.contrib.auth's permission checks expect; we use posts instead
    is_staff = models.BooleanField(default=False)
    is_superuser = False

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["opened_at"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_hash=None)
                | Q(phone__isnull=False, phone_hash__isnull=False),
                name="account_phone_is_found",
            )
        ]

    def __str__(self):
        if not self.name and self.username.startswith("r-"):
            return gettext("Resident")
        return self.name or self.username


class Department(models.Model):
    """A line of government: 民政局 in a city or district, 民政办 in a sub-district."""

    code = CodeField(max_length=30, primary_key=True)  # "civil_affairs"
    name = models.CharField(max_length=60)  # 民政
    bureau = models.CharField(max_length=60)  # 民政局
    office = models.CharField(max_length=60)  # 民政办

    def __str__(self):
        return self.name


class Post(models.Model):
    """Role × division × department × period: what someone may do, where, and until when."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30)  # a code from shanzhi/people/kinds.py
    place = CodeField(max_length=20)
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # first day it no longer holds
    granted_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "role", "place", "department"],
                condition=Q(valid_to=None),
                nulls_distinct=False,
                name="post_held_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
                name="post_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["place", "id"], name="post_place")]

    def __str__(self):
        return f"{self.role} in {self.place}"


class Card(models.Model):
    """A contact card residents see: who is there for a grid or community, and how to call."""

    class Kind(models.TextChoices):
        SECRETARY = "secretary", _("Community secretary")
        GRID_LEADER = "grid_leader", _("Grid leader")
        POLICE = "police", _("Police officer")
        HEALTH = "health", _("Health steward")

    place = CodeField(max_length=20)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=30)  # the public name
    unit = models.CharField(max_length=60, default="", blank=True)  # 三井派出所
    phone = models.CharField(max_length=20)  # a duty phone, public by its purpose
    hours = models.CharField(max_length=60, default="", blank=True)  # 工作日 8:30-17:30
    photo = models.UUIDField(null=True)  # a file, shown only with consent
    photo_consent_at = models.DateTimeField(null=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "kind"], name="card_once"),
            models.CheckConstraint(
                condition=Q(photo=None) | Q(photo_consent_at__isnull=False),
                name="card_photo_needs_consent",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.kind}) of {self.place}"


class Notice(models.Model):
    """A line in someone's in-app inbox, in words a resident understands."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    text = models.CharField(max_length=60)  # a code from the notice kinds; the words are made in
    values = models.JSONField(default=dict)  # the reader's language: {"number": …, "unit": …}
    link = models.CharField(max_length=200, default="")
    read_at = models.DateTimeField(null=True)
    entry = models.BigIntegerField()  # of the journal, from which it was made

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "entry"], name="notice_once")]
        indexes = [
            models.Index(fields=["account", "-at", "-id"], name="notice_inbox"),
            models.Index(fields=["account"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.text} to {self.account_id}"


class SentCode(models.Model):
    """The demonstration's text messages: shown on its sign-in page instead of on a phone."""

    phone = SealedText()
    phone_hash = models.BinaryField(max_length=32)
    text = SealedText()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["phone_hash", "-at"], name="sent_code_phone")]

    def __str__(self):
        return f"code of {self.at:%H:%M}"


class Key(models.Model):
    """An API key: acts through a post, within a place, for named items. Only its hash is kept."""

    name = models.CharField(max_length=60)
    post = models.ForeignKey(Post, models.PROTECT, related_name="keys")
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=8)  # the first characters, to tell keys apart
    place = CodeField(max_length=20)  # inside the post's place
    items = models.JSONField(default=list)  # codes of service items; empty is all
    may_write = models.BooleanField(default=False)
    valid_to = models.DateField()
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self):
        return f"{self.name} ({self.hint}…)"


class PhoneCode(models.Model):
    """A code on its way to a phone, known by its id to the browser session that asked for it.

    Only the code's keyed hash is kept. A row is proved once, used once, and swept after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    phone = SealedText()
    phone_hash = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    proved_at = models.DateTimeField(null=True)
    name_tries = models.PositiveSmallIntegerField(default=0)  # of the former holder's name
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sent_at"], name="phone_code_sent")]

    def __str__(self):
        return f"phone code of {self.sent_at:%H:%M}"


class Attempt(models.Model):
    """How often something was tried since when: wrong passwords, codes asked for, forms sent.

    In the database, because several processes count together. `key` is a hash.
    """

    key = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField()
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="attempt_until")]

    def __str__(self):
        return f"{self.count} since {self.since:%H:%M}"
