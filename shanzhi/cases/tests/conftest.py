import pytest

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
