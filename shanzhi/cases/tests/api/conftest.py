import pytest
from django.core.cache import cache

from shanzhi.people import api as keys
from shanzhi.people import queries as people

from .. import factories
from . import calls


@pytest.fixture(autouse=True)
def surroundings(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns where it does not exist
    keys.forget()
    yield
    keys.forget()
    cache.clear()
    people.forget_departments()


@pytest.fixture
def community(city):
    """天安社区's program, which may write."""
    return calls.program("community_worker", factories.TIANAN)


@pytest.fixture
def office(city):
    """The program of 三井街道民政办."""
    return calls.program("department_clerk", factories.STREET, department="civil_affairs")


@pytest.fixture
def street(city):
    return calls.program("subdistrict_clerk", factories.STREET)


@pytest.fixture
def elsewhere(city):
    """A program of the next community."""
    return calls.program("community_worker", factories.FUDU)


@pytest.fixture
def committed(transactional_db):
    """Real commits."""
    factories.city()
