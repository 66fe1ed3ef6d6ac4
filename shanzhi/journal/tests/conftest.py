import pytest
from django.db import connection
from django.utils import translation

from .. import kinds


@pytest.fixture(autouse=True)
def own_plugs(monkeypatch):
    """Each test has only the followers of this area, and no measures but its own."""
    followers = {name: kinds.FOLLOWERS[name] for name in ("tallies", "chain")}
    monkeypatch.setattr("shanzhi.journal.kinds.FOLLOWERS", followers)
    monkeypatch.setattr("shanzhi.journal.followers.FOLLOWERS", followers)
    measures = {}
    monkeypatch.setattr("shanzhi.journal.kinds.MEASURES", measures)
    monkeypatch.setattr("shanzhi.journal.tallies.MEASURES", measures)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def database(transactional_db):
    """Real commits. Django empties its own tables afterwards; the entries are not among them."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("set shanzhi.journal_keeping = on")
        cursor.execute("truncate journal_entry")
        cursor.execute("reset shanzhi.journal_keeping")
