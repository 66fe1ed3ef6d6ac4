"""Grants, and the read log: `registry_readentry` is partitioned, which Django cannot write.

As the journal's, its partitions are months of China's time, and a default takes whatever no month
is there for.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import shanzhi.kernel.codes
from django.db import migrations, models

READ = """
create table registry_readentry (
    id bigint generated always as identity,
    at timestamptz not null,
    account bigint,
    post bigint,
    role varchar(30) not null default '',
    place varchar(20) collate "C" not null,
    department varchar(30) not null default '',
    "key" bigint,
    "grant" bigint,
    through varchar(8) not null,
    purpose varchar(200) not null,
    basis varchar(200) not null default '',
    persons bigint[] not null,
    elements varchar(80)[] not null,
    withheld varchar(200) not null default '',
    review_on date,
    primary key (at, id)
) partition by range (at);
-- without its list of pending entries: 0.3 ms more a page, but no page that clears it in 170 ms
create index registry_readentry_persons on registry_readentry using gin (persons)
    with (fastupdate = off);
create index registry_readentry_grant on registry_readentry ("grant", at, id)
    where "grant" is not null;
create index registry_readentry_reveal on registry_readentry (post, at) where through = 'reveal';
create table registry_readentry_default partition of registry_readentry default;

create function registry_reads_are_append_only() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' and current_setting('shanzhi.readlog_keeping', true) = 'on' then
        return old;
    end if;
    raise exception 'the read log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on registry_readentry
    for each row execute function registry_reads_are_append_only();
create trigger append_only_truncate before truncate on registry_readentry
    for each statement execute function registry_reads_are_append_only();
create trigger append_only_truncate before truncate on registry_readentry_default
    for each statement execute function registry_reads_are_append_only();

-- makes the partition of the month that begins on the given day; false if it was there
create function registry_read_partition(month date) returns boolean language plpgsql as $$
declare
    name text := 'registry_readentry_' || to_char(month, 'YYYY_MM');
    first timestamptz := month::timestamp at time zone 'Asia/Shanghai';
    beyond timestamptz := (month + interval '1 month')::timestamp at time zone 'Asia/Shanghai';
begin
    if to_regclass(name) is not null then
        return false;
    end if;
    lock table registry_readentry in access exclusive mode;
    if to_regclass(name) is not null then
        return false;  -- someone else made it while we waited
    end if;
    execute format('create table %I (like registry_readentry including defaults '
                   'including constraints)', name);
    perform set_config('shanzhi.readlog_keeping', 'on', true);
    execute format('with moved as (delete from registry_readentry_default where at >= %L and '
                   'at < %L returning *) insert into %I select * from moved', first, beyond, name);
    perform set_config('shanzhi.readlog_keeping', '', true);
    execute format('alter table registry_readentry attach partition %I for values from (%L) '
                   'to (%L)', name, first, beyond);
    execute format('create trigger append_only_truncate before truncate on %I '
                   'for each statement execute function registry_reads_are_append_only()', name);
    return true;
end $$;
select registry_read_partition((date_trunc('month', now() at time zone 'Asia/Shanghai')
                                + n * interval '1 month')::date)
from generate_series(0, 3) as n;
"""

NO_READ = """
drop table registry_readentry;
drop function registry_read_partition, registry_reads_are_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("registry", "0003_persons")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(READ, NO_READ)],
            state_operations=[
                migrations.CreateModel(
                    name="ReadEntry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("account", models.BigIntegerField(null=True)),
                        ("post", models.BigIntegerField(null=True)),
                        ("role", models.CharField(default="", max_length=30)),
                        ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=20)),
                        ("department", models.CharField(default="", max_length=30)),
                        ("key", models.BigIntegerField(null=True)),
                        ("grant", models.BigIntegerField(null=True)),
                        (
                            "through",
                            models.CharField(
                                choices=[
                                    ("page", "On a page of the desk"),
                                    ("reveal", "Shown without a mask"),
                                    ("grant", "By a grant"),
                                    ("api", "By a grant, through the API"),
                                    ("export", "In a file taken out"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("purpose", models.CharField(max_length=200)),
                        ("basis", models.CharField(default="", max_length=200)),
                        (
                            "persons",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), size=None
                            ),
                        ),
                        (
                            "elements",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=80), size=None
                            ),
                        ),
                        ("withheld", models.CharField(default="", max_length=200)),
                        ("review_on", models.DateField(null=True)),
                    ],
                    options={
                        "db_table": "registry_readentry",
                        "managed": False,
                    },
                ),
            ],
        ),
        migrations.RunSQL(
            "create sequence registry_grant_number", "drop sequence registry_grant_number"
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=12, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("asked", "Asked for"),
                            ("gaps", "To be completed"),
                            ("agreed", "Agreed, being provided"),
                            ("granted", "In use"),
                            ("suspended", "Suspended"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("ended", "Ended"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=20)),
                ("purpose", models.CharField(max_length=100)),
                ("basis", models.CharField(max_length=200)),
                ("scenario", models.CharField(max_length=1000)),
                ("scope", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=20)),
                ("filter", models.JSONField(default=dict)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("desk", "On the desk"),
                            ("api", "Through the API"),
                            ("both", "On the desk and through the API"),
                        ],
                        default="desk",
                        max_length=4,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("confidential_basis", models.CharField(blank=True, default="", max_length=200)),
                ("review_on", models.DateField(null=True)),
                ("made_by", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("suspended_for", models.CharField(blank=True, default="", max_length=300)),
                ("ended_on", models.DateField(null=True)),
                ("ended_for", models.CharField(blank=True, default="", max_length=300)),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GrantPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Not decided"),
                            ("gaps", "To be completed"),
                            ("agreed", "Agreed"),
                            ("provided", "Agreed and provided"),
                            ("refused", "Refused"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("conditions", models.CharField(blank=True, default="", max_length=500)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("law", "A law or a State Council decision forbids it"),
                            ("purpose", "The task does not need it"),
                            ("excessive", "More is asked for than the task needs"),
                            ("safety", "It cannot be kept safe where it would be used"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("statute", models.CharField(blank=True, default="", max_length=200)),
                ("gaps", models.JSONField(default=list)),
                ("gaps_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=1000)),
                ("extended", models.CharField(blank=True, default="", max_length=200)),
                ("decided_by", models.BigIntegerField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "grant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="registry.grant",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.department",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GrantElement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("element", models.CharField(max_length=80)),
                ("share", models.CharField(max_length=13)),
                ("full", models.BooleanField(default=False)),
                (
                    "part",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="elements",
                        to="registry.grantpart",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["department", "place", "-id"], name="grant_of_unit"),
        ),
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(fields=["state", "until"], name="grant_ends"),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gte", models.F("since"))), name="grant_for_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confidential_basis", ""), ("review_on", None)),
                    models.Q(
                        models.Q(("confidential_basis", ""), _negated=True),
                        ("review_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="grant_silence_is_reviewed",
            ),
        ),
        migrations.AddConstraint(
            model_name="grantpart",
            constraint=models.UniqueConstraint(fields=("grant", "owner"), name="grant_part_once"),
        ),
        migrations.AddConstraint(
            model_name="grantpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(
                        models.Q(("reason", ""), _negated=True),
                        models.Q(("ground", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="grant_refused_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="grantelement",
            index=models.Index(fields=["element"], name="grant_element"),
        ),
        migrations.AddConstraint(
            model_name="grantelement",
            constraint=models.UniqueConstraint(
                fields=("part", "element"), name="grant_element_once"
            ),
        ),
    ]
