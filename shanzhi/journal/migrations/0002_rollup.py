"""Sums of whole subtrees beside the tallies, for places with many others below them."""

import django.db.models.fields.composite
from django.db import migrations, models

import shanzhi.kernel.codes

FILL = """
insert into journal_rollup (measure, place, day, key, count)
select measure, left(place, length), day, key, sum(count)
from journal_tally, unnest(array[2, 4, 6, 9]) as length
where length(place) >= length group by 1, 2, 3, 4;
alter table journal_rollup set (fillfactor = 80);
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Rollup",
            fields=[
                (
                    "pk",
                    django.db.models.fields.composite.CompositePrimaryKey(
                        "measure", "place", "day", "key",
                        blank=True, editable=False, primary_key=True, serialize=False,
                    ),
                ),
                ("measure", models.CharField(max_length=40)),
                ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=20)),
                ("day", models.DateField()),
                ("key", models.CharField(default="", max_length=60)),
                ("count", models.BigIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["measure", "day", "place"], name="rollup_of_days")
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]  # fmt: skip
