"""What has been kept for long enough. Asked by the command line, outside the fence."""

from datetime import date

from django.db import connection

from shanzhi.kernel.workdays import years_before

from .. import kinds
from ..models import BindingRequest, ChangeRequest, Person, Presence

REQUESTS, READS = 3, 3  # years
STAGED = 180  # days after an import was opened, undone or discarded

# Nobody sees them any more since that day, and they are not forgotten yet.
LEFT = """
    from registry_person person
    where (person.name <> '' or person.identity_hash is not null) and person.merged_into_id is null
      and not exists (
        select from registry_presence here where here.person_id = person.id and here.until is null)
      and coalesce(person.died_on, (
        select max(here.until) from registry_presence here where here.person_id = person.id
      )) <= %s
"""
OLD_VERSIONS = """
    from registry_version version
    where version.section = %s and coalesce(version.valid_to, version.known_to::date) <= %s
"""
OLD_STAYS = "from registry_formerstay stay where stay.known_to::date <= %s"
STAGED_ROWS = f"""
    from registry_batch batch
    where batch.state in ('opened', 'undone', 'discarded')
      and coalesce(batch.undone_at, batch.opened_at, batch.made_at)::date <= %s - {STAGED}
      and (exists (select from registry_chunk chunk where chunk.batch_id = batch.id)
        or exists (select from registry_difference told where told.batch_id = batch.id)
        or exists (select from registry_problem problem where problem.batch_id = batch.id))
"""
READ_MONTHS = """
    select child.relname::text
    from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = 'registry_readentry'::regclass and child.relname ~ '_\\d{4}_\\d\\d$'
      and to_date(right(child.relname, 7), 'YYYY_MM') + interval '1 month' <= %s
    order by 1
"""


def _ask(text, params, many=False):
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return [row[0] for row in cursor.fetchall()] if many else cursor.fetchone()[0]


def of_persons() -> list[kinds.Section]:
    """Sections whose rows hang on a person, besides the person itself."""
    return [
        section
        for section in kinds.SECTIONS.values()
        if any(field.name == "person" for field in section.model._meta.concrete_fields)
    ]


def persons_due(on: date) -> int:
    return _ask(f"select count(*) {LEFT}", [_limit("person", on)])


def persons_to_forget(on: date, size: int) -> list[int]:
    text = f"select person.id {LEFT} order by person.id limit {size:d}"
    return _ask(text, [_limit("person", on)], many=True)


def _limit(section, on):
    return years_before(on, kinds.SECTIONS[section].retention)


def rows_to_delete(section: kinds.Section, on: date, size: int | None = None) -> list[int]:
    """Persons who left so long ago that this section of theirs is over, though they are not."""
    table = connection.ops.quote_name(section.model._meta.db_table)
    text = (
        f"select person.id {LEFT} and exists (select from {table} record"
        " where record.person_id = person.id) order by person.id"
    )
    return _ask(f"{text} limit {size:d}" if size else text, [_limit(section.code, on)], many=True)


def versions_due(on: date) -> int:
    stays = _ask(f"select count(*) {OLD_STAYS}", [_limit("person", on)])
    return stays + sum(
        _ask(f"select count(*) {OLD_VERSIONS}", [code, _limit(code, on)]) for code in kinds.SECTIONS
    )


def stays_to_delete(on: date, size: int) -> list[int]:
    """What was believed of presences and memberships, as long ago as of the person's section."""
    text = f"select stay.id {OLD_STAYS} order by stay.id limit {size:d}"
    return _ask(text, [_limit("person", on)], many=True)


def versions_to_delete(on: date, size: int) -> list[int]:
    for code in kinds.SECTIONS:
        text = f"select version.id {OLD_VERSIONS} order by version.id limit {size:d}"
        if found := _ask(text, [code, _limit(code, on)], many=True):
            return found
    return []


def requests_due(on: date):
    return ChangeRequest.objects.filter(decided_at__date__lte=years_before(on, REQUESTS))


def binding_requests_due(on: date):
    """Not those whose papers wait for a community."""
    rows = BindingRequest.objects.filter(asked_at__date__lte=years_before(on, REQUESTS))
    return rows.exclude(way=BindingRequest.Way.STAFF, state=BindingRequest.State.WAITING)


def batches_due(on: date, size: int | None = None) -> list[int]:
    text = f"select batch.id {STAGED_ROWS} order by batch.id"
    return _ask(f"{text} limit {size:d}" if size else text, [on], many=True)


def read_months(on: date) -> list[str]:
    """Partitions of the read log whose last day is long enough ago."""
    return _ask(READ_MONTHS, [years_before(on, READS)], many=True)


def is_present(person: Person) -> bool:
    return Presence.objects.filter(person=person, until=None).exists()


def last_place(person: Person) -> str:
    """Where they were last, for the journal."""
    rows = Presence.objects.filter(person=person).order_by("-until", "-id")
    return rows.values_list("place", flat=True).first() or ""
