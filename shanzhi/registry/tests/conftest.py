import pytest

from shanzhi.people.tests import factories as people
from tests import clock

from . import factories


@pytest.fixture(autouse=True)
def in_their_year(monkeypatch):
    """Somebody is bound in March 2026 for a year or two, and opens a page now."""
    clock.runs_on_from(monkeypatch)


@pytest.fixture
def city(db):
    factories.city()


@pytest.fixture
def worker(city):
    return factories.worker()


@pytest.fixture
def source(city):
    return factories.source()


@pytest.fixture
def desk(english, city):
    """The browser of a worker of 天安社区."""
    return people.enter(english, people.post("community_worker", factories.TIANAN))
