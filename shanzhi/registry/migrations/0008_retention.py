"""Population figures: kept by statement-level triggers, exact at any moment (docs/registry.md)."""

from django.db import migrations, models

import shanzhi.kernel.codes

KINDS = [(1, "Registered here"), (2, "Lives here"), (3, "Works here"), (4, "Studies here")]

# A row for each statement and birthday, appended: a counter would make a busy district wait for
# itself. What an import has not opened yet is not counted; opening and hiding it counts the whole.
TURNS = """
create view registry_counted as
    select id, batch, left(place, 6) as place, kind, coalesce(birth, '0001-01-01') as birth, sex
    from registry_presence where until is null;

create function registry_population_turn() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into registry_turn (place, kind, birth, sex, count)
        select left(place, 6), kind, coalesce(birth, '0001-01-01'), sex, count(*)
        from after
        where until is null and (batch is null or not exists (
            select from registry_hidden hidden where hidden.batch = after.batch))
        group by 1, 2, 3, 4;
    elsif tg_op = 'DELETE' then
        insert into registry_turn (place, kind, birth, sex, count)
        select left(place, 6), kind, coalesce(birth, '0001-01-01'), sex, -count(*)
        from before
        where until is null and (batch is null or not exists (
            select from registry_hidden hidden where hidden.batch = before.batch))
        group by 1, 2, 3, 4;
    else
        insert into registry_turn (place, kind, birth, sex, count)
        select left(place, 6), kind, coalesce(birth, '0001-01-01'), sex, sum(n)
        from (
            select place, kind, birth, sex, batch, until, 1 as n from after
            union all
            select place, kind, birth, sex, batch, until, -1 from before
        ) turned
        where until is null and (batch is null or not exists (
            select from registry_hidden hidden where hidden.batch = turned.batch))
        group by 1, 2, 3, 4
        having sum(n) <> 0;
    end if;
    return null;
end
$$;
create trigger population_came after insert on registry_presence
    referencing new table as after
    for each statement execute function registry_population_turn();
create trigger population_turned after update on registry_presence
    referencing old table as before new table as after
    for each statement execute function registry_population_turn();
create trigger population_went after delete on registry_presence
    referencing old table as before
    for each statement execute function registry_population_turn();

create function registry_batch_turn() returns trigger language plpgsql security definer
set search_path from current as $$
declare
    sign int := case tg_op when 'DELETE' then 1 else -1 end;  -- opened, or hidden
    which bigint := case tg_op when 'DELETE' then old.batch else new.batch end;
begin
    insert into registry_turn (place, kind, birth, sex, count)
    select place, kind, birth, sex, sign * count(*)
    from registry_counted where batch = which
    group by place, kind, birth, sex;
    return null;
end
$$;
create trigger population_batch after insert or delete on registry_hidden
    for each row execute function registry_batch_turn();
"""
NOT_TURNS = """
drop trigger population_came on registry_presence;
drop trigger population_turned on registry_presence;
drop trigger population_went on registry_presence;
drop trigger population_batch on registry_hidden;
drop function registry_population_turn(), registry_batch_turn();
drop view registry_counted;
"""

# How many in each age band; over the fence, as it answers with numbers only, for places in range.
# `bounds` rise; band 0 is before the first, and holds those whose birth is not known.
PYRAMID = """
create function registry_pyramid(about text, beyond text, which int, bounds date[])
returns table (band int, sex text, count bigint)
language plpgsql stable security definer set search_path from current as $$
declare
    parted date[] := array(  -- months in which a band begins
        select distinct date_trunc('month', bound)::date from unnest(bounds) bound);
begin
    if current_setting('role') = 'shanzhi_web' and not coalesce(
        about >= current_setting('shanzhi.low', true)
        and beyond <= current_setting('shanzhi.high', true), false)
    then
        return;
    end if;
    if length(about) <= 6 then
        return query
        select width_bucket(counted.birth, bounds), counted.sex::text, sum(counted.n)::bigint
        from (
            select head.birth, head.sex, head.count as n
            from registry_headcount head
            where head.place = about and head.kind = which and head.grain = 'm'
              and head.birth <> all (parted)
            union all
            select head.birth, head.sex, head.count
            from unnest(parted) month join registry_headcount head
                on head.place = about and head.kind = which and head.grain = 'd'
                and head.birth >= month and head.birth < month + interval '1 month'
            union all
            select turn.birth, turn.sex, turn.count from registry_turn turn
            where turn.place >= about and turn.place < beyond and turn.kind = which
        ) counted
        group by 1, 2;
    else
        return query
        select width_bucket(coalesce(here.birth, '0001-01-01'), bounds), here.sex::text, count(*)
        from registry_presence here
        where here.place >= about and here.place < beyond and here.kind = which
          and here.until is null and (here.batch is null or not exists (
              select from registry_hidden hidden where hidden.batch = here.batch))
        group by 1, 2;
    end if;
end
$$;
"""
NOT_PYRAMID = "drop function registry_pyramid(text, text, int, date[]);"

START = """
insert into registry_headcount (place, kind, grain, birth, sex, count)
select left(place, n), kind, grain,
       case grain when 'm' then date_trunc('month', birth)::date else birth end, sex, count(*)
from registry_counted counted, unnest(array[4, 6]) n, unnest(array['d', 'm']) grain
where batch is null or not exists (
    select from registry_hidden hidden where hidden.batch = counted.batch)
group by 1, 2, 3, 4, 5;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_rights")]
    operations = [
        migrations.CreateModel(
            name="Headcount",
            fields=[
                ("pk", models.CompositePrimaryKey("place", "kind", "grain", "birth", "sex", blank=True, editable=False, primary_key=True, serialize=False)),
                ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=6)),
                ("kind", models.PositiveSmallIntegerField(choices=KINDS)),
                ("grain", models.CharField(choices=[("d", "Day"), ("m", "Month")], max_length=1)),
                ("birth", models.DateField()),
                ("sex", models.CharField(max_length=1)),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", shanzhi.kernel.codes.CodeField(db_collation="C", max_length=6)),
                ("kind", models.PositiveSmallIntegerField(choices=KINDS)),
                ("birth", models.DateField()),
                ("sex", models.CharField(max_length=1)),
                ("count", models.BigIntegerField()),
            ],
        ),
        migrations.RemoveIndex("presence", "presence_place"),
        migrations.AddIndex(
            "presence",
            models.Index(
                fields=["place", "kind"],
                include=["birth", "sex", "batch"],
                name="presence_place",
                condition=models.Q(until=None),
            ),
        ),
        migrations.RunSQL(TURNS, NOT_TURNS),
        migrations.RunSQL(PYRAMID, NOT_PYRAMID),
        migrations.RunSQL(START, migrations.RunSQL.noop),
    ]
