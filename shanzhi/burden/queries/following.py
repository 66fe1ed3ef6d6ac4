"""What changed for whom something asks, and what waits for a decision."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from shanzhi.journal import labels
from shanzhi.kernel import paging
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.paging import Page
from shanzhi.places.models import Division

from ..following import Change
from ..kinds import SCOPED, Scoped
from ..models import ScopeChange

SIZE = 30
OPEN = Q(kind__in=(ScopeChange.Kind.ASKED, ScopeChange.Kind.EMPTY), answered_by=None)


def existed(code: str, on: date) -> bool:
    """Was there such a division on the day before?"""
    return Division.objects.filter(code=code, valid_from__lt=on).exists()


def children(code: str, on: date) -> list[str]:
    held = Q(valid_to=None) | Q(valid_to__gt=on)
    rows = Division.objects.filter(held, parent=code, valid_from__lte=on).order_by("code")
    return list(rows.values_list("code", flat=True))


def changes_of(about: str) -> list[ScopeChange]:
    """The latest first."""
    return list(ScopeChange.objects.filter(about=about).order_by("-pk"))


def open_changes(about: str) -> list[ScopeChange]:
    return list(ScopeChange.objects.filter(OPEN, about=about).order_by("pk"))


def readable(actor: Actor) -> QuerySet[ScopeChange]:
    """The office those of its place, a department its own."""
    rows = ScopeChange.objects.filter(place__startswith=actor.place)
    if actor.department:
        rows = rows.filter(place=actor.place, department=actor.department)
    return rows.select_related("answered_by")


def page(actor: Actor, today: date, *, only_open: bool, cursor: str = "") -> Page:
    """The newest first; of what waits, only what is still in force."""
    rows = readable(actor)
    if only_open:
        waiting = rows.filter(OPEN)
        rows = rows.filter(OPEN, about__in=asking(waiting.values_list("about", flat=True), today))
    if key := paging.decode(cursor, int):
        rows = rows.filter(pk__lt=key[0])
    return paging.page(list(rows.order_by("-pk")[: SIZE + 1]), size=SIZE, key=lambda row: (row.pk,))


def asking(abouts: Iterable[str], today: date) -> set[str]:
    """Those that ask somebody now, or want to."""
    found: set[str] = set()
    wanted = set(abouts)
    for name, scoped in SCOPED.items():
        keys = [labels.pk(each) for each in wanted if each.startswith(f"{name}:")]
        rows = scoped.model.objects.filter(scoped.asking(today), pk__in=keys)
        found |= {f"{name}:{pk}" for pk in rows.values_list("pk", flat=True)}
    return found


def touched(scoped: Scoped, change: Change, today: date) -> QuerySet:
    """Rows whose scope names a division it touches or one above, those that wait for an answer
    about one, and those of units in what became another."""
    name = scoped.model._meta.label
    ended = list(change.pairs)
    waiting = ScopeChange.objects.filter(
        OPEN, about__startswith=f"{name}:", new__in=[*ended, change.larger]
    )
    keys = [labels.pk(each) for each in waiting.values_list("about", flat=True)]
    follows = scoped.follows(today) & (Q(scope__overlap=list(change.codes)) | Q(pk__in=keys))
    return scoped.model.objects.filter(follows | Q(place__in=ended)).order_by("pk")
