"""The lists in force, what changed between two editions, and whose a task is."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from shanzhi.kernel import places

from .. import editions as editions_of
from .. import matching, negative
from ..editions import Change
from ..kinds import AGREED, Agreed
from ..models import Demand, Edition, ListEntry

COMPARED = ("title", "text", "department_id", "clause", "confirmed", "cycle", "fee", "verdict")


def edition(kind: str, place: str) -> Edition | None:
    """In force for `place`: its own, or that of the nearest place above."""
    found = Edition.objects.filter(
        kind=kind, place__in=places.above(place), state=Edition.State.IN_FORCE
    )
    return max(found, key=lambda each: len(each.place), default=None)


def editions(kind: str, place: str) -> list[Edition]:
    """All of the place that keeps this list, the newest first."""
    found = Edition.objects.filter(kind=kind, place__in=places.above(place))
    return list(found.order_by("-place", "-number"))


def entries(edition: Edition, text: str = "") -> QuerySet[ListEntry]:
    rows = edition.entries.select_related("department").order_by("position")
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(title__icontains=word) | Q(text__icontains=word) | Q(code__iexact=word)
            | Q(words__icontains=word)
        )  # fmt: skip
    return rows


def in_draft(entry: Any) -> Any | None:
    """The same entry in the draft of the next edition, where one waits; of any kind of list."""
    if entry.edition.state != Edition.State.IN_FORCE:
        return None
    drafts = entry.edition.of_its_list().filter(state=Edition.State.DRAFT)
    return type(entry).objects.filter(code=entry.code, edition__in=drafts).first()


def changes(old: Edition | None, new: Edition) -> list[Change]:
    """By code: what came, went, or says something else."""
    return editions_of.changes(entries(old) if old else (), entries(new), COMPARED)


def hits(edition: Edition) -> dict[int, int]:
    """Of the negative list: how many demands, ended or not, each entry speaks of."""
    demands = Demand.objects.filter(place__startswith=edition.place)
    rows = demands.values_list("category", "place", "title", "purpose")
    return negative.hits(
        edition.entries.all(),
        ((category, places.level(place), f"{title} {purpose}")
         for category, place, title, purpose in rows.iterator(2000)),
    )  # fmt: skip


# --- whose is it ----------------------------------------------------------------------------------


def whose(text: str, place: str) -> tuple[ListEntry, float] | None:
    """The entry that answers a task typed in words, and its score; None where it would be a guess.

    Of list one the community does it itself, of list two it helps, of the negative list it refuses.
    """
    found = [edition(kind, place) for kind in Edition.Kind.values]
    match = _matcher(tuple(each.pk for each in found if each)).best(text[:500])
    if match is None:
        return None
    entry = ListEntry.objects.select_related("edition", "department").get(pk=int(match.entry.key))
    return entry, match.score


def agreed(text: str, place: str, on: date, found: tuple[ListEntry, float] | None) -> Agreed | None:
    """The clause of the community's agreement that says so: that of the entry found, or one that
    was admitted during the year and is nearer."""
    clauses = [each for plug in AGREED for each in plug(place, on)]
    if found:
        same = [each for each in clauses if each.code == found[0].code and not each.admitted]
        if same and found[0].edition.kind != Edition.Kind.NEGATIVE:
            return same[0]
    new = {each.code: each for each in clauses if each.admitted}
    match = matching.Matcher(
        matching.Entry(each.code, each.title, (), each.text, group="agreement")
        for each in new.values()
    ).best(text[:500])
    nearer = match and (found is None or match.score > found[1])
    return new[match.entry.key] if nearer else None


@lru_cache(8)
def _matcher(editions: tuple[int, ...]) -> matching.Matcher:
    """What is matched of a published edition does not change."""
    rows = ListEntry.objects.filter(edition__in=editions).select_related("edition")
    return matching.Matcher(
        matching.Entry(str(row.pk), row.title, tuple(row.words), row.text, group=row.edition.kind)
        for row in rows.order_by("edition_id", "position")
    )
