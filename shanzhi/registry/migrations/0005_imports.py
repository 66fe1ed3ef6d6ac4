import django.contrib.postgres.fields
import django.db.models.deletion
import shanzhi.kernel.codes
import shanzhi.kernel.fields
from django.db import migrations, models

from shanzhi.registry import fence

# The two functions that reach behind the fence know nothing of a batch that is not opened either.
LIVES = """
CREATE OR REPLACE FUNCTION registry_lives(about bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT community FROM registry_presence AS here
    WHERE person_id = about AND kind = 2 AND until IS NULL
        AND (batch IS NULL OR NOT EXISTS (
            SELECT FROM registry_hidden AS hidden WHERE hidden.batch = here.batch))
    LIMIT 1
$$
"""
KNOWN = """
CREATE OR REPLACE FUNCTION registry_known(number bytea) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT DISTINCT here.community
    FROM registry_person AS person JOIN registry_presence AS here ON here.person_id = person.id
    WHERE person.identity_hash = number AND person.merged_into_id IS NULL AND here.until IS NULL
        AND (here.batch IS NULL OR NOT EXISTS (
            SELECT FROM registry_hidden AS hidden WHERE hidden.batch = here.batch))
    ORDER BY 1
$$
"""
OF_BATCH = "exists (select from registry_batch batch where batch.id = {0}.batch_id and {1})"


def of_batch(table):
    """What hangs on a batch is seen where the batch is."""
    return fence.rule(table, OF_BATCH.format(table, fence.in_range("batch.place")))

# A source of the city speaks of every community in it, too.
AROUND = "starts_with(current_setting('shanzhi.low', true), place)"
FEED = f"{fence.in_range('place')} or {AROUND}"



class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0004_sharing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hidden',
            fields=[
                ('batch', models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('adapter', models.CharField(max_length=20)),
                ('settings', shanzhi.kernel.fields.SealedJSON(default=dict)),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('columns', models.JSONField(default=dict)),
                ('decision', models.CharField(choices=[('fill', 'Fill only what is empty'), ('keep', 'Keep what the registry says'), ('take', 'Take what the file says')], default='fill', max_length=4)),
                ('adds', models.BooleanField(default=False)),
                ('every', models.PositiveIntegerField(default=1440)),
                ('fresh', models.PositiveIntegerField(default=2880)),
                ('enabled', models.BooleanField(default=True)),
                ('due_at', models.DateTimeField()),
                ('ran_at', models.DateTimeField(null=True)),
                ('succeeded_at', models.DateTimeField(null=True)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('trouble', models.CharField(default='', max_length=500)),
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='feed', to='registry.source')),
            ],
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('uploaded', 'Columns to be assigned'), ('checking', 'Rows are being checked'), ('checked', 'Checked'), ('applying', 'Being taken over'), ('opened', 'Taken over'), ('undoing', 'Being undone'), ('undone', 'Undone'), ('discarded', 'Discarded')], default='uploaded', max_length=9)),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('file', models.UUIDField()),
                ('size', models.BigIntegerField()),
                ('digest', models.BinaryField(max_length=32)),
                ('layout', models.JSONField(default=dict)),
                ('columns', models.JSONField(default=list)),
                ('decision', models.CharField(choices=[('fill', 'Fill only what is empty'), ('keep', 'Keep what the registry says'), ('take', 'Take what the file says')], default='fill', max_length=4)),
                ('lenient', models.BooleanField(default=False)),
                ('total', models.BigIntegerField(default=0)),
                ('done', models.BigIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('trouble', models.CharField(default='', max_length=500)),
                ('reason', models.CharField(default='', max_length=300)),
                ('made_by', models.BigIntegerField(null=True)),
                ('acting', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
                ('began_at', models.DateTimeField(null=True)),
                ('stamp', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.source')),
                ('feed', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='batches', to='registry.feed')),
            ],
        ),
        migrations.CreateModel(
            name='FeedRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('rows', models.BigIntegerField(default=0)),
                ('batch', models.BigIntegerField(null=True)),
                ('trouble', models.CharField(default='', max_length=500)),
                ('feed', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='runs', to='registry.feed')),
            ],
        ),
        migrations.CreateModel(
            name='Problem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('row', models.BigIntegerField()),
                ('code', models.CharField(max_length=12)),
                ('column', models.SmallIntegerField(null=True)),
                ('other', models.BigIntegerField(null=True)),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', default='', max_length=20)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='problems', to='registry.batch')),
            ],
        ),
        migrations.CreateModel(
            name='BatchHousehold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BinaryField(max_length=16)),
                ('household_id', models.BigIntegerField()),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.batch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'key'), name='batch_household')],
            },
        ),
        migrations.CreateModel(
            name='Chunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('first', models.BigIntegerField()),
                ('rows', models.IntegerField()),
                ('sealed', models.BinaryField()),
                ('applied', models.BooleanField(default=False)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='chunks', to='registry.batch')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', 'first'], name='chunk_first')],
                'constraints': [models.UniqueConstraint(fields=('batch', 'number'), name='chunk_once')],
            },
        ),
        migrations.CreateModel(
            name='ColumnMap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('header', models.BinaryField(max_length=32)),
                ('columns', models.JSONField()),
                ('used_at', models.DateTimeField()),
                ('source', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.source')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'header'), name='map_once')],
            },
        ),
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('row', models.BigIntegerField()),
                ('section', models.CharField(max_length=40)),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('filling', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('told', shanzhi.kernel.fields.SealedJSON()),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('stamp', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Not settled'), ('taken', 'The file was right'), ('kept', 'The registry was right'), ('stale', 'Changed meanwhile'), ('undone', 'Undone')], default='waiting', max_length=7)),
                ('settled_at', models.DateTimeField(null=True)),
                ('taken', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('before', shanzhi.kernel.fields.SealedJSON(null=True)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='registry.batch')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', 'row', 'id'], name='difference_row'), models.Index(condition=models.Q(('state', 'waiting')), fields=['place', 'id'], name='difference_waiting')],
            },
        ),
        migrations.AddIndex(
            model_name='feed',
            index=models.Index(condition=models.Q(('enabled', True)), fields=['due_at'], name='feed_due'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['place', '-id'], name='batch_place'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['digest'], name='batch_digest'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['undoing', 'undone']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='batch_undone_for_a_reason'),
        ),
        migrations.AddIndex(
            model_name='feedrun',
            index=models.Index(fields=['feed', '-id'], name='feed_run'),
        ),
        migrations.AddConstraint(
            model_name='feedrun',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('began_at')), _connector='OR'), name='run_ends_after'),
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(fields=['batch', 'code', 'row', 'id'], name='problem_code'),
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(fields=['batch', 'row', 'id'], name='problem_row'),
        ),
        migrations.RunSQL(LIVES, migrations.RunSQL.noop),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        fence.hide_batches(),
        fence.rule("registry_batch", f"{fence.in_range('place')} or (feed_id is not null and {AROUND})"),
        fence.rule("registry_difference", fence.in_range("place")),
        fence.rule("registry_feed", FEED),
        of_batch("registry_chunk"),
        of_batch("registry_problem"),
        of_batch("registry_batchhousehold"),
    ]
