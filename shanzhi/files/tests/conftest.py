import copy

import pytest
from django.conf import settings as present
from django.core.cache import cache
from django.utils import translation

from shanzhi.files import kinds

from .factories import register_owner


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path  # WhiteNoise warns where it does not exist
    return settings.FILES_ROOT


@pytest.fixture
def pages(settings):
    """Our addresses alone, and the frame of the shell."""
    settings.ROOT_URLCONF = "shanzhi.files.tests.urls"
    settings.TEMPLATES = copy.deepcopy(present.TEMPLATES)
    options = settings.TEMPLATES[0]["OPTIONS"]
    options.setdefault("context_processors", ["shanzhi.shell.context.frame"])
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def owner(monkeypatch):
    monkeypatch.setattr(kinds, "_owners", {})
    register_owner()


@pytest.fixture
def on_disk(files_root):
    """What lies there, by name: nothing must stay behind after a refusal."""
    return lambda: sorted(each.name for each in files_root.rglob("*") if each.is_file())
