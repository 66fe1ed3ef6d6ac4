"""Applications and grants, as the asking unit, the owners and the security post see them."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from shanzhi.journal import queries as journal
from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel import paging
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Post

from ..kinds import Entry
from ..models import Grant, GrantElement, GrantPart, Source

WATCHERS = frozenset({"security_admin", "audit_admin"})
IN_USE = (Grant.State.GRANTED, Grant.State.SUSPENDED)


def grants_of_unit(actor: Actor) -> QuerySet[Grant]:
    """What the actor's own unit asked for, drafts too."""
    if actor.role != "department_clerk":
        return Grant.objects.none()
    return Grant.objects.filter(department=actor.department, place=actor.place)


def grants_to_owner(actor: Actor) -> QuerySet[Grant]:
    """What others ask of the actor's department, once it is sent."""
    if actor.role != "department_clerk" or actor.place != settings.SHANZHI_CITY:
        return Grant.objects.none()
    parts = GrantPart.objects.filter(owner=actor.department).values("grant")
    return Grant.objects.filter(pk__in=parts).exclude(state=Grant.State.DRAFT)


def visible_grants(actor: Actor) -> QuerySet[Grant]:
    if actor.role in WATCHERS:
        return Grant.objects.exclude(state=Grant.State.DRAFT)
    return grants_of_unit(actor) | grants_to_owner(actor)


def grant(actor: Actor, number: str) -> Grant | None:
    return visible_grants(actor).filter(number=number).first()


def grant_page(
    rows: QuerySet[Grant], *, state: str = "", cursor: str = "", size: int = 20
) -> paging.Page:
    """The latest first."""
    if state:
        rows = rows.filter(state=state)
    if after := paging.decode(cursor, int):
        rows = rows.filter(id__lt=after[0])
    found = list(rows.order_by("-id")[: size + 1])
    return paging.page(found, size=size, key=lambda each: (each.pk,))


def parts(grant: Grant) -> list[GrantPart]:
    """With their elements, in a fixed order."""
    rows = grant.parts.select_related("owner").prefetch_related("elements")
    return list(rows.order_by("owner_id"))


def elements_of(grant: Grant) -> dict[str, bool]:
    """What was asked for, and whether in full."""
    rows = GrantElement.objects.filter(part__grant=grant).order_by("element")
    return dict(rows.values_list("element", "full"))


def part(grant: Grant, owner: str) -> GrantPart | None:
    return grant.parts.filter(owner=owner).first()


def history(grant: Grant) -> list[EntryRow]:
    return journal.about(f"registry.Grant:{grant.pk}")


def readers_of(entry: Entry) -> list[Grant]:
    """The grants in use that read an element."""
    named = GrantElement.objects.filter(element=entry.code, part__state="provided")
    found = Grant.objects.filter(state__in=IN_USE, pk__in=named.values("part__grant"))
    return list(found.order_by("department", "place", "id")[:100])


def posts() -> QuerySet[Post]:
    return Post.objects.select_related("account")


@dataclass(frozen=True)
class Origin:
    """Where an element comes from: the owner's own data, or the community's collecting."""

    name: str
    kind: str


def origin(entry: Entry) -> Origin:
    """一数一源: the owner department's source where it delivers one, else the community's."""
    rows = Source.objects.filter(Q(department=entry.owner) | Q(code="community"))
    found = rows.order_by("-kind", "code").first()
    if found is None:
        return Origin(str(Source.Kind.COMMUNITY.label), Source.Kind.COMMUNITY)
    return Origin(found.name, found.kind)
