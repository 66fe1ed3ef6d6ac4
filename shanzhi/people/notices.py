"""In-app notices, made by followers of the journal: higher areas decide who is told what."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shanzhi.journal.kinds import EntryRow
from shanzhi.journal.labels import pk
from shanzhi.kernel.acting import SYSTEM

from . import commands
from .models import Notice


@dataclass(frozen=True)
class NewNotice:
    """`text` is a registered NoticeText, `values` fill its words, `entry` is of the journal."""

    account_id: int
    text: str
    entry: int
    at: datetime
    values: dict = field(default_factory=dict)
    link: str = ""


def send(rows: Iterable[NewNotice]) -> None:
    """Safe to run twice: an account gets one notice of one entry."""
    made = [
        Notice(
            account_id=row.account_id,
            text=row.text,
            entry=row.entry,
            at=row.at,
            values=row.values,
            link=row.link,
        )
        for row in rows
    ]
    if made:
        commands.keep_notices(rows=made, by=SYSTEM, at=max(row.at for row in made))


def tell_of(
    entries: Iterable[EntryRow],
    verbs: Collection[str],
    rows: Callable[[set[int | str]], Mapping[Any, Any]],
    notices: Callable[[EntryRow, Any], Iterable[NewNotice]],
) -> None:
    """A follower's whole work: the entries with these verbs, the rows they are about (asked for
    once, by key), and what each says to whom. Of a row that is gone nobody is told."""
    told = [entry for entry in entries if entry.verb in verbs]
    found = rows({pk(entry.about) for entry in told})
    send(
        notice
        for entry in told
        if (row := found.get(pk(entry.about)))
        for notice in notices(entry, row)
    )
