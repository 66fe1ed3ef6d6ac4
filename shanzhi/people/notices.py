"""In-app notices, made by followers of the journal: higher areas decide who is told what."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

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
