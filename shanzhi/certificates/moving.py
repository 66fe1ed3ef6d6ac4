"""Follows mergers, splits and moves of divisions in the journal: what is open, and catalogues."""

from shanzhi.burden.following import change_of
from shanzhi.burden.queries.following import existed
from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places.moves import following

from . import commands

_to_new_code = following(commands.follow_move)


def follow(entries: list[EntryRow]) -> None:
    for entry in entries:
        _to_new_code([entry])
        if change := change_of(entry, existed):
            commands.follow_catalogues(change=change, by=SYSTEM, at=entry.at)
