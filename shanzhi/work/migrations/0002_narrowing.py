import django.db.models.functions.text
import django.db.models.lookups
import shanzhi.kernel.codes
from django.db import migrations, models

# What waits already lies where it waits; cases tell more of theirs in a migration of their own.
HERE = "UPDATE work_duty SET scene = place WHERE closed_at IS NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='duty',
            name='item',
            field=shanzhi.kernel.codes.CodeField(db_collation='C', db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='duty',
            name='scene',
            field=shanzhi.kernel.codes.CodeField(db_collation='C', db_default='', default='', max_length=20),
        ),
        migrations.RunSQL(HERE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='duty',
            name='below',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(django.db.models.lookups.Exact(django.db.models.functions.text.Length('place'), 4), then=django.db.models.functions.text.Left('scene', 6)), models.When(django.db.models.lookups.Exact(django.db.models.functions.text.Length('place'), 6), then=django.db.models.functions.text.Left('scene', 9)), models.When(django.db.models.lookups.Exact(django.db.models.functions.text.Length('place'), 9), then=django.db.models.functions.text.Left('scene', 12)), default=django.db.models.functions.text.Left('scene', 15)), output_field=shanzhi.kernel.codes.CodeField(db_collation='C', max_length=15)),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('closed_at', None), models.Q(('item', ''), _negated=True)), fields=['unit', 'department', 'item', 'paused', 'due_at', 'id'], name='duty_of_item'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['unit', 'department', 'below', 'paused', 'due_at', 'id'], name='duty_below'),
        ),
    ]
