"""The residents of a community's post: the list, the counts beside it, households."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg, BoolOr
from django.db.models import Count, Max, Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.workdays import years_before

from ..models import Dwelling, Household, Membership, Person, Presence
from . import presence
from .persons import KEEPERS

LIVING, REGISTERED = Presence.Kind.LIVING, Presence.Kind.REGISTERED
BANDS = {  # ages, from-to
    "0": (0, 5), "6": (6, 17), "18": (18, 59), "60": (60, 79), "80": (80, 99), "100": (100, 150),
}  # fmt: skip
APART = ("here", "gone")  # lives here, registered elsewhere; registered here, lives elsewhere
BOUNDLESS = "\U0010ffff"


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to."""

    text: str = ""
    grid: str = ""
    kind: int = 0
    band: str = ""
    apart: str = ""


@dataclass(frozen=True)
class Resident:
    id: int
    name: str
    birth: date | None
    sex: str
    kinds: list[int]
    dwelling_id: int | None


def residents(
    actor: Actor, wanted: Wanted, *, today: date, cursor: str = "", size: int = 20
) -> paging.Page:
    """One line a person, by name."""
    if actor.role not in KEEPERS:
        return paging.Page([], "")
    rows = _narrowed(actor, wanted, today)
    if after := paging.decode(cursor, str, int):
        name, person = after
        rows = rows.filter(name__gte=name)
        rows = rows.filter(Q(name__gt=name) | Q(name=name, person_id__gt=person))
    found = rows.order_by("name", "person_id").values_list(
        "person_id", "name", "of_birth", "of_sex", "kinds", "home"
    )
    page = paging.page(list(found[: size + 1]), size=size, key=lambda row: (row[1], row[0]))
    return paging.Page([Resident(*row) for row in page.rows], page.next)


def _narrowed(actor, wanted, today):
    place = wanted.grid if places.holds(actor.place, wanted.grid) else actor.place
    rows = presence.in_community(place)
    if wanted.text:
        rows = rows.filter(name__gte=wanted.text, name__lt=wanted.text + BOUNDLESS)
    if wanted.band in BANDS:
        rows = rows.filter(birth__gt=years_before(today, BANDS[wanted.band][1] + 1))
        rows = rows.filter(birth__lte=years_before(today, BANDS[wanted.band][0]))
    rows = rows.values("name", "person_id").annotate(
        of_birth=Max("birth"), of_sex=Max("sex"), kinds=ArrayAgg("kind", order_by="kind"),
        home=Max("dwelling_id", filter=Q(kind=LIVING)),
        living=BoolOr(Q(kind=LIVING)), registered=BoolOr(Q(kind=REGISTERED)),
    )  # fmt: skip
    if wanted.kind in Presence.Kind.values:
        rows = rows.filter(kinds__contains=[wanted.kind])
    if wanted.apart in APART:
        here = wanted.apart == "here"
        rows = rows.filter(living=here, registered=not here)
    return rows


@dataclass(frozen=True)
class Counts:
    persons: int = 0
    living: int = 0
    registered: int = 0
    here: int = 0
    gone: int = 0
    households: int = 0


def counts(actor: Actor) -> Counts:
    """Of the actor's community or grid."""
    if actor.role not in KEEPERS:
        return Counts()
    each = presence.in_community(actor.place).values("person_id").annotate(
        living=BoolOr(Q(kind=LIVING)), registered=BoolOr(Q(kind=REGISTERED))
    )  # fmt: skip
    found = each.aggregate(
        persons=Count("person_id"), at_home=Count("person_id", filter=Q(living=True)),
        entered=Count("person_id", filter=Q(registered=True)),
        here=Count("person_id", filter=Q(living=True, registered=False)),
        gone=Count("person_id", filter=Q(living=False, registered=True)),
    )  # fmt: skip
    return Counts(
        found["persons"], found["at_home"], found["entered"], found["here"], found["gone"],
        households(actor).count(),
    )  # fmt: skip


def persons_of(ids: Iterable[int]) -> dict[int, Person]:
    """What a list shows of each besides the presence."""
    rows = Person.objects.only(
        "id", "identity", "phone", "registered_place", "state", "disputed", "name"
    )
    return rows.in_bulk(list(ids))


def dwellings_of(ids: Iterable[int | None]) -> dict[int, Dwelling]:
    return Dwelling.objects.select_related("estate").in_bulk([pk for pk in ids if pk])


# --- households -----------------------------------------------------------------------------------


def households(actor: Actor) -> QuerySet[Household]:
    """Those that exist in the actor's place."""
    if actor.role not in KEEPERS or not actor.place:
        return Household.objects.none()
    start, end = places.span(actor.place)
    rows = Household.objects.filter(community=actor.place[:12], ended_on=None)
    return rows if len(actor.place) <= 12 else rows.filter(place__gte=start, place__lt=end)


def household(actor: Actor, pk: int) -> Household | None:
    """Also one that has ended."""
    if actor.role not in KEEPERS or not actor.place:
        return None
    start, end = places.span(actor.place)
    rows = Household.objects.select_related("dwelling__estate")
    return rows.filter(pk=pk, place__gte=start, place__lt=end).first()


@dataclass(frozen=True)
class Members:
    now: list[Membership] = field(default_factory=list)
    before: list[Membership] = field(default_factory=list)

    @property
    def head(self) -> Person | None:
        return next((each.person for each in self.now if each.relation == "02"), None)


def members(household: Household) -> Members:
    """The head first, then by relation and age; the household's page reads by homes.py."""
    rows = list(household.members.select_related("person").order_by("since", "id"))
    now = [each for each in rows if each.until is None]
    now.sort(key=lambda each: (each.relation != "02", each.relation, each.person.birth or date.max))
    before = [each for each in rows if each.until is not None]
    before.sort(key=lambda each: each.until, reverse=True)
    return Members(now, before)


def membership(person: Person) -> Membership | None:
    rows = Membership.objects.filter(person=person, until=None)
    rows = rows.select_related("household__dwelling__estate")
    return rows.defer("household__number").first()


def presences(person: Person) -> list[Presence]:
    """Past and present, as far as the fence lets them be seen."""
    rows = presence.opened(Presence.objects.filter(person=person))
    return list(rows.select_related("dwelling__estate").order_by("-since", "-id"))


def lookalikes(actor: Actor, name: str, birth: date | None, estate_id: int | None) -> list[Person]:
    """Same name and birth, in the same estate where one is said."""
    if not name or birth is None or actor.role not in KEEPERS:
        return []
    rows = presence.in_community(actor.place[:12]).filter(name=name, birth=birth)
    if estate_id:
        rows = rows.filter(dwelling__estate=estate_id)
    ids = rows.values("person_id")
    return list(Person.objects.filter(pk__in=ids, merged_into=None).order_by("pk")[:5])
