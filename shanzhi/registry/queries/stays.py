"""Where somebody was on a day, and in which household, as it was believed at a moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from ..models import Dwelling, FormerStay, Household, Membership, Person, Presence
from . import presence


@dataclass(frozen=True)
class Believed:
    """A presence (`kind`, `place`) or a membership (`household`, `relation`), with the row that
    says so or said so then.
    """

    row: int
    kind: int | None
    place: str
    dwelling: Dwelling | None
    household: Household | None
    relation: str
    since: date
    until: date | None


def stays_as_of(
    person: Person, *, day: date, known_at: datetime | None = None
) -> tuple[list[Believed], list[Believed]]:
    """The presences and the memberships that held on a day as far as the fence lets them be seen;
    `known_at` None is what is believed now.
    """
    presences = presence.opened(Presence.objects.filter(person=person))
    members = Membership.objects.filter(person=person).defer("household__number")
    found = [
        *map(_present, _holding(presences, day, known_at).select_related("dwelling__estate")),
        *map(_member, _holding(members, day, known_at).select_related(
            "household__dwelling__estate")),
        *_believed_then(person, day, known_at),
    ]  # fmt: skip
    found.sort(key=lambda each: (each.kind or 0, each.since, each.row))
    return [each for each in found if each.kind], [each for each in found if each.household]


def _holding(rows: QuerySet, day: date, known_at: datetime | None) -> QuerySet:
    known = {"recorded_at__lte": known_at} if known_at else {}
    return rows.filter(Q(until=None) | Q(until__gt=day), since__lte=day, **known)


def _believed_then(person, day, known_at) -> Iterator[Believed]:
    """None of it is believed now."""
    if known_at is None:
        return
    rows = FormerStay.objects.filter(
        Q(until=None) | Q(until__gt=day), since__lte=day, person_id=person.pk,
        known_from__lte=known_at, known_to__gt=known_at,
    )  # fmt: skip
    rows = rows.select_related("dwelling__estate", "household__dwelling__estate")
    for row in rows.defer("household__number"):
        yield _present(row, row.presence) if row.presence else _member(row, row.membership)


def _present(row, pk=None):
    home = row.dwelling
    return Believed(pk or row.pk, row.kind, row.place, home, None, "", row.since, row.until)


def _member(row, pk=None):
    household, relation = row.household, row.relation
    return Believed(pk or row.pk, None, "", None, household, relation, row.since, row.until)
