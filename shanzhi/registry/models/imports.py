"""Batches: a file on its way into the registry, and what became of each of its rows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.codes import CodeField
from shanzhi.kernel.fields import SealedJSON

from .versions import Source


class Hidden(models.Model):
    """A batch whose rows nobody sees: it is being written, or being undone. To open it is to delete
    this row.
    """

    batch = models.BigIntegerField(primary_key=True)
    counted = models.BooleanField(default=False)  # its Turns are there and count once it is opened

    def __str__(self):
        return str(self.batch)


class Batch(models.Model):
    """One import. The file lies sealed beside the uploads; values are in sealed chunks."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to be assigned")
        CHECKING = "checking", _("Rows are being checked")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Being taken over")
        OPENED = "opened", _("Taken over")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        DISCARDED = "discarded", _("Discarded")

    class Decision(models.TextChoices):
        """What is done where the registry says something else."""

        FILL = "fill", _("Fill only what is empty")
        KEEP = "keep", _("Keep what the registry says")
        TAKE = "take", _("Take what the file says")

    state = models.CharField(max_length=9, choices=State.choices, default=State.UPLOADED)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    feed = models.ForeignKey("registry.Feed", models.SET_NULL, null=True, related_name="batches")
    place = CodeField(max_length=20)  # the range it may write into
    name = models.CharField(max_length=200)  # of the file
    file = models.UUIDField()
    size = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)  # of the file, to know it again
    layout = models.JSONField(default=dict)  # sheets, encoding, where the header is
    columns = models.JSONField(default=list)  # the target of each column, "" for kept aside
    decision = models.CharField(
        max_length=4, choices=Decision.choices, default=Decision.FILL
    )  # of differences
    lenient = models.BooleanField(default=False)  # a cell that cannot be read is left empty
    total = models.BigIntegerField(default=0)  # rows, as far as known
    done = models.BigIntegerField(default=0)  # rows, in the present state
    counts = models.JSONField(default=dict)  # {"outcomes": {}, "problems": {}, "places": {}}
    trouble = models.CharField(max_length=500, default="")  # why it stopped, in a sentence
    reason = models.CharField(max_length=300, default="")  # of undoing
    made_by = models.BigIntegerField(null=True)
    acting = models.JSONField(default=dict)  # who asked for the present step
    made_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)  # the present step
    stamp = models.DateTimeField(null=True)  # recorded_at of every row it wrote
    opened_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["undoing", "undone"]) | ~Q(reason=""),
                name="batch_undone_for_a_reason",
            )
        ]
        indexes = [
            models.Index(fields=["place", "-id"], name="batch_place"),
            models.Index(fields=["digest"], name="batch_digest"),
        ]

    def __str__(self):
        return f"batch {self.pk}"


class Chunk(models.Model):
    """Some rows of a batch, read and checked, sealed together."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="chunks", db_index=False)
    number = models.IntegerField()
    first = models.BigIntegerField()  # its rows are first … first + rows - 1
    rows = models.IntegerField()
    sealed = models.BinaryField()
    applied = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="chunk_once")]
        indexes = [models.Index(fields=["batch", "first"], name="chunk_first")]

    def __str__(self):
        return f"{self.batch_id}:{self.number}"


class Problem(models.Model):
    """Something about a row; the sentence is made when it is shown, from the row itself."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="problems", db_index=False)
    row = models.BigIntegerField()
    code = models.CharField(max_length=12)
    column = models.SmallIntegerField(null=True)
    other = models.BigIntegerField(null=True)  # a row of the file, or a person
    place = CodeField(max_length=20, default="")

    class Meta:
        indexes = [
            models.Index(fields=["batch", "code", "row", "id"], name="problem_code"),
            models.Index(fields=["batch", "row", "id"], name="problem_row"),
        ]

    def __str__(self):
        return self.code


class Difference(models.Model):
    """A known person of whom a batch says something else than the registry."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not settled")
        TAKEN = "taken", _("The file was right")
        KEPT = "kept", _("The registry was right")
        ASKED = "asked", _("The owner was asked")
        STALE = "stale", _("Changed meanwhile")
        UNDONE = "undone", _("Undone")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="differences", db_index=False)
    person_id = models.BigIntegerField()
    row = models.BigIntegerField()
    section = models.CharField(max_length=40)
    fields = ArrayField(models.CharField(max_length=40))
    filling = ArrayField(models.CharField(max_length=40), default=list)  # where nothing is held
    told = SealedJSON()  # what the file says, by field
    place = CodeField(max_length=20)  # the community
    stamp = models.DateTimeField(null=True)  # recorded_at of what it was compared with
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    settled_at = models.DateTimeField(null=True)
    taken = ArrayField(models.CharField(max_length=40), default=list)
    before = SealedJSON(null=True)  # what stood there, to undo

    class Meta:
        indexes = [
            models.Index(fields=["batch", "row", "id"], name="difference_row"),
            models.Index(
                fields=["place", "id"], name="difference_waiting", condition=Q(state="waiting")
            ),
        ]

    def __str__(self):
        return f"{self.section} of {self.person_id}"


class BatchHousehold(models.Model):
    """Which household the rows of one number, or of one door, belong to."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="+", db_index=False)
    key = models.BinaryField(max_length=16)
    household_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "key"], name="batch_household")]

    def __str__(self):
        return str(self.household_id)


class ColumnMap(models.Model):
    """How the columns of a header were assigned the last time, for each source."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="+", db_index=False)
    header = models.BinaryField(max_length=32)  # hash of its titles
    columns = models.JSONField()
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "header"], name="map_once")]

    def __str__(self):
        return f"columns of {self.source_id}"


class Feed(models.Model):
    """A source that is asked by itself: where, how often, and how it went."""

    source = models.OneToOneField(Source, models.PROTECT, related_name="feed")
    adapter = models.CharField(max_length=20)  # a name of kinds.ADAPTERS
    settings = SealedJSON(default=dict)  # address, key, query …
    place = CodeField(max_length=20)  # whose persons it speaks of
    columns = models.JSONField(default=dict)  # its column names → elements
    decision = models.CharField(
        max_length=4, choices=Batch.Decision.choices, default=Batch.Decision.FILL
    )
    adds = models.BooleanField(default=False)  # may it bring persons nobody knows?
    every = models.PositiveIntegerField(default=1440)  # minutes
    fresh = models.PositiveIntegerField(default=2880)  # minutes after which it is out of date
    enabled = models.BooleanField(default=True)
    due_at = models.DateTimeField()
    ran_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)  # since it last succeeded
    trouble = models.CharField(max_length=500, default="")

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="feed_due", condition=Q(enabled=True))]

    def __str__(self):
        return str(self.source_id)


class FeedRun(models.Model):
    """One time a source was asked."""

    feed = models.ForeignKey(Feed, models.CASCADE, related_name="runs", db_index=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)
    batch = models.BigIntegerField(null=True)
    trouble = models.CharField(max_length=500, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")), name="run_ends_after"
            )
        ]
        indexes = [models.Index(fields=["feed", "-id"], name="feed_run")]

    def __str__(self):
        return f"{self.feed_id} {self.began_at:%Y-%m-%d %H:%M}"
