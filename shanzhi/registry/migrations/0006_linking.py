import django.db.models.deletion
import shanzhi.kernel.codes
from django.db import migrations, models

from shanzhi.registry import fence


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_imports")]
    operations = [
        migrations.CreateModel(
            name='LinkJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('batch', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Comparing'), ('done', 'Done'), ('failed', 'Did not finish')], default='waiting', max_length=7)),
                ('step', models.CharField(default='', max_length=20)),
                ('records', models.IntegerField(default=0)),
                ('found', models.IntegerField(default=0)),
                ('trouble', models.CharField(default='', max_length=300)),
                ('made_by', models.BigIntegerField(null=True)),
                ('made_at', models.DateTimeField()),
                ('began_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['place', '-id'], name='link_job_place')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('place',), name='link_job_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('taken', models.JSONField(default=list)),
                ('sealed', models.BinaryField(null=True)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.BigIntegerField(null=True)),
                ('made_post', models.BigIntegerField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.BigIntegerField(null=True)),
                ('undone_post', models.BigIntegerField(null=True)),
                ('given_up', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.person')),
                ('kept', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='registry.person')),
            ],
        ),
        migrations.CreateModel(
            name='LinkPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('first', models.BigIntegerField()),
                ('second', models.BigIntegerField()),
                ('weight', models.FloatField()),
                ('start', models.FloatField()),
                ('suggested', models.BooleanField()),
                ('parts', models.JSONField()),
                ('state', models.CharField(choices=[('open', 'To be decided'), ('later', 'Put aside'), ('same', 'The same person'), ('not_same', 'Not the same'), ('gone', 'Settled otherwise')], default='open', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.BigIntegerField(null=True)),
                ('decided_post', models.BigIntegerField(null=True)),
                ('job', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='registry.linkjob')),
                ('merge', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pairs', to='registry.merge')),
            ],
        ),
        migrations.CreateModel(
            name='NotSame',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('low', models.BigIntegerField()),
                ('high', models.BigIntegerField()),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('said_at', models.DateTimeField()),
                ('said_by', models.BigIntegerField(null=True)),
                ('said_post', models.BigIntegerField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['high'], name='not_same_high')],
                'constraints': [models.UniqueConstraint(fields=('low', 'high'), name='not_same_once'), models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='not_same_in_order')],
            },
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['kept', '-id'], name='merge_kept'),
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(fields=['place', '-id'], name='merge_place'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('given_up',), name='merged_once'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('given_up')), _negated=True), name='merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('undone_at', None), ('sealed', None), _connector='OR'), name='merge_undone_is_empty'),
        ),
        migrations.AddIndex(
            model_name='linkpair',
            index=models.Index(fields=['job', 'state', '-weight', 'id'], name='link_pair_order'),
        ),
        migrations.AddIndex(
            model_name='linkpair',
            index=models.Index(fields=['first'], name='link_pair_first'),
        ),
        migrations.AddIndex(
            model_name='linkpair',
            index=models.Index(fields=['second'], name='link_pair_second'),
        ),
        migrations.AddConstraint(
            model_name='linkpair',
            constraint=models.UniqueConstraint(fields=('job', 'first', 'second'), name='link_pair_once'),
        ),
        migrations.AddConstraint(
            model_name='linkpair',
            constraint=models.CheckConstraint(condition=models.Q(('first', models.F('second')), _negated=True), name='link_pair_of_two'),
        ),
        fence.rule("registry_linkjob", fence.in_range("place")),
        fence.rule("registry_linkpair", fence.in_range("place")),
        fence.rule("registry_notsame", fence.in_range("place")),
        fence.policy("registry_merge", "kept_id"),
    ]
