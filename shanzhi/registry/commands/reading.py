"""Reading personal values: by a grant, or one value of a person in full. Each leaves its line in
the read log, in the transaction of the read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal import commands as journal
from shanzhi.kernel import Refused, identifiers, masking
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import fence, kinds, masks, readlog
from ..models import Grant, Household, Person, Presence
from ..queries import granted
from ..rules import sharing as rules

Through = readlog.Through
MOST, A_LINE = 5000, 500  # persons of a file, and of one line of the read log


@dataclass(frozen=True)
class Read:
    """What was read: the columns, the rows and where the next page begins."""

    columns: list[granted.Column]
    rows: Sequence[granted.Row]
    next: str


@transaction.atomic
def read_by_grant(
    *,
    grant: Grant,
    by: Actor,
    at: datetime,
    place: str = "",
    elements: Collection[str] = (),
    begins: str = "",
    cursor: str = "",
    size: int = 20,
) -> Read:
    """A page of the persons a grant reaches; a page is one line of the log.

    `elements` and `place` take less than was granted, never more.
    """
    scope, columns = _allowed(grant, place, elements, by, at)
    with fence.within(by, place=scope):
        page = granted.page(
            grant, scope, columns, today=localdate(at), show=_show(by), begins=begins,
            cursor=cursor, size=size,
        )  # fmt: skip
        _note(grant, page.rows, columns, by, at)
    return Read(columns, page.rows, page.next)


@transaction.atomic
def export_by_grant(
    *, grant: Grant, by: Actor, at: datetime, place: str = "", begins: str = ""
) -> Read:
    """All a grant reaches there at once, to be taken along as a file: as masked and as logged as on
    the pages, a line of the log for each few hundred.
    """
    scope, columns = _allowed(grant, place, (), by, at)
    rows: list[granted.Row] = []
    cursor, more = "", True
    with fence.within(by, place=scope):
        while more:
            page = granted.page(
                grant, scope, columns, today=localdate(at), show=_show(by), begins=begins,
                cursor=cursor, size=A_LINE,
            )  # fmt: skip
            rows += page.rows
            rules.check_file(len(rows) + bool(page.next), MOST)
            _note(grant, page.rows, columns, by, at, Through.EXPORT)
            cursor, more = page.next, bool(page.next)
    journal.record(
        "registry.grant_exported", about=f"registry.Grant:{grant.pk}", by=by, at=at,
        place=grant.place, number=grant.number, scope=place or grant.scope, persons=len(rows),
    )  # fmt: skip
    return Read(columns, rows, "")


@transaction.atomic
def look_up_by_grant(
    *,
    grant: Grant,
    identity: str,
    by: Actor,
    at: datetime,
    place: str = "",
    elements: Collection[str] = (),
) -> Read:
    """Of the holders of an identity number, those the grant reaches."""
    scope, columns = _allowed(grant, place, elements, by, at)
    number = _number(identity, at)
    with fence.within(by, place=scope):
        rows = granted.by_identity(
            grant, scope, columns, number, today=localdate(at), show=_show(by)
        )
        _note(grant, rows, columns, by, at)
    return Read(columns, rows, "")


def _number(identity, at):
    try:
        return identifiers.identity(identity, today=localdate(at))
    except Refused as refusal:
        raise Refused(refusal.sentence, field="identity") from None


def _allowed(grant, place, elements, by, at):
    """Asked of the row as it is now: a grant that was suspended a moment ago reads nothing."""
    with connection.cursor() as cursor:  # readers do not wait for each other, but for a stop
        cursor.execute("select from registry_grant where id = %s for share", [grant.pk])
    grant.refresh_from_db()
    method = Grant.Method.API if by.key_id else Grant.Method.DESK
    rules.check_read(grant, by, method, at)
    if place:
        rules.check_within(grant, place)
    given = granted.columns(grant)
    rules.check_given([column.code for column in given], elements)
    columns = [column for column in given if not elements or column.code in elements]
    return rules.scope_of(grant, place or by.place), columns


def _show(by):
    return masks.told if by.key_id else masks.shown


def _note(grant, rows, columns, by, at, through=None):
    readlog.note(
        by=by, persons=[row.person for row in rows], elements=[each.code for each in columns],
        purpose=grant.purpose,
        through=through or (Through.API if by.key_id else Through.GRANT),
        basis=grant.basis, grant=grant.pk, withheld=grant.confidential_basis,
        review_on=grant.review_on, at=at,
    )  # fmt: skip


@transaction.atomic
def reveal(
    *, person: Person, elements: list[str], reason: str, by: Actor, at: datetime
) -> dict[str, str]:
    """Named elements of a person in full, for a reason, to a post that sees the person.

    Who is shown more than a day's measure is told to the security administrator, once a day.
    """
    seen = by.is_staff and rules.present(person.pk, by.place)
    rules.check_reveal(seen, elements, reason)

    reason = masking.scrub(reason.strip())[:200]
    readlog.note(
        by=by, persons=[person.pk], elements=elements, purpose=reason, through=Through.REVEAL, at=at
    )
    about = f"registry.Person:{person.pk}"
    journal.record(
        "registry.revealed", about=about, by=by, at=at, place=by.place, fields=sorted(elements)
    )
    _warn(by, at)
    values = {code: _value(person, kinds.entry(code)) for code in elements}
    return {code: masks.shown(kinds.entry(code), value, full=True)
            for code, value in values.items()}  # fmt: skip


def _value(person: Person, entry: kinds.Entry) -> Any:
    model, field = entry.section.model, entry.element.field
    if model is Person:
        return getattr(Person.objects.only("pk", field).get(pk=person.pk), field)
    of_person: dict[type, Any] = {
        kinds.SECTIONS["home"].model: {"presences__person": person, "presences__until": None,
                                       "presences__kind": Presence.Kind.LIVING},
        Household: {"members__person": person, "members__until": None},
    }  # fmt: skip
    found = model.objects.filter(**of_person.get(model, {"person": person})).first()
    return None if found is None else getattr(found, field)


def _warn(by, at):
    """One duty a post and day, when its reveals reach the measure."""
    with connection.cursor() as cursor:  # two at once must not both be the last before it
        cursor.execute("select pg_advisory_xact_lock(7203, %s::int)", [by.post_id])
    count = readlog.reveals_of_day(by.post_id, at)
    if count != settings.SHANZHI_REVEALS_A_DAY:
        return
    duties.open_duty(
        kind="registry.reveals", about=f"people.Post:{by.post_id}", place=settings.SHANZHI_CITY,
        department="security_admin", at=at, title=_("Many values were shown in full"),
        detail=_("%(n)s by one post today") % {"n": count},
        link=reverse("registry:reveals", args=[by.post_id]),
        limits=[duties.Limit(Clock.Basis.STEP, 1, Clock.Unit.WORKING_DAYS)],
    )  # fmt: skip


@transaction.atomic
def settle_reveals(*, post_id: int, outcome: str, by: Actor, at: datetime) -> int:
    """The security administrator has looked at it: in order, or the grounds were not enough."""
    rules.check_security(by)
    rules.check_reason(outcome)
    about = f"people.Post:{post_id}"
    closed = duties.close_duties(about=about, kind="registry.reveals", at=at, outcome="looked at")
    journal.record(
        "registry.reveals_settled", about=about, by=by, at=at, place=by.place,
        outcome=masking.scrub(outcome.strip())[:300],
    )  # fmt: skip
    return closed


@transaction.atomic
def prepare_read_partitions(*, by: Actor, at: datetime) -> list[str]:
    """The months of the read log, this and the next three; run daily. The names of those made."""
    made = []
    today = localdate(at)
    first = today.year * 12 + today.month - 1
    with connection.cursor() as cursor:
        cursor.execute("select set_config('lock_timeout', '1s', true)")
        for month in range(first, first + 4):
            begins = today.replace(year=month // 12, month=month % 12 + 1, day=1)
            cursor.execute("select registry_read_partition(%s::date)", [begins])
            if cursor.fetchone()[0]:
                made.append(f"{begins:%Y_%m}")
        cursor.execute("select set_config('lock_timeout', '0', true)")
    if made:
        journal.record(
            "registry.read_partitions_made", about=f"registry.ReadEntry:{made[0]}", by=by, at=at,
            place=settings.SHANZHI_CITY, months=made,
        )  # fmt: skip
    return made
