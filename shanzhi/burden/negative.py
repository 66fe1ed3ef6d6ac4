"""The negative list against what is asked: by an entry's words, categories and levels."""

from collections.abc import Iterable

from .models import ListEntry


def hit(entry: ListEntry, category: str, level: str, text: str) -> str:
    """The word of the entry that stands in the text; "" where it does not concern it.

    An entry without words never hits: `silent` finds those.
    """
    if entry.categories and category not in entry.categories:
        return ""
    if entry.levels and level not in entry.levels:
        return ""
    return next((word for word in entry.words if word and word in text), "")


def hits(entries: Iterable[ListEntry], asked: Iterable[tuple[str, str, str]]) -> dict[int, int]:
    """By key of the entry, how many of what was asked it hits: (category, level, text) each."""
    known = list(asked)
    return {
        entry.pk: sum(bool(hit(entry, *each)) for each in known) if any(entry.words) else 0
        for entry in entries
    }
