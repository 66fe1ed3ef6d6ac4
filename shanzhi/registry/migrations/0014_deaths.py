import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import shanzhi.kernel.codes
from shanzhi.registry import fence

# Both reach behind the fence: a death is heard of in every community, and so is its taking back.
END = """
CREATE FUNCTION registry_end_all(about bigint, on_day date)
RETURNS TABLE (presences bigint[], membership bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH ended AS (
        UPDATE registry_presence SET until = greatest(since, on_day)
        WHERE person_id = about AND until IS NULL
        RETURNING id
    ), left_household AS (
        UPDATE registry_membership SET until = greatest(since, on_day)
        WHERE person_id = about AND until IS NULL
        RETURNING id
    )
    SELECT (SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM ended),
           (SELECT id FROM left_household)
$$
"""
# The membership only where the household is still there and nobody else has become its head.
BEGIN_AGAIN = """
CREATE FUNCTION registry_begin_again(about bigint, which bigint[], member bigint)
RETURNS TABLE (presences bigint, membership bigint)
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH again AS (
        UPDATE registry_presence SET until = NULL WHERE person_id = about AND id = ANY (which)
        RETURNING 1
    ), back AS (
        UPDATE registry_membership AS here SET until = NULL
        FROM registry_household AS house
        WHERE here.id = member AND here.person_id = about
            AND house.id = here.household_id AND house.ended_on IS NULL
            AND NOT (here.relation = '02' AND EXISTS (
                SELECT FROM registry_membership AS other
                WHERE other.household_id = here.household_id AND other.relation = '02'
                    AND other.until IS NULL))
        RETURNING here.id
    )
    SELECT (SELECT count(*) FROM again), (SELECT id FROM back)
$$
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0013_population")]

    operations = [
        migrations.CreateModel(
            name='Death',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=15)),
                ('on', models.DateField()),
                ('presences', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('membership', models.BigIntegerField(null=True)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.BigIntegerField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.BigIntegerField(null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.person')),
            ],
            options={
                'indexes': [models.Index(fields=['place', '-id'], name='death_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('person',), name='death_once'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('undone_at', None)), models.Q(('undone_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='death_undone_for_a_reason')],
            },
        ),
        fence.rule("registry_death", fence.in_range("place")),
        migrations.RunSQL(END, "DROP FUNCTION registry_end_all(bigint, date)"),
        migrations.RunSQL(BEGIN_AGAIN, "DROP FUNCTION registry_begin_again(bigint, bigint[], bigint)"),
    ]
