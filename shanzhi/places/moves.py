"""Which codes a journal entry of this area replaced: what followers of the areas above act on."""

from shanzhi.journal.kinds import EntryRow

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
