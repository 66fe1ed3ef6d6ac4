from django.db import models

from shanzhi.kernel.codes import CodeField


class Entry(models.Model):
    """One thing that happened. Never edited, never deleted; partitioned by month of `at`.

    No foreign keys: an entry outlives what it speaks of. `data` holds references and field names,
    never personal values. One more column is the database's own and set by it alone: `xid`, the
    number of the writing transaction. Followers read in the order (xid, id).
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=60)  # "cases.accepted": area.past_tense
    about = models.CharField(max_length=80)  # "cases.Case:17"
    by = models.BigIntegerField(null=True)  # the account; null is the system
    post = models.BigIntegerField(null=True)  # through which it acted
    behalf = models.CharField(max_length=80, default="")  # for whom, where it was not for oneself
    place = CodeField(max_length=20)
    data = models.JSONField(default=dict)

    class Meta:
        managed = False  # partitioned: made by hand in the migration
        db_table = "journal_entry"

    def __str__(self):
        return f"{self.verb} {self.about} at {self.at:%Y-%m-%d %H:%M}"


class Era(models.Model):
    """The time on one database server. The next one counts its transactions from the start, so
    `shift` is added to each of its numbers: an entry's `xid` rises for ever.
    """

    number = models.SmallIntegerField(primary_key=True)
    shift = models.BigIntegerField(default=0)
    cluster = models.BigIntegerField()  # the server's own identifier
    began_at = models.DateTimeField()

    def __str__(self):
        return f"{self.number} since {self.began_at:%Y-%m-%d %H:%M}"


class Cursor(models.Model):
    """How far a follower has read: everything up to (xid, entry) has had its effect."""

    follower = models.CharField(max_length=60, primary_key=True)
    xid = models.BigIntegerField(default=0)
    entry = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)  # in a row
    failed_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, default="")  # kind and place of the fault, no values

    def __str__(self):
        return f"{self.follower} at {self.xid}/{self.entry}"


class Seal(models.Model):
    """A link of the hash chain: the settled entries after the link before, up to (xid, last).

    `digest` folds the previous link's digest with each entry's hash; `leaves` keeps the first bytes
    of each of these hashes, so that a break can be told to the entry.
    """

    day = models.DateField(db_index=True)  # of its last entry
    xid = models.BigIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    entries = models.IntegerField()
    digest = models.BinaryField(max_length=32)
    leaves = models.BinaryField()

    def __str__(self):
        return f"{self.day}: {self.entries} entries"


class Counted(models.Model):
    """How often something happened in a place on a day, by what it is counted by."""

    pk = models.CompositePrimaryKey("measure", "place", "day", "key")
    measure = models.CharField(max_length=40)  # "cases.received"
    place = CodeField(max_length=20)
    day = models.DateField()
    key = models.CharField(max_length=60, default="")  # what it is counted by: the item's code
    count = models.BigIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.measure} {self.place} {self.day}: {self.count}"


class Measured(models.Model):
    """What the tallies have counted from the first entry on. A measure that comes later is missing
    here until the days before it are counted.
    """

    pk = models.CompositePrimaryKey("verb", "measure")
    verb = models.CharField(max_length=60)
    measure = models.CharField(max_length=40)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.verb} as {self.measure}"


class Tally(Counted):
    """Of the place that the entry names: folded from entries, rebuilt nightly."""

    class Meta:
        indexes = [models.Index(fields=["measure", "day", "place"], name="tally_of_days")]


class Rollup(Counted):
    """Of a place with all below it, from the sub-district up: a month of a district is a few rows
    here, and seventy thousand tallies.
    """

    class Meta:
        indexes = [models.Index(fields=["measure", "day", "place"], name="rollup_of_days")]
