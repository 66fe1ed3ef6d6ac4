"""Who is whom: accounts bound to persons, and what a person asks about their own data."""

from datetime import date, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedJSON, SealedText

from .persons import Person


class Level(models.IntegerChoices):
    """How an account was proved to be a person; a phone code alone proves none of it."""

    COUNTER = 1, _("Checked at the counter")
    ADAPTER = 2, _("Checked by an identity service")
    STAFF = 3, _("Checked by staff from the papers sent")


class Relation(models.TextChoices):
    SELF = "self", _("Oneself")
    GUARDIAN = "guardian", _("Guardian")
    PROXY = "proxy", _("Proxy")
    RELATIVE = "relative", _("Close relative of the dead")


class Binding(models.Model):
    """The proof that an account is a person, or may act for one.

    It holds as long as the account keeps the phone it was proved with, and until its date.
    """

    class End(models.TextChoices):
        PHONE = "phone", _("The phone number changed")
        RESIDENT = "resident", _("Ended by the resident")
        STAFF = "staff", _("Ended by staff")
        AGAIN = "again", _("Bound again")
        AGE = "age", _("The child has come of age")
        DIED = "died", _("The person died")
        OVER = "over", _("Its time was over")

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="bindings", db_index=False)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    relation = models.CharField(max_length=8, choices=Relation.choices, default=Relation.SELF)
    scope = models.JSONField(default=list)  # what a proxy may do: see rules/bindings.py
    phone_hash = models.BinaryField(max_length=32)  # the account's, at the proof
    proved_at = models.DateTimeField()
    proved_by = models.BigIntegerField(null=True)  # the account of the worker
    proof = models.CharField(max_length=200, default="")  # what was looked at, never a number
    since = models.DateField()
    until = models.DateField()  # first day no longer
    warned_at = models.DateTimeField(null=True)  # the account was told that the end is near
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=8, choices=End.choices, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(ended_at=None, relation="self"),
                name="account_is_one_person",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None, relation="self"),
                name="person_has_one_account",
            ),
            models.UniqueConstraint(
                fields=["account", "person"], condition=Q(ended_at=None), name="bound_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="binding_ended_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["account"], name="binding_account"),
            models.Index(fields=["person"], name="binding_person"),
        ]

    def __str__(self):
        return f"account {self.account_id} as person {self.person_id}"

    @property
    def last_day(self) -> date:
        """As people say it: the last day on which it holds."""
        return self.until - timedelta(days=1)

    def allows(self, what: str) -> bool:
        """Oneself and guardians everything, proxies what they were named for, relatives reading."""
        if self.relation == Relation.RELATIVE:
            return what == "read"
        return self.relation != Relation.PROXY or what in self.scope


class BindingRequest(models.Model):
    """A binding on its way: a code shown at the counter, papers sent, or an identity service."""

    class Way(models.TextChoices):
        COUNTER = "counter", _("At the counter")
        STAFF = "staff", _("By papers sent")
        ADAPTER = "adapter", _("By an identity service")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("binding", "Waiting")
        DONE = "done", _("Bound")
        REFUSED = "refused", pgettext_lazy("binding", "Refused")

    id = models.UUIDField(primary_key=True, default=uuid4)
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+", db_index=False)
    way = models.CharField(max_length=8, choices=Way.choices)
    relation = models.CharField(max_length=8, choices=Relation.choices, default=Relation.SELF)
    scope = models.JSONField(default=list)
    until = models.DateField(null=True)  # as wished for a proxy
    place = CodeField(max_length=20, default="")  # the community that checks
    said = SealedJSON(default=dict)  # name, identity number: of the person, and of who asks
    digest = models.BinaryField(max_length=32, null=True)  # of the code, or of the nonce
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=300, default="")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-asked_at"], name="binding_request_account"),
            models.Index(
                fields=["digest"], name="binding_request_code",
                condition=Q(digest__isnull=False, state="waiting"),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.way} {self.state}"


class SeenToken(models.Model):
    """An identity service's token that was used: it is not taken twice."""

    adapter = models.CharField(max_length=40)
    token = models.CharField(max_length=80)  # its jti
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["adapter", "token"], name="token_once")]

    def __str__(self):
        return self.adapter


class ChangeRequest(models.Model):
    """Someone says that a value is wrong. Its owner decides within ten working days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being checked")
        ACCEPTED = "accepted", _("Corrected")
        REFUSED = "refused", _("Not corrected")
        WITHDRAWN = "withdrawn", pgettext_lazy("change request", "Withdrawn")

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    element = CodeField(max_length=80)  # "person.birth"
    wanted = SealedText(null=True)
    held = SealedText(null=True)  # what stood there when it was asked
    reason = models.CharField(max_length=500)
    place = CodeField(max_length=20)  # whose it is to decide
    department = CodeField(max_length=30, default="")
    asked_by = models.BigIntegerField(null=True)  # the account
    case = models.CharField(max_length=12, default="")  # the receipt number, from a form
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_post = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "element"], condition=Q(state="waiting"), name="disputed_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | (Q(decided_at__isnull=False) & ~Q(state="waiting")),
                name="change_request_decided_at",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="change_request_person"),
            models.Index(fields=["place", "department", "-id"], name="change_request_unit"),
        ]

    def __str__(self):
        return f"{self.element} {self.state}"


class ErasureRequest(models.Model):
    """Asked to delete; answered at once, element by element, with the reason of each refusal."""

    person_id = models.BigIntegerField()  # outlives the row it speaks of
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    outcome = models.JSONField(default=dict)  # {"person.other_phone": ""}; "" is deleted

    class Meta:
        indexes = [models.Index(fields=["person_id", "-id"], name="erasure_request_person")]

    def __str__(self):
        return f"person {self.person_id}"
