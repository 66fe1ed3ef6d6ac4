"""What an operator asks of the areas: as the system, now, with a sentence as the answer."""

from datetime import date
from pathlib import Path

from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.journal import chain
from shanzhi.journal import commands as journal_commands
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places.commands.load import load_divisions
from shanzhi.work.commands import load_calendar

from .progress import Tell
from .system import Problem


def divisions(file: Path, *, valid_from: str, end_missing: bool, tell: Tell) -> str:
    now = timezone.now()
    counts = load_divisions(
        path=file,
        by=SYSTEM,
        at=now,
        valid_from=_day(valid_from) if valid_from else localdate(now),
        end_missing=end_missing,
        progress=lambda done, total: tell("rows", done, total),
    )
    sentence = (
        f"Read {counts.rows} divisions: {counts.added} new, {counts.renamed} renamed, "
        f"{counts.corrected} corrected, {counts.ended} ended."
    )
    if counts.missing and not end_missing:
        sentence += (
            f" {len(counts.missing)} that are here are not in the list and were kept; "
            "--end-missing ends them."
        )
    return sentence


def calendar() -> str:
    years = load_calendar(by=SYSTEM, at=timezone.now())
    if not years:
        return (
            "The installed package knows no further year. When the State Council has published "
            "one, upgrade the package, or enter the year on the page of the working days."
        )
    return f"Loaded the working days of {', '.join(map(str, years))}."


def verify_journal(day: str) -> tuple[list[str], bool]:
    """Sentences, and whether every seal fits."""
    only = _day(day) if day else None
    if breaks := chain.verify(only, only):
        return breaks, False
    sealed, link, digest = chain.head()
    if sealed is None:
        return ["Nothing has been sealed yet."], True
    return [
        "Every line of the journal is as it was sealed.",
        f"The last seal is number {link} of {sealed}: {digest}",
        "Keep that line outside this system: it proves today's journal tomorrow.",
    ], True


def after_restore() -> str:
    era = journal_commands.after_restore(by=SYSTEM, at=timezone.now())
    return f"The journal counts in era {era}."


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Problem(f"{text!r} is no day; write it like 2026-05-31.") from None
