from django.db import migrations

# An open duty of a case tells its item and where the matter is, so that the desk can be narrowed.
TELL = """
    UPDATE work_duty AS duty SET item = item.code, scene = one.place
    FROM cases_case AS one JOIN cases_item AS item ON item.id = one.item_id
    WHERE duty.closed_at IS NULL AND duty.about LIKE 'cases.Case:%'
      AND one.id = substr(duty.about, 12)::bigint
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_constraints'),
        ('work', '0002_narrowing'),
    ]

    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
