import pytest

from shanzhi.people.tests import factories as people

from . import factories


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
