"""What differs between two editions of a list, by the codes of their entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Change:
    """An entry as it was and as it is; None where it was not there, or is not any more."""

    code: str
    old: Any | None
    new: Any | None

    @property
    def kind(self) -> str:
        return "changed" if self.old and self.new else "added" if self.new else "removed"


def before(new: Any, others: Sequence[Any], asked: str = "") -> Any | None:
    """What an edition stands beside: the one asked for by its key, else the one it follows; of a
    place without one, that of the place above. `others` are the latest first."""
    chosen = (each for each in others if str(each.pk) == asked)
    earlier = (each for each in others if each.place != new.place or each.number < new.number)
    return next(chosen, None) or next(earlier, None)


def confirmed(draft: Any | None) -> str:
    """What is said to who has confirmed an entry; `draft` is the same one in the next edition."""
    if draft is None:
        return _("Confirmed.")
    if draft.confirmed:
        return _("Confirmed, in the draft of the next edition too.")
    return _("Confirmed. The draft of the next edition words it otherwise: confirm it there too.")


def changes(before: Iterable[Any], after: Iterable[Any], compared: Sequence[str]) -> list[Change]:
    """What came, went, or says something else in one of the columns that are compared."""
    old, new = ({each.code: each for each in side} for side in (before, after))
    return [
        Change(code, old.get(code), new.get(code))
        for code in dict.fromkeys([*new, *old])
        if code not in old
        or code not in new
        or any(getattr(old[code], name) != getattr(new[code], name) for name in compared)
    ]
