"""Tests name fixed days, pages look at the clock: here it runs on from a day near those of the
tests, in whatever year the machine is. Only in this process; a server of its own keeps its own.
"""

from datetime import UTC, datetime

from django.utils import timezone

NEAR = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)  # a Monday, noon in China


def runs_on_from(monkeypatch, moment: datetime = NEAR) -> None:
    real = timezone.now
    apart = moment - real()
    monkeypatch.setattr(timezone, "now", lambda: real() + apart)
