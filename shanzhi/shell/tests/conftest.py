import copy

import pytest
from django.conf import settings as present
from django.test import Client
from django.utils import translation

from shanzhi.kernel import navigation

from .. import faults, translations, vendor


@pytest.fixture(scope="session", autouse=True)
def chinese():
    translations.compile_all()


@pytest.fixture(autouse=True)
def pages(settings):
    settings.ROOT_URLCONF = "shanzhi.shell.tests.urls"
    settings.CSRF_FAILURE_VIEW = "shanzhi.shell.views.errors.csrf_failure"
    settings.STATICFILES_DIRS = [("vendor", vendor.VENDOR / "served")]
    settings.TEMPLATES = copy.deepcopy(present.TEMPLATES)
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"] = ["shanzhi.shell.context.frame"]


@pytest.fixture(autouse=True)
def rested():
    faults.breaker.until = 0.0
    yield
    faults.breaker.until = 0.0
    translation.deactivate_all()


@pytest.fixture
def no_entries(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})


@pytest.fixture
def visitor():
    """A client that sees the page of a fault instead of the fault."""
    return Client(raise_request_exception=False)


@pytest.fixture
def english(settings):
    client = Client(raise_request_exception=False)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client
