"""`shanzhi retention`: what has been kept for long enough, and letting it go batch by batch."""

from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from rich.table import Table

from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import retention

from . import progress
from .doctor import language


def show(*, at: datetime) -> dict[str, int]:
    """A line for each kind of record; how many are due, by its code."""
    with translation.override(language()):
        table = Table(_("Record"), _("Kept for"), _("Due"))
        due = {}
        for rule in retention.rules():
            due[rule.code] = rule.due(localdate(at))
            table.add_row(str(rule.title), str(rule.keeps), f"{due[rule.code]:,}")
        progress.console.print(table)
    return due


def apply(*, clock: Callable[[], datetime]) -> dict[str, int]:
    """Each batch is a transaction of its own, with its line in the journal."""
    done = {}
    with translation.override(language()):
        for rule in retention.rules():
            total = rule.due(localdate(clock()))
            if not total:
                continue
            with progress.step(str(rule.title)) as tell:
                done[rule.code] = 0
                while batch := rule.deal(by=SYSTEM, at=clock()):
                    done[rule.code] += batch
                    tell(_("let go"), done[rule.code], total)
    return done
