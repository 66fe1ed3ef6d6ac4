"""Follows mergers, splits and moves of divisions in the journal: whom something asks goes along,
and so do clean-ups, lists and what communities say of systems."""

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM

from . import commands
from .following import change_of
from .queries.following import existed


def follow(entries: list[EntryRow]) -> None:
    for entry in entries:
        if change := change_of(entry, existed):
            commands.follow_divisions(change=change, by=SYSTEM, at=entry.at)
            commands.follow_campaigns(change=change, by=SYSTEM, at=entry.at)
            commands.follow_lists(change=change, by=SYSTEM, at=entry.at)
            commands.follow_uses(change=change, by=SYSTEM, at=entry.at)
