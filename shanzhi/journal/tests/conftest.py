import pytest

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


@pytest.fixture
def database(transactional_db):
    """Real commits."""
