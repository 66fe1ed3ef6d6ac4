"""Follows merged, moved and split places in the journal: agreements go to a successor."""

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places.moves import pairs_of

from . import commands


def follow(entries: list[EntryRow]) -> None:
    for entry in entries:
        for old, new in pairs_of(entry):
            commands.follow_move(old=old, new=new, by=SYSTEM, at=entry.at)
        if entry.verb == "places.split" and entry.place not in entry.data.get("news", []):
            commands.follow_split(old=entry.place, by=SYSTEM, at=entry.at)
