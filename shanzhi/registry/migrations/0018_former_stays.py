"""Stays have recorded time: what a presence or a membership said before is kept when it changes
(docs/registry.md, History, exactly).
"""

import django.db.models.deletion
from django.contrib.postgres.functions import TransactionNow
from django.db import migrations, models
from django.db.models import F, Q

from shanzhi.kernel.codes import CodeField
from shanzhi.registry import fence

# The best that is known of rows that are there already: that their import was taken over, else that
# the person was known and the stay had begun.
BEFORE = """
alter table registry_presence disable trigger population_turned;
{presences}
alter table registry_presence enable trigger population_turned;
{memberships}
"""
BEST = """
update {table} here set recorded_at = least(now(), coalesce(
    (select stamp from registry_batch batch where batch.id = here.batch),
    greatest(
        here.since::timestamp at time zone 'Asia/Shanghai',
        coalesce(
            (select min(known_from) from registry_version version
             where version.person_id = here.person_id and version.section = 'person'),
            (select recorded_at from registry_person person where person.id = here.person_id)))));
"""

# Of rows of a transaction nobody else has seen yet nothing is kept: they were never believed. A
# transaction that began before the row was recorded, and waited for it, changed it after.
# What a forgotten person leaves is no statement about anybody (person_id becomes null), and what an
# import has hidden nobody believes.
PRESENCE = "person_id, kind, place, dwelling_id, since, until"
MEMBERSHIP = "person_id, household_id, relation, since, until"
RECORDED = """
create function registry_moment(recorded timestamptz) returns timestamptz language sql as $$
    select case when recorded <= now() then now() else greatest(clock_timestamp(), recorded) end
$$;
create function registry_recorded() returns trigger language plpgsql as $$
begin
    new.recorded_at := case tg_argv[0]
        when 'changed' then registry_moment(old.recorded_at) else old.recorded_at end;
    return new;
end
$$;
"""
KEEP = """
create trigger recorded before update on registry_{table} for each row
    when (new.person_id is not null and ({old}) is distinct from ({new}))
    execute function registry_recorded('changed');
create trigger recorded_still before update on registry_{table} for each row
    when (new.recorded_at is distinct from old.recorded_at
        and ({old}) is not distinct from ({new}))
    execute function registry_recorded('still');

create function registry_{table}_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' then
        insert into registry_formerstay ({table}, {columns}, known_from, known_to)
        select id, {before}, before.recorded_at, after.recorded_at
        from before join after using (id)
        where after.recorded_at > before.recorded_at;
    else
        insert into registry_formerstay ({table}, {columns}, known_from, known_to)
        select id, {before}, recorded_at, registry_moment(recorded_at)
        from before
        where person_id is not null and recorded_at <> now() and (batch is null or not exists (
            select from registry_hidden hidden where hidden.batch = before.batch));
    end if;
    return null;
end
$$;
create trigger kept_when_changed after update on registry_{table}
    referencing old table as before new table as after
    for each statement execute function registry_{table}_kept();
create trigger kept_when_gone after delete on registry_{table}
    referencing old table as before
    for each statement execute function registry_{table}_kept();
"""
NOT_KEEP = """
drop trigger recorded on registry_{table};
drop trigger recorded_still on registry_{table};
drop trigger kept_when_changed on registry_{table};
drop trigger kept_when_gone on registry_{table};
drop function registry_{table}_kept();
"""


def keep(table: str, names: str) -> migrations.RunSQL:
    def of(row):
        return ", ".join(f"{row}.{name}" for name in names.split(", "))

    made = KEEP.format(table=table, columns=names, old=of("old"), new=of("new"), before=of("before"))
    return migrations.RunSQL(made, NOT_KEEP.format(table=table))


# As the rows themselves are seen: a presence where it was, a membership where the person is.
SEEN = f"""(presence is not null and ({fence.in_range("place")} or {fence.own("person_id")}))
    or (membership is not null and {fence.visible("registry_formerstay.person_id")})"""


def recorded():
    return models.DateTimeField(db_default=TransactionNow())


def pointing(model):
    return models.ForeignKey(
        model, null=True, db_constraint=False, db_index=False, related_name="+",
        on_delete=django.db.models.deletion.DO_NOTHING,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_nobodys")]

    operations = [
        migrations.AddField("presence", "recorded_at", recorded()),
        migrations.AddField("membership", "recorded_at", recorded()),
        migrations.RunSQL(
            BEFORE.format(
                presences=BEST.format(table="registry_presence"),
                memberships=BEST.format(table="registry_membership"),
            ),
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            "FormerStay",
            [
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("presence", models.BigIntegerField(null=True)),
                ("membership", models.BigIntegerField(null=True)),
                ("person_id", models.BigIntegerField()),
                ("kind", models.PositiveSmallIntegerField(null=True)),
                ("place", CodeField(db_collation="C", db_default="", default="", max_length=20)),
                ("dwelling", pointing("registry.dwelling")),
                ("household", pointing("registry.household")),
                ("relation", models.CharField(db_default="", default="", max_length=2)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("known_from", models.DateTimeField()),
                ("known_to", models.DateTimeField()),
            ],
            {
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(presence=None, membership__isnull=False, household__isnull=False)
                        | Q(membership=None, presence__isnull=False, kind__isnull=False),
                        name="formerstay_is_of_one_row",
                    ),
                    models.CheckConstraint(
                        condition=Q(known_to__gte=F("known_from")),
                        name="formerstay_known_for_a_time",
                    ),
                ],
                "indexes": [models.Index(fields=["person_id"], name="formerstay_of_person")],
            },
        ),
        fence.rule("registry_formerstay", SEEN),
        migrations.RunSQL(
            RECORDED, "drop function registry_recorded(), registry_moment(timestamptz)"
        ),
        keep("presence", PRESENCE),
        keep("membership", MEMBERSHIP),
    ]
