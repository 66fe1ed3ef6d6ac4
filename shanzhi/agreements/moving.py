"""Follows merged, moved and split places in the journal: agreements go to a successor."""

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places.moves import following

from . import commands

_to_successors = following(commands.follow_move)


def follow(entries: list[EntryRow]) -> None:
    for entry in entries:
        _to_successors([entry])
        if entry.verb == "places.split" and entry.place not in entry.data.get("news", []):
            commands.follow_split(old=entry.place, by=SYSTEM, at=entry.at)
