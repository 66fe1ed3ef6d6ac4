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
def resident(city):
    return factories.resident()


@pytest.fixture
def clerk(city):
    return factories.clerk()


@pytest.fixture
def desk(english, city):
    """The browser of the city's clerk."""
    return people.enter(english, people.post("city_clerk", people.CITY))
