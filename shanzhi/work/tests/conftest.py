import pytest
from django.db import connection
from django.utils import translation

from shanzhi.kernel.acting import SYSTEM
from shanzhi.places import memory
from shanzhi.work import calendar, commands, kinds

from .factories import at, make_account


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


@pytest.fixture
def committed(transactional_db):
    """Real commits; the journal's table is not emptied by Django."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("set shanzhi.journal_keeping = on")
        cursor.execute("truncate journal_entry")
        cursor.execute("reset shanzhi.journal_keeping")


@pytest.fixture
def signed_in(settings, client, db, monkeypatch):
    """Opens the desk as someone who holds this post; in English, without what areas plug in."""
    for registry in ("_duties", "_kpis", "_panels"):
        monkeypatch.setattr(kinds, registry, {})
    settings.ROOT_URLCONF = "shanzhi.work.tests.urls"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    def as_post(**post):
        account, _post = make_account(**post)
        client.force_login(account)
        session = client.session
        session.update({"staff": True, "demo": True, "seen": 4_000_000_000})
        session.save()
        return client, account

    yield as_post
    memory.forget()
