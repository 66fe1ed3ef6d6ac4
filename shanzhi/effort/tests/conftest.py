import pytest

from . import factories


@pytest.fixture
def city(db):
    factories.city()
