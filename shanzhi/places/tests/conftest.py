import pytest


@pytest.fixture
def database(transactional_db):
    """Real commits."""
