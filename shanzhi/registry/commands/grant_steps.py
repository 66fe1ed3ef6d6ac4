"""What the commands of an application share, inside their transactions."""

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from shanzhi.journal import commands as journal
from shanzhi.people.queries import unit_name
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import kinds
from ..models import Grant, GrantElement, GrantPart
from ..rules import sharing as rules
from ..rules.sharing import State, Wanted

COLUMNS = (
    "purpose", "basis", "scenario", "scope", "filter", "method", "since", "until",
    "confidential_basis", "review_on",
)  # fmt: skip


def number(at: datetime) -> str:
    """G, the year, and a running number: G26000017."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('registry_grant_number')")
        return f"G{localdate(at):%y}{cursor.fetchone()[0]:06d}"


def columns(wanted):
    found = {name: getattr(wanted, name) for name in COLUMNS}
    for name in ("purpose", "basis", "scenario", "confidential_basis"):
        found[name] = found[name].strip()
    return found | {"filter": dict(wanted.filter)}


def set_parts(grant, wanted):
    by_owner: dict[str, list[kinds.Entry]] = {}
    for code in wanted.elements:
        entry = kinds.entry(code)
        by_owner.setdefault(entry.owner, []).append(entry)
    for owner, entries in sorted(by_owner.items()):
        part = GrantPart.objects.create(grant=grant, owner_id=owner)
        GrantElement.objects.bulk_create(
            GrantElement(
                part=part, element=each.code, share=str(each.element.share),
                full=bool(wanted.elements[each.code]),
            )
            for each in entries
        )  # fmt: skip


def wanted(grant):
    elements = GrantElement.objects.filter(part__grant=grant).values_list("element", "full")
    return Wanted(elements=dict(elements), **{name: getattr(grant, name) for name in COLUMNS})


def locked(grant):
    return Grant.objects.select_for_update().get(pk=grant.pk)


def locked_part(part):
    """The application first, then its part."""
    grant = Grant.objects.select_for_update().get(pk=part.grant_id)
    return grant, GrantPart.objects.select_for_update().get(pk=part.pk)


def parts(grant):
    return list(grant.parts.select_for_update().order_by("pk"))


def owners(grant):
    return list(grant.parts.values_list("owner_id", flat=True))


def shares(part):
    return set(part.elements.values_list("share", flat=True))


def decide(part, state, by, at):
    part.state, part.decided_by, part.decided_at = state, by.account_id, at
    part.save(update_fields=["state", "decided_by", "decided_at"])


def settle(grant, at):
    """The application follows what its owners have decided."""
    state = rules.state_of(grant.parts.values_list("state", flat=True))
    if state in (State.AGREED, State.GRANTED, State.REFUSED) and grant.decided_at is None:
        grant.decided_at = at
    become(grant, state, "decided_at")


def become(grant, state, *fields):
    grant.state = state
    grant.save(update_fields=["state", *fields])


def open_duty(grant, part, kind, days, at):
    return duties.open_duty(
        kind=kind, about=label(part), place=settings.SHANZHI_CITY, department=part.owner_id,
        at=at, title=grant.purpose, detail=unit_name(grant.place, grant.department_id),
        link=link(grant), limits=[limit(Clock.Basis.STATUTORY, days)],
    )  # fmt: skip


def limit(basis, days):
    return duties.Limit(basis, days, Clock.Unit.WORKING_DAYS)


def duty(part, kind):
    return duties.open_one(about=label(part), kind=kind)


def label(part):
    return f"registry.GrantPart:{part.pk}"


def link(grant):
    return reverse("registry:grant", args=[grant.number])


def record(verb, grant, by, at, **data):
    journal.record(
        verb, about=f"registry.Grant:{grant.pk}", by=by, at=at, place=grant.place,
        number=grant.number, **data,
    )  # fmt: skip
