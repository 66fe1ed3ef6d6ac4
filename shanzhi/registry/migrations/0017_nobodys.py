"""Where somebody lived who was forgotten is nobody's row any more."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORGOTTEN_BEFORE = """
update registry_presence here set person_id = null, batch = null
from registry_person person
where person.id = here.person_id and here.name = '' and here.until is not null
  and here.dwelling_id is null and person.name = '' and person.identity_hash is null
  and person.merged_into_id is null
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_warned")]

    operations = [
        migrations.AlterField(
            "presence", "person",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                related_name="presences", to="registry.person",
            ),
        ),
        migrations.AddConstraint(
            "presence",
            models.CheckConstraint(
                condition=Q(person__isnull=False)
                | Q(until__isnull=False, name="", dwelling=None, batch=None),
                name="presence_of_nobody_is_a_figure",
            ),
        ),
        migrations.RunSQL(FORGOTTEN_BEFORE, migrations.RunSQL.noop),
    ]
