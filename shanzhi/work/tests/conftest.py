import pytest
from django.utils import translation

from shanzhi.kernel.acting import SYSTEM
from shanzhi.work import calendar, commands

from .factories import at


@pytest.fixture(autouse=True)
def calendar_not_kept_from_another_test():
    calendar.forget()
    yield
    calendar.forget()


@pytest.fixture
def published(db):
    """The years the package knows, up to 2026."""
    commands.load_calendar(by=SYSTEM, at=at("2026-01-02 03:00"))
    calendar.forget()


@pytest.fixture
def english():
    with translation.override("en"):
        yield
