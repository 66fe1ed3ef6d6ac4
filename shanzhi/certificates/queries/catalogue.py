"""The catalogue in force, what changed between two editions, and which row is meant by a text."""

from functools import lru_cache

from django.db.models import Q, QuerySet

from shanzhi.burden import editions as editions_of
from shanzhi.burden import matching
from shanzhi.burden.editions import Change
from shanzhi.kernel import places

from ..models import Edition, Entry

COMPARED = ("name", "aliases", "words", "allowed", "issuer", "link", "phone", "data_check",
            "commitment", "promise", "basis", "confirmed", "fields", "days")  # fmt: skip
NEAR = 0.12  # of the matcher's score: people pick from the answers, so a weak one may stand there
MOST = 8


def edition(place: str) -> Edition | None:
    """In force for `place`: its own, or that of the nearest place above."""
    found = Edition.objects.filter(place__in=places.above(place), state=Edition.State.IN_FORCE)
    return max(found, key=lambda each: len(each.place), default=None)


def editions(place: str) -> list[Edition]:
    """All that a place or one above it keeps, the nearest and newest first."""
    found = Edition.objects.filter(place__in=places.above(place))
    return list(found.order_by("-place", "-number"))


def entries(edition: Edition) -> QuerySet[Entry]:
    return edition.entries.order_by("position")


def entry(pk: int) -> Entry | None:
    return Entry.objects.select_related("edition").filter(pk=pk).first()


def here(entry: Entry, place: str) -> Entry | None:
    """The same certificate by the edition in force there: a district may have its own."""
    found = edition(place)
    if found is None or found.pk == entry.edition_id:
        return entry if found else None
    return found.entries.select_related("edition").filter(code=entry.code).first()


def search(edition: Edition, text: str) -> list[Entry]:
    """Rows that hold the text come first, then those that speak of it, the nearest first."""
    text = "".join(text.split())[:60]
    if not text:
        return []
    known = {each.pk: each for each in entries(edition)}
    plain = [pk for pk, each in known.items() if _holds(each, text)]
    plain.sort(key=lambda pk: known[pk].name != text)
    near = [int(each.entry.key) for each in _matcher(edition.pk).ranked(text, MOST)
            if each.score >= NEAR]  # fmt: skip
    return [known[pk] for pk in dict.fromkeys([*plain, *near]) if pk in known][:MOST]


def named(edition: Edition, text: str) -> Entry | None:
    """The row of this very name, or other name."""
    rows = edition.entries.filter(Q(name=text) | Q(aliases__contains=[text])).order_by("position")
    return rows.first()


def _holds(entry, text):
    names = (entry.name, *entry.aliases, *entry.words)
    return any(text in name or name in text for name in names)


@lru_cache(8)
def _matcher(edition: int) -> matching.Matcher:
    """What is matched of a published edition does not change."""
    rows = Entry.objects.filter(edition=edition).order_by("position")
    return matching.Matcher(
        matching.Entry(str(row.pk), row.name, (*row.aliases, *row.words)) for row in rows
    )


def changes(old: Edition | None, new: Edition) -> list[Change]:
    """By code: what came, went, or says something else."""
    return editions_of.changes(entries(old) if old else (), entries(new), COMPARED)
