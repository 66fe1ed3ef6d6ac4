from . import applications, catalogue, facts
from . import units as requesting
from .register import (
    WORKERS,
    Shown,
    Wanted,
    certificates,
    due,
    hash_of,
    narrowed,
    page,
    refusals,
    shown,
    units,
    waiting,
)
from .report import UNLISTED, Report, gaps, report

__all__ = [
    "UNLISTED", "WORKERS", "Report", "Shown", "Wanted", "applications", "catalogue", "certificates",
    "due", "facts", "gaps", "hash_of", "narrowed", "page", "refusals", "report", "requesting",
    "shown", "units", "waiting",
]  # fmt: skip
