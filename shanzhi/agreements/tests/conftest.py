import pytest

from . import factories


@pytest.fixture
def town(db, settings, tmp_path):
    """三井街道 with two communities, and the lists in force."""
    settings.FILES_ROOT = tmp_path / "files"
    factories.town()
