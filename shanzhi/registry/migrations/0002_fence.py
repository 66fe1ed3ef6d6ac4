"""Row-level security (docs/registry.md, Fence)."""

import django.db.models.functions.text
from django.db import migrations, models

import shanzhi.kernel.codes
from shanzhi.registry import fence

# What a request writes it may read back: INSERT … RETURNING asks whether the new row is visible,
# and someone whose presence here has just ended is still being written about.
ADMIT = """
create function registry_admit() returns trigger language plpgsql as $$
declare
    known text := coalesce(current_setting('shanzhi.person', true), '');
    person text;
begin
    if tg_table_name = 'registry_person' then
        person := new.id;
    else
        person := new.person_id;
    end if;
    if not person = any (string_to_array(known, ',')) then
        perform set_config('shanzhi.person', concat_ws(',', nullif(known, ''), person), true);
    end if;
    return new;
end
$$;
create trigger admit before insert on registry_person for each row
    when (row_security_active('registry_person'::regclass)) execute function registry_admit();
create trigger admit before insert or update on registry_presence for each row
    when (row_security_active('registry_presence'::regclass)) execute function registry_admit();
"""
NOT_ADMIT = """
drop trigger admit on registry_person;
drop trigger admit on registry_presence;
drop function registry_admit();
"""

def arm(apps, schema_editor):
    fence.arm()


def community():
    """A column, not an expression in the index: behind row-level security left() serves no index,
    as PostgreSQL does not vouch that it tells nothing of the rows it looks at.
    """
    return models.GeneratedField(
        db_persist=True,
        expression=django.db.models.functions.text.Left("place", 12),
        output_field=shanzhi.kernel.codes.CodeField(db_collation="C", max_length=12),
    )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [
        migrations.RemoveIndex("presence", "presence_in_community"),
        migrations.AddField("presence", "community", community()),
        migrations.AddIndex(
            "presence",
            models.Index(
                fields=["community", "name", "person"],
                name="presence_in_community",
                condition=models.Q(until=None),
            ),
        ),
        migrations.RemoveIndex("household", "household_in_community"),
        migrations.AddField("household", "community", community()),
        migrations.AddIndex(
            "household",
            models.Index(
                fields=["community", "id"],
                name="household_in_community",
                condition=models.Q(ended_on=None),
            ),
        ),
        migrations.RunPython(arm, migrations.RunPython.noop),
        fence.rule("registry_presence", fence.presence(hidden=False)),
        fence.policy("registry_person", "id"),
        fence.policy("registry_membership"),
        fence.policy("registry_version"),
        fence.policy("registry_personkey"),
        fence.policy("registry_bankaccount"),
        fence.rule("registry_dwelling", fence.dwelling()),
        fence.rule("registry_household", fence.household()),
        migrations.RunSQL(ADMIT, NOT_ADMIT),
    ]
