"""Follows merged and moved places in the journal: open requests go to the new community."""

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places.moves import pairs_of

from . import commands


def follow(entries: list[EntryRow]) -> None:
    for entry in entries:
        for old, new in pairs_of(entry):
            commands.follow_move(old=old, new=new, by=SYSTEM, at=entry.at)
