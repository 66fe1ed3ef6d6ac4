"""Whom a scope asks once divisions have merged, split or moved: pure, worked out from one change.

What went on whole, or in parts, is followed. What became part of a larger division is followed
where all parts were asked; else the very same communities stay asked, and somebody has to say
whether the larger one is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel import places
from shanzhi.places.moves import VERBS


@dataclass(frozen=True)
class Change:
    """One change of divisions, as the journal tells it."""

    on: date
    same: Mapping[str, str] = field(default_factory=dict)  # goes on whole under another code
    merged: Sequence[str] = ()  # ended in `larger`
    larger: str = ""
    founded: bool = True  # `larger` did not exist before
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def joined(self) -> list[str]:
        """Of what the larger one is made."""
        return [*self.merged, *([] if self.founded or not self.larger else [self.larger])]

    @property
    def pairs(self) -> dict[str, str]:
        return dict(self.same) | dict.fromkeys(self.merged, self.larger)

    @property
    def codes(self) -> set[str]:
        """Every division it touches, and all above them: who names one of these may be asking."""
        named = {*self.pairs, *self.pairs.values(), *self.parts, *sum(self.parts.values(), ())}
        return {above for code in named for above in places.above(code)}


def change_of(entry: EntryRow, existed: Callable[[str, date], bool]) -> Change | None:
    """`existed` says whether a code held on the day before."""
    if entry.verb not in VERBS:
        return None
    data, on = entry.data, date.fromisoformat(entry.data["on"])
    same = dict(data.get("moved", []))
    if entry.verb == "places.split":
        return Change(on, same, parts={entry.place: tuple(data["news"])})
    if entry.verb == "places.moved":
        return Change(on, same | {data["old"]: entry.place})
    return Change(on, same, tuple(data["olds"]), entry.place, not existed(entry.place, on))


@dataclass(frozen=True)
class Outcome:
    """`asks`: what was asked of the larger division that is not asked as a whole."""

    scope: Sequence[str]
    asks: Sequence[str] = ()


def follow(
    scope: Sequence[str], change: Change, children: Callable[[str], Iterable[str]]
) -> Outcome:
    """`children` are the codes right below a division from the day of the change."""
    whole = all(_asked(each, scope) for each in change.joined)
    found: list[str] = []
    asks: list[str] = []
    for code in scope:
        if code in change.joined and not whole:
            found += _exactly(code, change, children)
            asks.append(code)
        elif code in change.joined:
            found.append(change.larger)
        else:
            found += change.parts.get(code, [change.same.get(code, code)])
    return Outcome(found, asks)


def _asked(code, scope):
    return any(places.holds(each, code) for each in scope)


def _exactly(code, change, children):
    """The same communities under their present codes. A community that ended keeps its old code,
    under which nobody is asked; one that goes on, larger, goes on being asked."""
    if len(code) >= places.LEVELS["community"]:
        return [code]
    if code != change.larger:
        return [new for old, new in change.same.items() if places.parent(old) == code] or [code]
    came = set(change.same.values())
    return [each for each in children(code) if each not in came] or [code]
