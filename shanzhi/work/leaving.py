"""What a follower does when somebody's post has ended: nothing stays in hands that are gone."""

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM

from . import commands


def follow(entries: list[EntryRow]) -> None:
    for entry in entries:
        if entry.verb == "people.post_ended":
            commands.follow_end_of_post(
                account=entry.data["account"], place=entry.place, by=SYSTEM, at=entry.at
            )
