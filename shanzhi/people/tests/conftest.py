import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation

from shanzhi.places import memory

from .. import kinds, queries
from . import factories


@pytest.fixture(autouse=True)
def pages(settings):
    """Our addresses alone, and those the frame of the shell needs."""
    settings.ROOT_URLCONF = "shanzhi.people.tests.urls"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def client(settings):
    return english_client(settings)


@pytest.fixture
def other_client(settings):
    return english_client(settings)


def english_client(settings):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture(autouse=True)
def forgotten():
    yield
    cache.clear()
    queries.forget_departments()
    memory.forget()


@pytest.fixture
def committed(transactional_db):
    """Real commits; the journal's table is not emptied by Django."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("set shanzhi.journal_keeping = on")
        cursor.execute("truncate journal_entry")
        cursor.execute("reset shanzhi.journal_keeping")


@pytest.fixture
def city(db):
    memory.forget()
    factories.city()


@pytest.fixture(autouse=True)
def nothing_from_above(monkeypatch):
    """Pages of higher areas have no address in tests/urls.py."""
    monkeypatch.setattr(kinds, "_notes", {})
    monkeypatch.setattr(kinds, "_own", {})
