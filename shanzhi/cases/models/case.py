"""A request and what hangs on it."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedJSON, SealedText


class Case(models.Model):
    """办件: what one person asked for, from submission to the answer and its rating."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waiting for acceptance")
        CORRECTING = "correcting", _("Waiting for missing papers")
        ACCEPTED = "accepted", _("Accepted")
        NOT_ACCEPTED = "not_accepted", _("Not accepted")
        HANDLING = "handling", _("Being handled")
        SUSPENDED = "suspended", _("Clock stopped")
        DECIDED = "decided", _("Decided")
        REPLIED = "replied", _("Answered")
        DELIVERED = "delivered", _("Delivered")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        TERMINATED = "terminated", _("Ended without an answer")

    class Decision(models.TextChoices):
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Sent by the resident")
        COUNTER = "counter", _("Taken down by a worker")
        HOTLINE = "hotline", _("12345")
        DEPARTMENT = "department", _("From a department")

    number = models.CharField(max_length=12)  # twelve digits, the last one checks
    item = models.ForeignKey("cases.Item", models.PROTECT, related_name="+")
    category = CodeField(max_length=6, default="")
    title = models.CharField(max_length=200)
    place = CodeField(max_length=20)  # where the matter is: a community or grid; never moves
    location = models.CharField(max_length=100, default="")  # to the estate, never the room
    channel = models.CharField(max_length=10, choices=Channel.choices)
    state = models.CharField(max_length=12, choices=State.choices)
    decision = models.CharField(max_length=8, choices=Decision.choices, default="")

    # for whom
    applicant = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    assisted_by = models.BigIntegerField(null=True)  # the worker's account, where one typed
    name = models.CharField(max_length=60)
    phone = SealedText(null=True)
    phone_hash = models.BinaryField(max_length=32, null=True)
    identity = SealedText(null=True)
    identity_hash = models.BinaryField(max_length=32, null=True)
    code_hash = models.BinaryField(max_length=32)  # of the six digits on the receipt

    # what was said
    answers = models.JSONField(default=dict)  # of fields that hold nothing personal
    sealed = SealedJSON(default=dict)  # of the others, and free text as it was typed
    words = models.TextField(default="")  # free text with numbers masked; shown and searched
    search = SearchVectorField(null=True)

    # who answers
    lead_place = CodeField(max_length=20)
    lead_department = CodeField(max_length=30, default="")

    # where it comes from, if it was not sent here
    source = models.CharField(max_length=20, default="")
    external_number = models.CharField(max_length=60, default="")
    submission = models.UUIDField(unique=True)  # one press, one case

    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    deemed = models.BooleanField(default=False)  # accepted because nobody spoke within five days
    promised_due_at = models.DateTimeField(null=True)
    statutory_due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    extended_reason = models.CharField(max_length=200, default="")
    steps_done = models.PositiveSmallIntegerField(default=0)
    delivery = models.CharField(max_length=200, default="")
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # not unique=True, which makes a second index for LIKE
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.UniqueConstraint(
                fields=["source", "external_number"],
                condition=~Q(source=""),
                name="external_number_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(promised_due_at__isnull=False),
                name="case_accepted_has_a_due_date",
            ),
            models.CheckConstraint(
                condition=Q(applicant__isnull=False) | ~Q(channel="phone"),
                name="case_sent_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_hash=None)
                | Q(phone__isnull=False, phone_hash__isnull=False),
                name="case_phone_is_found",
            ),
        ]
        indexes = [
            models.Index(Left("place", 12), F("id").desc(), name="case_of_community"),
            models.Index(Left("place", 9), F("id").desc(), name="case_of_subdistrict"),
            models.Index(Left("place", 6), F("id").desc(), name="case_of_district"),
            models.Index(fields=["lead_place", "-id"], name="case_lead"),
            models.Index(fields=["-submitted_at", "-id"], name="case_submitted"),
            models.Index(
                fields=["applicant", "-id"],
                name="case_applicant",
                condition=Q(applicant__isnull=False),
            ),
            models.Index(
                fields=["phone_hash"], name="case_phone", condition=Q(phone_hash__isnull=False)
            ),
            models.Index(
                fields=["identity_hash"],
                name="case_identity",
                condition=Q(identity_hash__isnull=False),
            ),
            models.Index(fields=["name", "-id"], name="case_name"),
            models.Index(
                fields=["replied_at"],
                name="case_to_close",
                condition=Q(state__in=["replied", "delivered"]),
            ),
            # fastupdate would make some submissions wait for merging the pending list
            GinIndex(fields=["search"], name="case_search", fastupdate=False),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return reverse("cases:case", args=[self.number])


class Correction(models.Model):
    """What was missing, all of it told at once, and when it came."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="corrections", db_index=False)
    gaps = models.JSONField()  # sentences
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], name="correction_asked_once")]

    def __str__(self):
        return f"{len(self.gaps)} gaps"


class Involvement(models.Model):
    """A unit that handles the case: one leads at a time, others help. It may see the case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="involvements")
    place = CodeField(max_length=20)
    department = CodeField(max_length=30, default="")
    leads = models.BooleanField()
    task = models.CharField(max_length=300, default="")
    admission = CodeField(max_length=12, default="", db_default="")  # of the gate: docs/gate.md
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    opinion = models.TextField(default="")  # what a helping unit answered

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(leads=True, ended_at=None), name="one_unit_leads"
            )
        ]
        indexes = [models.Index(fields=["place", "department"], name="involvement_unit")]

    def __str__(self):
        return f"{self.place} {self.department}"


class Note(models.Model):
    """An internal remark; the resident does not see it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    by = models.BigIntegerField()
    text = models.TextField()

    def __str__(self):
        return self.text[:40]


class Reveal(models.Model):
    """Masked values were shown in full: to whom, which, and why. The resident may ask."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reveals")
    at = models.DateTimeField()
    by = models.BigIntegerField()
    post = models.BigIntegerField()
    fields = models.JSONField()
    reason = models.CharField(max_length=200)

    def __str__(self):
        return ", ".join(self.fields)


class Reply(models.Model):
    """What the resident was told: a decision with its grounds, an answer, a refusal."""

    class Kind(models.TextChoices):
        NOT_ACCEPTED = "not_accepted"
        DECISION = "decision"
        ANSWER = "answer"
        CALL_BACK = "call_back"

    case = models.ForeignKey(Case, models.CASCADE, related_name="replies")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)
    text = models.TextField()
    grounds = models.TextField(default="")  # legal basis of a refusal
    remedy = models.TextField(default="")  # where to object, and until when

    def __str__(self):
        return self.text[:40]


class Rating(models.Model):
    """好差评: five levels, none chosen beforehand. No row is "unrated", which is not satisfied."""

    class Score(models.IntegerChoices):
        VERY_GOOD = 5, _("Very satisfied")
        GOOD = 4, _("Satisfied")
        FAIR = 3, _("Fairly satisfied")
        BAD = 2, _("Dissatisfied")
        VERY_BAD = 1, _("Very dissatisfied")

    case = models.ForeignKey(Case, models.CASCADE, related_name="ratings", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)  # a reopened case is rated again
    score = models.PositiveSmallIntegerField(choices=Score.choices)
    words = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="one_matter_one_rating"),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="score_from_1_to_5"),
        ]

    def __str__(self):
        return f"{self.score} of 5"


class Draft(models.Model):
    """A form someone began. All of it is sealed; it is deleted when sent or after 30 days."""

    id = models.UUIDField(primary_key=True)  # becomes the submission of the case
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+", db_index=False)
    post = models.BigIntegerField(null=True)  # the post of a worker who types for someone
    item_code = CodeField(max_length=40)
    sealed = SealedJSON(default=dict)
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-saved_at"], name="draft_of_account")]

    def __str__(self):
        return self.item_code


class Filling(models.Model):
    """An answer that was not typed but taken from the registry, and where that had it from."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="fillings", db_index=False)
    key = models.CharField(max_length=30)  # of the question
    element = models.CharField(max_length=80)  # "person.birth"
    source = models.CharField(max_length=100)
    person = models.BigIntegerField()  # of the registry
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "key"], name="filled_once")]

    def __str__(self):
        return f"{self.key} from {self.element}"


class Replay(models.Model):
    """An answer the API gave, so that a repeated request gets it again. Kept 24 hours."""

    key = models.CharField(max_length=100)
    actor = models.CharField(max_length=60)  # "key:3"
    digest = models.BinaryField(max_length=32)  # of the request
    status = models.PositiveSmallIntegerField()
    sealed = SealedJSON()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="replay_once")]

    def __str__(self):
        return self.key
