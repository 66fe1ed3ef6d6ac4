"""Sub-districts read sums as districts do: headcounts and turns go one level further down. And what
an import brings is counted before it is opened, not while.
"""

from django.db import migrations, models

from shanzhi.kernel.codes import CodeField

# What 0008 made, with the number of digits to which is counted.
TURNS = """
create or replace view registry_counted as
    select id, batch, left(place, {0}) as place, kind, coalesce(birth, '0001-01-01') as birth, sex
    from registry_presence where until is null;

create or replace function registry_population_turn() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into registry_turn (place, kind, birth, sex, count)
        select left(place, {0}), kind, coalesce(birth, '0001-01-01'), sex, count(*)
        from after
        where until is null and (batch is null or not exists (
            select from registry_hidden hidden where hidden.batch = after.batch))
        group by 1, 2, 3, 4;
    elsif tg_op = 'DELETE' then
        insert into registry_turn (place, kind, birth, sex, count)
        select left(place, {0}), kind, coalesce(birth, '0001-01-01'), sex, -count(*)
        from before
        where until is null and (batch is null or not exists (
            select from registry_hidden hidden where hidden.batch = before.batch))
        group by 1, 2, 3, 4;
    else
        insert into registry_turn (place, kind, birth, sex, count)
        select left(place, {0}), kind, coalesce(birth, '0001-01-01'), sex, sum(n)
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
"""
PYRAMID = """
create or replace function registry_pyramid(about text, beyond text, which int, bounds date[])
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
    if length(about) <= {0} then
        return query
        select width_bucket(counted.birth, bounds), counted.sex::text, sum(counted.n)::bigint
        from (
            select head.birth, head.sex, head.count as n
            from registry_headcount head
            where head.place = about and head.kind = which and head.grain = 'm'
              and head.birth <> all (parted)
            union all
            select head.birth, head.sex, head.count
            from unnest(parted) month, lateral (  -- by the index, month by month: never all days
                select days.birth, days.sex, days.count from registry_headcount days
                where days.place = about and days.kind = which and days.grain = 'd'
                  and days.birth >= month and days.birth < month + interval '1 month'
                offset 0
            ) head
            union all
            select turn.birth, turn.sex, turn.count from registry_turn turn
            where turn.place >= about and turn.place < beyond and turn.kind = which{1}
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
OPENED = """
create or replace function registry_batch_turn() returns trigger language plpgsql security definer
set search_path from current as $$
begin
    if tg_op = 'DELETE' and old.counted then
        return null;  -- opened: its turns are there and count from now on
    end if;
    if tg_op = 'INSERT' then
        update registry_turn set batch = null where batch = new.batch;
    end if;
    insert into registry_turn (place, kind, birth, sex, count)
    select place, kind, birth, sex, case tg_op when 'DELETE' then 1 else -1 end * count(*)
    from registry_counted where batch = case tg_op when 'DELETE' then old.batch else new.batch end
    group by place, kind, birth, sex;
    return null;
end
$$;
"""
NOT_OPENED = """
create or replace function registry_batch_turn() returns trigger language plpgsql security definer
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
"""
VISIBLE = """
              and (turn.batch is null or not exists (
                  select from registry_hidden hidden where hidden.batch = turn.batch))"""
# Nobody comes or goes while everybody is counted anew: for a city of five million some ten seconds.
START = """
lock table registry_presence, registry_hidden in share mode;
delete from registry_turn;
delete from registry_headcount;
insert into registry_headcount (place, kind, grain, birth, sex, count)
select left(place, n), kind, grain,
       case grain when 'm' then date_trunc('month', birth)::date else birth end, sex, count(*)
from registry_counted counted, unnest(array[{0}]) n, unnest(array['d', 'm']) grain
where length(place) >= n and (batch is null or not exists (
    select from registry_hidden hidden where hidden.batch = counted.batch))
group by 1, 2, 3, 4, 5;
"""


def counted(digits: int, levels: str, condition: str = "") -> str:
    return TURNS.format(digits) + PYRAMID.format(digits, condition) + START.format(levels)


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_rights")]

    operations = [
        migrations.AlterField("headcount", "place", CodeField(db_collation="C", max_length=9)),
        migrations.AlterField("turn", "place", CodeField(db_collation="C", max_length=9)),
        migrations.AddField("hidden", "counted", models.BooleanField(default=False)),
        migrations.AddField("turn", "batch", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "turn",
            models.Index(
                fields=["batch"], name="turn_batch", condition=models.Q(batch__isnull=False)
            ),
        ),
        migrations.RunSQL(counted(9, "4, 6, 9", VISIBLE), counted(6, "4, 6")),
        migrations.RunSQL(OPENED, NOT_OPENED),
    ]
