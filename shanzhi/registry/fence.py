"""The second fence: the web's database role sees the persons of one range of divisions only.

Queries start from Presence in the actor's range; should one forget to, row-level security on every
table that holds persons lets it see no more. Web processes connect as ROLE and see nothing until
`within` says whose range holds; the worker and commands by hand are the tables' owner and are not
fenced. docs/registry.md says what it asks of queries.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection, transaction
from django.db.migrations import RunSQL

from shanzhi.kernel.acting import Actor
from shanzhi.kernel.places import LEVELS, span

ROLE = "shanzhi_web"

# --- who may see what ----------------------------------------------------------------------------
# Plain comparisons with current_setting. Where a policy asks another table, it does so by a scalar
# sub-select or an array: exists() is planned twice over at each level, which took longer than the
# page's own queries.

RANGE = """({0} >= current_setting('shanzhi.low', true)
    and {0} < current_setting('shanzhi.high', true))"""
OWN = "({0} = any (string_to_array(current_setting('shanzhi.person', true), ',')::bigint[]))"
CURRENT = """(select true from registry_presence present
    where present.person_id = {0} and present.until is null limit 1)"""
HIDDEN = "(batch is null or batch <> all (array(select hidden.batch from registry_hidden hidden)))"
OWN_DWELLINGS = """array(select present.dwelling_id from registry_presence present
    where {own})"""
OWN_HOUSEHOLDS = """array(select member.household_id from registry_membership member
    where {own})"""


def in_range(column: str) -> str:
    return RANGE.format(column)


def own(column: str) -> str:
    return OWN.format(column)


def visible(column: str) -> str:
    """Of a column that names a person: present now where the actor may look, or named itself."""
    return f"({CURRENT.format(column)} or {own(column)})"


def presence(hidden: bool) -> str:
    seen = f"({in_range('place')} or {own('person_id')})"
    return f"{seen} and {HIDDEN}" if hidden else seen


def dwelling() -> str:
    homes = OWN_DWELLINGS.format(own=own("present.person_id"))
    return f"{in_range('place')} or id = any ({homes})"


def household() -> str:
    households = OWN_HOUSEHOLDS.format(own=own("member.person_id"))
    return f"{in_range('place')} or id = any ({households})"


def sql(table: str, using: str) -> str:
    """Row-level security by one policy; whatever is inserted must be seen, or nobody would know."""
    return f"""
        alter table {table} enable row level security;
        drop policy if exists fence on {table};
        create policy fence on {table} using ({using}) with check (true);
    """


def rule(table: str, using: str) -> RunSQL:
    """For a migration: a table with a condition of its own."""
    back = f"drop policy if exists fence on {table}; alter table {table} disable row level security"
    return RunSQL(sql(table, using), back)


def policy(table: str, person_column: str = "person_id") -> RunSQL:
    """For a migration: a table whose rows hang on a person is seen where the person is."""
    return rule(table, visible(f"{table}.{person_column}"))


def hide_batches() -> RunSQL:
    """For the migration that makes registry_hidden: what an import has not opened yet is unseen."""
    return RunSQL(
        sql("registry_presence", presence(hidden=True)),
        sql("registry_presence", presence(hidden=False)),
    )


# --- the role ------------------------------------------------------------------------------------

ARM = f"""
do $$
declare
    schema text := quote_ident(current_schema());
begin
    if not exists (select from pg_roles where rolname = '{ROLE}') then
        begin
            create role {ROLE} nologin;
        exception when duplicate_object or unique_violation then
            null;  -- another database of this server was first
        end;
    end if;
    if not pg_has_role(current_user, '{ROLE}', 'set') then
        execute 'grant {ROLE} to ' || quote_ident(current_user);
    end if;
    execute 'grant usage on schema ' || schema || ' to {ROLE}';
    execute 'grant select, insert, update, delete on all tables in schema ' || schema
        || ' to {ROLE}';
    execute 'grant usage, select on all sequences in schema ' || schema || ' to {ROLE}';
    execute 'grant execute on all routines in schema ' || schema || ' to {ROLE}';
    execute 'alter default privileges in schema ' || schema
        || ' grant select, insert, update, delete on tables to {ROLE}';
    execute 'alter default privileges in schema ' || schema
        || ' grant usage, select on sequences to {ROLE}';
    execute 'alter default privileges in schema ' || schema
        || ' grant execute on routines to {ROLE}';
end
$$
"""


def arm() -> None:
    """The role and what it may do, in this database: by the migration, and after a restore."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ARM)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != "42501":
            raise
        raise ImproperlyConfigured(
            f"The database role {ROLE} cannot be made by this database user. Let an administrator "
            f"of the server say once: CREATE ROLE {ROLE} NOLOGIN; "
            f"GRANT {ROLE} TO {connection.settings_dict['USER']}; then run this again"
        ) from None


STATE = f"""
select
    exists (select from pg_roles where rolname = '{ROLE}'),
    coalesce((select pg_has_role(current_user, oid, 'set') from pg_roles where rolname = '{ROLE}'),
        false),
    coalesce((select rolsuper or rolbypassrls from pg_roles where rolname = '{ROLE}'), false),
    exists (select from pg_roles role, pg_class c where role.rolname = '{ROLE}'
        and c.oid = 'registry_person'::regclass and has_table_privilege(role.oid, c.oid, 'insert')),
    (select bool_and(relrowsecurity) from pg_class where oid = any (array[
        'registry_person', 'registry_presence', 'registry_membership', 'registry_version',
        'registry_personkey', 'registry_bankaccount', 'registry_dwelling',
        'registry_household']::regclass[]))
"""


def fault() -> str:
    """Why the fence does not stand: "", "missing", "closed", "bypassed", "unarmed" or "down"."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        exists, enters, bypasses, granted, stands = cursor.fetchone()
    found = {
        "missing": not exists, "closed": not enters, "bypassed": bypasses, "unarmed": not granted,
        "down": not stands,
    }  # fmt: skip
    return next((name for name, holds in found.items() if holds), "")


# --- being inside --------------------------------------------------------------------------------

SETTINGS = ("role", "shanzhi.low", "shanzhi.high", "shanzhi.person", "plan_cache_mode")
SET = "select " + ", ".join(f"set_config('{name}', %s, true)" for name in SETTINGS)
GET = "select " + ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in SETTINGS)

_persons_of: Callable[[int], Iterable[int]] = lambda account_id: ()  # noqa: E731


def set_persons_of(persons_of: Callable[[int], Iterable[int]]) -> None:
    """`persons_of(account_id)` gives the ids of the persons an account is bound to by proof."""
    global _persons_of
    _persons_of = persons_of


@contextmanager
def within(
    actor: Actor, *, place: str | None = None, persons: Iterable[int] | None = None
) -> Iterator[None]:
    """One transaction that sees the divisions of the actor's post, or a resident's own persons.

    A grant names its own `place`; "" is none. `persons` are seen wherever they are.
    """
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        before: Any = None
        if nested:
            cursor.execute(GET)
            before = cursor.fetchone()
        cursor.execute(SET, _settings(actor, place, persons))
        yield
        if nested:
            cursor.execute(SET, before)


def _settings(actor, place, persons):
    if place is None:
        place = actor.place if actor.is_staff else ""
    if persons is None:
        resident = actor.account_id is not None and not actor.is_staff
        persons = _persons_of(actor.account_id) if resident else ()
    low, high = span(place) if place else ("", "")
    return ROLE, low, high, ",".join(map(str, persons)), _planning(place)


def _planning(place):
    """All communities are of one size, and one plan serves them; of larger places each has its own,
    or a plan made for the city would run for a street (68 ms instead of 1.4).
    """
    return "force_custom_plan" if place and len(place) < LEVELS["community"] else "auto"


def fenced(view):
    """A view of the registry, below `@desk` or `@resident`; its page is made inside as well."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        with within(request.actor):
            return view(request, *args, **kwargs)

    return wrapped
