"""A city, a browser and its visitors. The city is built once, and only where a browser is used."""

import shutil
from contextlib import contextmanager

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from .city import City, built
from .visitors import Visitor

ARGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
CHROMIUM = (  # the first is the same without windows: pages come a fifth sooner
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
)  # fmt: skip


@pytest.fixture(scope="session")
def built_city(tmp_path_factory, worker_id):
    with served("city", tmp_path_factory.mktemp("city"), worker_id) as city:
        yield city


@contextmanager
def served(name, home, worker_id):
    """A copy of the demonstration city, with a server of its own."""
    of_tests = settings.DATABASES["default"]["NAME"].removeprefix("test_")
    city = City(f"{of_tests}_{name}_{worker_id}", home)
    with built(city):
        try:
            city.serve()
            yield city
        finally:
            city.end()


@pytest.fixture
def city(built_city, django_db_blocker, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with django_db_blocker.unblock(), built_city.entered():
        yield built_city


@pytest.fixture(scope="module")
def browser():
    """For one file: as long as Playwright's loop runs, Django refuses its database to others."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert program, "install chromium, or run make check"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(city: City, browser: Browser):
    """visitor(): someone with a phone; visitor(wide=True): someone at a desk."""
    contexts = []

    def come(wide: bool = False, **more) -> Visitor:
        size = {"width": 1440, "height": 900} if wide else {"width": 390, "height": 844}
        context = browser.new_context(
            base_url=city.address, locale="zh-CN", viewport=size, timezone_id="Asia/Shanghai",
            **({} if wide else {"is_mobile": True, "has_touch": True}) | more,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Visitor(context.new_page())

    yield come
    for context in contexts:
        context.close()
