"""Keeps the headcounts behind population pyramids: folds the turns, checks, rebuilds.

A headcount and the turns that are not folded into it are exact together, in one statement. Folding
moves turns in one transaction, so that no reader counts one twice or not at all.
"""

from django.db import connection, transaction

FOLDED_AT_ONCE = 50_000
# of days in sub-districts, every headcount there is: for districts and the city too, and by month
SPREAD = """
    select left(place, n) as place, kind, grain,
           case grain when 'm' then date_trunc('month', birth)::date else birth end as birth,
           sex, sum(count)::bigint as count
    from {source}, unnest(array[4, 6, 9]) n, unnest(array['d', 'm']) grain
    where length(place) >= n
    group by 1, 2, 3, 4, 5
"""
COUNTS = """(turn.batch is null or not exists (
    select from registry_hidden hidden where hidden.batch = turn.batch))"""
INSERT = "insert into registry_headcount (place, kind, grain, birth, sex, count)"
FOLD = f"""
    with gone as (
        delete from registry_turn where id in (
            select id from registry_turn turn where {COUNTS} order by id limit %s)
        returning place, kind, birth, sex, count
    ), added as (
        {INSERT} {SPREAD.format(source="gone")}
        on conflict (place, kind, grain, birth, sex)
        do update set count = registry_headcount.count + excluded.count
    )
    select count(*) from gone
"""
NOW = """
    select place, kind, birth, sex, count(*) as count
    from registry_counted counted
    where batch is null or not exists (
        select from registry_hidden hidden where hidden.batch = counted.batch)
    group by 1, 2, 3, 4
"""
ALONE = "select pg_try_advisory_xact_lock(hashtext('shanzhi population'))"
# headcounts are the presences without the turns
FAULTS = f"""
    with real as (
        select place, kind, birth, sex, count from ({NOW}) now
        union all
        select place, kind, birth, sex, -count from registry_turn turn where {COUNTS}
    ), wanted as (
        {SPREAD.format(source="real")}
    )
    select count(*)
    from (select * from wanted where count <> 0) wanted
    full join (select * from registry_headcount where count <> 0) kept
        using (place, kind, grain, birth, sex)
    where kept.count is distinct from wanted.count
"""


@transaction.atomic
def fold() -> int:
    """A batch of turns into the headcounts; how many they were. One at a time in the whole city."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(FOLD, [FOLDED_AT_ONCE])
        return cursor.fetchone()[0]


def faults() -> int:
    """Headcounts that are not what the presences say; 0 where all is well."""
    with connection.cursor() as cursor:
        cursor.execute(FAULTS)
        return cursor.fetchone()[0]


@transaction.atomic
def rebuild() -> None:
    """Count everybody anew. Nobody comes or goes meanwhile: for a city some ten seconds."""
    with connection.cursor() as cursor:
        cursor.execute("lock table registry_presence, registry_hidden in share mode")
        cursor.execute(f"delete from registry_turn turn where {COUNTS}")
        cursor.execute("delete from registry_headcount")
        cursor.execute(f"{INSERT} {SPREAD.format(source=f'({NOW}) now')}")
