from django.db import migrations

from shanzhi.registry import fence

# It runs as the owner of the tables: an entry that was given up is present nowhere, so the person
# it belongs to would not see who read it.
ENTRIES = """
CREATE FUNCTION registry_entries(about bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH RECURSIVE entry (id) AS (
        SELECT about
        UNION
        SELECT given_up.id FROM registry_person AS given_up
        JOIN entry ON given_up.merged_into_id = entry.id
    )
    SELECT id FROM entry ORDER BY id
$$
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_asked")]

    operations = [
        migrations.RunSQL(ENTRIES, "DROP FUNCTION registry_entries(bigint)"),
        fence.policy("registry_consent"),
        fence.policy("registry_erasurerequest"),
    ]
