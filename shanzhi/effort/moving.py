"""Follows mergers, splits and moves of divisions in the journal: the diary, and stated numbers."""

from shanzhi.burden.following import change_of
from shanzhi.burden.queries.following import existed
from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places.moves import following

from . import commands

_diary = following(commands.follow_move)


def follow(entries: list[EntryRow]) -> None:
    for entry in entries:
        _diary([entry])
        if change := change_of(entry, existed):
            commands.follow_headcounts(change=change, by=SYSTEM, at=entry.at)
