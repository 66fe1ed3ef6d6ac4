"""Returns: of a community with its name, to a department without it."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from shanzhi.burden.models import Demand, Edition, ListEntry
from shanzhi.burden.queries.lists import edition, whose
from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.paging import Page
from shanzhi.places.queries import predecessors

from ..models import Application, Return
from ..rules.applications import COMMUNITY, OFFICE, UNITS

SIZE = 30
NAMED = OFFICE | {"city_leader"}  # who may know which community it was


def readable(actor: Actor) -> QuerySet[Return]:
    """A community its own, a department what came back to it, the office all of its place."""
    rows = Return.objects.select_related("department").order_by("-pk")
    if actor.role in COMMUNITY:
        return rows.filter(community__in=predecessors(actor.place))
    if actor.role in UNITS:
        return rows.filter(place=actor.place, department=actor.department)
    if actor.role in NAMED:
        return rows.filter(community__startswith=actor.place)
    return rows.none()


def narrowed(rows: QuerySet[Return], chosen: Mapping[str, str], since: date) -> QuerySet[Return]:
    rows = rows.filter(returned_on__gte=since)
    if chosen.get("department"):
        rows = rows.filter(department=chosen["department"])
    for word in chosen.get("q", "").split()[:5]:
        rows = rows.filter(Q(what__icontains=word) | Q(number__icontains=word))
    return rows


def page(rows: QuerySet[Return], *, cursor: str = "") -> Page:
    if key := paging.decode(cursor, int):
        rows = rows.filter(pk__lt=key[0])
    return paging.page(list(rows[: SIZE + 1]), size=SIZE, key=lambda row: (row.pk,))


def ended(number: str, community: str) -> Demand | Application | None:
    """A demand that is not in force any more, or an application that was refused, of this place."""
    above = places.above(community)
    demands = Demand.objects.filter(number=number, scope__overlap=above)
    refused = Application.objects.filter(
        number=number, scope__overlap=above, state=Application.State.REFUSED
    )
    return demands.exclude(state=Demand.State.IN_FORCE).first() or refused.first()


def by_department(rows: QuerySet[Return]) -> list[tuple[str, str, int]]:
    """(place of the unit, department, how many), the most first."""
    found = rows.order_by().values_list("place", "department").annotate(number=Count("pk"))
    return sorted(found, key=lambda each: (-each[2], each[0], each[1]))


def clause_for(text: str) -> ListEntry | None:
    """The confirmed entry of the negative list that speaks of it, if one does."""
    negative = edition(Edition.Kind.NEGATIVE, settings.SHANZHI_CITY)
    if negative is None:
        return None
    for entry in negative.entries.filter(confirmed=True).order_by("position"):
        if any(word and word in text for word in entry.words):
            return entry
    found = whose(text, settings.SHANZHI_CITY)
    if found and found[0].edition.kind == Edition.Kind.NEGATIVE and found[0].confirmed:
        return found[0]
    return None
