"""Applications as lists and one by one; who reads which."""

from collections.abc import Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.paging import Page

from ..models import Application, Opinion, Vote
from ..rules.applications import COMMUNITY, OFFICE, UNITS

State = Application.State
DECIDED = (State.ADMITTED, State.MERGED, State.REFUSED)
LEADERS = frozenset({"city_leader"})
SIZE = 30


def readable(actor: Actor) -> QuerySet[Application]:
    """A department its own, the office those of its place, a community those it is heard on; what
    is decided everybody whom it concerns."""
    above = places.above(actor.place)
    concerns = Q(state__in=DECIDED) & (Q(scope__overlap=above) | Q(place__startswith=actor.place))
    if actor.role in UNITS:
        mine = Q(place=actor.place, department=actor.department)
    elif actor.role in OFFICE | LEADERS:
        mine = Q(place__startswith=actor.place, submitted_at__isnull=False)
    elif actor.role in COMMUNITY:
        heard = Opinion.objects.filter(application=OuterRef("pk"), community=actor.place)
        mine = Q(Exists(heard))
    else:
        mine = Q(pk=None)
    rows = Application.objects.filter(mine | concerns)
    return rows.select_related("department", "payer", "demand", "heir")


def application(number: str, actor: Actor) -> Application | None:
    return readable(actor).filter(number=number).first()


def narrowed(actor: Actor, chosen: Mapping[str, str]) -> QuerySet[Application]:
    """The newest first. `chosen`: state, category, department, q; "" is any."""
    rows = readable(actor)
    for column in ("state", "category", "department"):
        if value := chosen.get(column):
            rows = rows.filter(**{column: value})
    for word in chosen.get("q", "").split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word))
    return rows.order_by("-pk")


def page(actor: Actor, chosen: Mapping[str, str], *, cursor: str = "") -> Page:
    rows = narrowed(actor, chosen)
    key = paging.decode(cursor, int)
    if key:
        rows = rows.filter(pk__lt=key[0])
    return paging.page(list(rows[: SIZE + 1]), size=SIZE, key=lambda row: (row.pk,))


def members(place: str) -> list[str]:
    """Who sat in the last meeting of the place, for the next one."""
    last = Application.objects.filter(place__startswith=place, votes__isnull=False)
    latest = last.order_by("-decided_on", "-pk").first()
    if latest is None:
        return []
    return list(Vote.objects.filter(application=latest).order_by("position")
                .values_list("member", flat=True))  # fmt: skip
