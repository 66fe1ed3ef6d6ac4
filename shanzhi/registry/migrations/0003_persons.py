"""Conflicts, transfers and tags, and the functions that reach behind the fence."""

import django.db.models.deletion
from django.db import migrations, models

import shanzhi.kernel.codes
import shanzhi.kernel.fields
import shanzhi.registry.columns
from shanzhi.registry import fence

# These reach behind the fence: they run as the owner of the tables. What asks, answers with codes
# of communities only; what writes, answers with nothing personal.
LIVES = """
CREATE FUNCTION registry_lives(about bigint) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT community FROM registry_presence
    WHERE person_id = about AND kind = 2 AND until IS NULL
    LIMIT 1
$$
"""
ANYWHERE = """
CREATE FUNCTION registry_anywhere(about bigint, besides int, whence text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT 1 FROM registry_presence
        WHERE person_id = about AND until IS NULL
            AND NOT (kind = besides AND (whence = '' OR place = whence)))
$$
"""
KNOWN = """
CREATE FUNCTION registry_known(number bytea) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT DISTINCT here.community
    FROM registry_person AS person JOIN registry_presence AS here ON here.person_id = person.id
    WHERE person.identity_hash = number AND person.merged_into_id IS NULL AND here.until IS NULL
    ORDER BY 1
$$
"""
HOLDERS = """
CREATE FUNCTION registry_holders_of(number bytea) RETURNS TABLE (person bigint, community text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT holder.id, coalesce(
        (SELECT here.community FROM registry_presence AS here
         WHERE here.person_id = holder.id AND here.until IS NULL
         ORDER BY here.kind <> 2, here.kind, here.place LIMIT 1), '')
    FROM registry_person AS holder
    WHERE holder.identity_hash = number AND holder.merged_into_id IS NULL
    ORDER BY 1
$$
"""
MATCHING = """
CREATE FUNCTION registry_matching(number bytea, named text)
RETURNS TABLE (person bigint, community text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT holder.id, registry_lives(holder.id) FROM registry_person AS holder
    WHERE holder.identity_hash = number AND holder.merged_into_id IS NULL
        AND holder.name = named AND holder.state <> 'dead'
    ORDER BY 1
$$
"""
CONFLICT = """
CREATE FUNCTION registry_conflict(number bytea, moment timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    -- two who enter one number at once see each other here, the second after the first
    SELECT pg_advisory_xact_lock(('x' || encode(substr(number, 1, 8), 'hex'))::bit(64)::bigint);
    INSERT INTO registry_conflict (number_hash, persons, communities, opened_at, outcome)
    SELECT number, jsonb_agg(DISTINCT person), jsonb_agg(DISTINCT community), moment, ''
    FROM registry_holders_of(number)
    HAVING count(*) > 1
    ON CONFLICT (number_hash) WHERE settled_at IS NULL DO UPDATE
        SET persons = excluded.persons, communities = excluded.communities
    RETURNING id
$$
"""
ENTER = """
CREATE FUNCTION registry_enter(about bigint, what int, whither text, home bigint, from_day date)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    INSERT INTO registry_presence (person_id, kind, place, dwelling_id, name, birth, sex, since)
    SELECT id, what, whither, home, name, birth, sex, from_day
    FROM registry_person WHERE id = about
    RETURNING id
$$
"""
LEAVE = """
CREATE FUNCTION registry_leave(about bigint, what int, whence text, on_day date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH ended AS (
        UPDATE registry_presence SET until = greatest(since, on_day)
        WHERE person_id = about AND until IS NULL AND (what IS NULL OR kind = what)
            AND (whence = '' OR place = whence)
        RETURNING 1
    )
    SELECT count(*) FROM ended
$$
"""
LEAVE_HOUSEHOLD = """
CREATE FUNCTION registry_leave_household(about bigint, on_day date) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    UPDATE registry_membership SET until = greatest(since, on_day)
    WHERE person_id = about AND until IS NULL
    RETURNING household_id
$$
"""
CARRY = """
CREATE FUNCTION registry_carry(about bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$
    WITH carried AS (
        UPDATE registry_presence AS here
        SET name = person.name, birth = person.birth, sex = person.sex
        FROM registry_person AS person
        WHERE person.id = about AND here.person_id = about
            AND (here.name, here.birth, here.sex)
                IS DISTINCT FROM (person.name COLLATE "C", person.birth, person.sex)
        RETURNING 1
    )
    SELECT count(*) FROM carried
$$
"""
DEFAULTS = [
    ("community", "community", "社区采集"),
    ("resident", "resident", "居民本人"),
    ("case", "case", "办件"),
]


def add_sources(apps, schema_editor):
    source = apps.get_model("registry", "Source")
    for kind, code, name in DEFAULTS:
        source.objects.get_or_create(code=code, defaults={"kind": kind, "name": name})


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_fence")]
    operations = [
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_hash', shanzhi.registry.columns.HashField(max_length=32, null=True)),
                ('persons', models.JSONField(default=list)),
                ('communities', models.JSONField(default=list)),
                ('opened_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('', 'Open'), ('corrected', 'A number was wrong and was corrected'), ('merged', 'It is one person; the entries were merged')], default='', max_length=10)),
                ('settled_by', models.BigIntegerField(null=True)),
                ('settled_post', models.BigIntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('number_hash',), name='conflict_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at', None)), models.Q(('settled_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='conflict_settled_somehow')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=15)),
                ('note', shanzhi.kernel.fields.SealedText(null=True)),
                ('since', models.DateField()),
                ('review_on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('set_by', models.BigIntegerField(null=True)),
                ('set_at', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.person')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('until', None)), fields=['place', 'kind', 'id'], name='tag_in_place'), models.Index(condition=models.Q(('until', None)), fields=['review_on'], name='tag_review')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('person', 'kind'), name='tag_once'), models.CheckConstraint(condition=models.Q(('review_on__gt', models.F('since'))), name='tag_is_reviewed_later'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='tag_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', shanzhi.kernel.fields.SealedText()),
                ('from_place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=12)),
                ('to_place', shanzhi.kernel.codes.CodeField(db_collation='C', max_length=15)),
                ('since', models.DateField()),
                ('note', models.CharField(blank=True, default='', max_length=200)),
                ('state', models.CharField(choices=[('asked', 'Asked for'), ('done', 'Transferred'), ('objected', 'Objected to'), ('withdrawn', 'Withdrawn')], default='asked', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.BigIntegerField(null=True)),
                ('due_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.BigIntegerField(null=True)),
                ('objection', models.CharField(blank=True, default='', max_length=200)),
                ('dwelling', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.dwelling')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='registry.person')),
            ],
            options={
                'indexes': [models.Index(fields=['from_place', '-id'], name='transfer_from'), models.Index(fields=['to_place', '-id'], name='transfer_to'), models.Index(condition=models.Q(('state', 'asked')), fields=['due_at'], name='transfer_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('person',), name='transfer_asked_once')],
            },
        ),
        fence.policy("registry_tag"),
        fence.rule(
            "registry_transfer", f"{fence.in_range('from_place')} or {fence.in_range('to_place')}"
        ),
        fence.rule(
            "registry_conflict",
            f"""exists (select from jsonb_array_elements_text(communities) as place
                where {fence.in_range("place")})""",
        ),
        migrations.RunSQL(LIVES, "DROP FUNCTION registry_lives(bigint)"),
        migrations.RunSQL(HOLDERS, "DROP FUNCTION registry_holders_of(bytea)"),
        migrations.RunSQL(MATCHING, "DROP FUNCTION registry_matching(bytea, text)"),
        migrations.RunSQL(CONFLICT, "DROP FUNCTION registry_conflict(bytea, timestamptz)"),
        migrations.RunSQL(ENTER, "DROP FUNCTION registry_enter(bigint, int, text, bigint, date)"),
        migrations.RunSQL(LEAVE, "DROP FUNCTION registry_leave(bigint, int, text, date)"),
        migrations.RunSQL(LEAVE_HOUSEHOLD, "DROP FUNCTION registry_leave_household(bigint, date)"),
        migrations.RunSQL(CARRY, "DROP FUNCTION registry_carry(bigint)"),
        migrations.RunSQL(ANYWHERE, "DROP FUNCTION registry_anywhere(bigint, int, text)"),
        migrations.RunSQL(KNOWN, "DROP FUNCTION registry_known(bytea)"),
        migrations.RunPython(add_sources, migrations.RunPython.noop),
    ]
