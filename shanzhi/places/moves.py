"""Which codes a journal entry of this area replaced: what followers of the areas above act on."""

from collections.abc import Callable

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM

VERBS = frozenset({"places.merged", "places.moved", "places.split"})


def pairs_of(entry: EntryRow) -> list[tuple[str, str]]:
    """(old, new) of every division that goes on under another code, itself and all below.

    A split says nothing of the place as a whole: who goes where is for the posts above to decide.
    """
    if entry.verb not in VERBS:
        return []
    pairs = dict(entry.data.get("moved", []))
    if entry.verb == "places.merged":
        pairs |= dict.fromkeys(entry.data.get("olds", []), entry.place)
    elif entry.verb == "places.moved":
        pairs[entry.data["old"]] = entry.place
    return sorted(pairs.items())


def following(follow_move: Callable[..., object]) -> Callable[[list[EntryRow]], None]:
    """What a follower does where its command leads one code after the other to its new one."""

    def follow(entries: list[EntryRow]) -> None:
        for entry in entries:
            for old, new in pairs_of(entry):
                follow_move(old=old, new=new, by=SYSTEM, at=entry.at)

    return follow
