"""What must be true so that nothing enters past the gate, for the clean-up "keep the gate"."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from .queries.applications import members


def meeting(place: str, on: date) -> tuple[bool, str]:
    """Who sat in the last meeting sits in the next; three that vote are the least."""
    known = members(place[:6]) or members(place[:4])
    return len(known) >= 3, "、".join(known) or _("no meeting was held yet")


def clocks(place: str, on: date) -> tuple[bool, str]:
    limits = settings.SHANZHI_GATE
    words = {name: limits[name] for name in ("lead", "screening", "hearing", "decision")}
    return all(words.values()), _(
        "working days: %(lead)s ahead, screening %(screening)s, hearing %(hearing)s,"
        " decision %(decision)s"
    ) % words


def caps(place: str, on: date) -> tuple[bool, str]:
    """The rules of 2024 allow one of each a year."""
    limits = settings.SHANZHI_GATE
    words = {"meetings": limits["system_meeting"], "inspections": limits["comprehensive"]}
    return max(words.values()) <= 1, _(
        "%(meetings)s system meetings and %(inspections)s inspections a year"
    ) % words
