"""The tables of the journal. `journal_entry` is partitioned, which Django cannot write: it is SQL.

The partitions are months of China's time. One named default takes whatever no month is there for,
so that no write can fail; `journal_partition()` moves it to its month when that is made.
"""

import shanzhi.kernel.codes
from django.db import migrations, models

ENTRY = """
create table journal_entry (
    id bigint generated always as identity,
    at timestamptz not null,
    verb varchar(60) not null,
    about varchar(80) not null,
    "by" bigint,
    post bigint,
    behalf varchar(80) not null default '',
    place varchar(20) collate "C" not null,
    data jsonb not null default '{}',
    xid bigint not null default pg_current_xact_id()::text::bigint,
    primary key (at, id)
) partition by range (at);
create index journal_entry_about on journal_entry (about, at);
create index journal_entry_order on journal_entry (xid, id);
create index journal_entry_place on journal_entry (place, at);
create table journal_entry_default partition of journal_entry default;

create function journal_is_append_only() returns trigger language plpgsql as $$
begin
    if tg_op <> 'UPDATE' and current_setting('shanzhi.journal_keeping', true) = 'on' then
        return old;
    end if;
    raise exception 'the journal is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete on journal_entry
    for each row execute function journal_is_append_only();
create trigger append_only_truncate before truncate on journal_entry
    for each statement execute function journal_is_append_only();
create trigger append_only_truncate before truncate on journal_entry_default
    for each statement execute function journal_is_append_only();

-- makes the partition of the month that begins on the given day; false if it was there
create function journal_partition(month date) returns boolean language plpgsql as $$
declare
    name text := 'journal_entry_' || to_char(month, 'YYYY_MM');
    first timestamptz := month::timestamp at time zone 'Asia/Shanghai';
    beyond timestamptz := (month + interval '1 month')::timestamp at time zone 'Asia/Shanghai';
begin
    if to_regclass(name) is not null then
        return false;
    end if;
    -- readers too must wait: one that had looked up the partitions already would miss what moves
    lock table journal_entry in access exclusive mode;
    if to_regclass(name) is not null then
        return false;  -- someone else made it while we waited
    end if;
    execute format('create table %I (like journal_entry including defaults including constraints)',
                   name);
    perform set_config('shanzhi.journal_keeping', 'on', true);
    execute format('with moved as (delete from journal_entry_default where at >= %L and at < %L '
                   'returning *) insert into %I select * from moved', first, beyond, name);
    perform set_config('shanzhi.journal_keeping', '', true);
    execute format('alter table journal_entry attach partition %I for values from (%L) to (%L)',
                   name, first, beyond);
    execute format('create trigger append_only_truncate before truncate on %I '
                   'for each statement execute function journal_is_append_only()', name);
    return true;
end $$;
select journal_partition((date_trunc('month', now() at time zone 'Asia/Shanghai')
                          + n * interval '1 month')::date)
from generate_series(0, 3) as n;
"""

NO_ENTRY = """
drop table journal_entry;
drop function journal_partition, journal_is_append_only;
"""

FIRST_ERA = """
insert into journal_era (number, shift, cluster, began_at)
select 1, 0, system_identifier, now() from pg_control_system();
alter table journal_tally set (fillfactor = 80);  -- the same rows are counted up all day
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(ENTRY, NO_ENTRY)],
            state_operations=[
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('verb', models.CharField(max_length=60)),
                        ('about', models.CharField(max_length=80)),
                        ('by', models.BigIntegerField(null=True)),
                        ('post', models.BigIntegerField(null=True)),
                        ('behalf', models.CharField(default='', max_length=80)),
                        ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                        ('data', models.JSONField(default=dict)),
                    ],
                    options={
                        'db_table': 'journal_entry',
                        'managed': False,
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name='Era',
            fields=[
                ('number', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('shift', models.BigIntegerField(default=0)),
                ('cluster', models.BigIntegerField()),
                ('began_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('follower', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('xid', models.BigIntegerField(default=0)),
                ('entry', models.BigIntegerField(default=0)),
                ('moved_at', models.DateTimeField(null=True)),
                ('failures', models.IntegerField(default=0)),
                ('failed_at', models.DateTimeField(null=True)),
                ('retry_at', models.DateTimeField(null=True)),
                ('error', models.CharField(default='', max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(db_index=True)),
                ('xid', models.BigIntegerField()),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('entries', models.IntegerField()),
                ('digest', models.BinaryField(max_length=32)),
                ('leaves', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('pk', models.CompositePrimaryKey('measure', 'place', 'day', 'key', blank=True, editable=False, primary_key=True, serialize=False)),
                ('measure', models.CharField(max_length=40)),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=20)),
                ('day', models.DateField()),
                ('key', models.CharField(default='', max_length=60)),
                ('count', models.BigIntegerField(default=0)),
            ],
            options={
                'indexes': [models.Index(fields=['measure', 'day', 'place'], name='tally_of_days')],
            },
        ),
        migrations.RunSQL(FIRST_ERA, migrations.RunSQL.noop),
    ]
