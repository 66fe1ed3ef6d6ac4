"""One throw-away PostgreSQL for the whole test session, where DATABASE_URL names no other.

pytest-xdist's processes inherit its address and make a database each; it ends with us, even by
kill -9, and what a killed session left behind is removed by the next one.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest
from django.db import connection
from django.utils import translation

from operate import environment, postgres
from shanzhi.shell import translations
from tests.templates import FOLDER, TEMPLATE

PREFIX = "shanzhi-test-"
MIGRATION_SECONDS = 300
hypothesis.settings.register_profile("shanzhi", deadline=None)  # bench measures; machines stall
hypothesis.settings.load_profile("shanzhi")
running = contextlib.ExitStack()


def pytest_configure(config):
    os.environ["SHANZHI_ENV_FILE"] = os.devnull  # an installation of this machine is not tested
    if not hasattr(config, "workerinput"):
        translations.compile_all()
    idle = config.option.collectonly or config.option.help or hasattr(config, "workerinput")
    if idle or os.environ.get("DATABASE_URL"):
        return
    try:
        _start()
    except postgres.Problem as problem:
        raise pytest.UsageError(str(problem)) from None


def pytest_unconfigure(config):
    running.close()


def pytest_collection_modifyitems(items):
    """Files with a browser or with waiting come first, the largest before: short ones fill up both
    processes at the end.
    """
    sizes = Counter(each.path for each in items)
    marked = {"browser", "slow"}
    long = {each.path for each in items if any(m.name in marked for m in each.iter_markers())}
    items.sort(key=lambda each: (each.path not in long, -sizes[each.path]))


@pytest.fixture(autouse=True)
def in_english():
    """Sentences are compared by their message ids; pages still come in the reader's language."""
    with translation.override("en"):
        yield


@pytest.fixture
def english(client, settings):
    """A browser that reads the pages in English."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """What a process keeps begins anew; of places and days it is not asked about again within a
    test, and a session is stamped once: pinned numbers of queries hold on a machine that stalls.
    """
    from shanzhi.burden import memory as burden  # settings are configured only now
    from shanzhi.cases import memory as items
    from shanzhi.people import middleware
    from shanzhi.places import memory
    from shanzhi.work import calendar

    monkeypatch.setattr(memory, "FRESH_SECONDS", 3600.0)
    monkeypatch.setattr(middleware, "STAMP_SECONDS", 1000)
    monkeypatch.setattr(burden, "CHECK_EVERY", 1000)
    monkeypatch.setattr(calendar, "CHECK_EVERY", 1000)
    for each in (memory, items, burden, calendar):
        each.forget()
    yield
    for each in (memory, items, burden, calendar):
        each.forget()


@pytest.fixture(autouse=True)
def sources(request):
    """What the registry's migration entered, which a test with real commits has flushed away."""
    if not (request.node.get_closest_marker("django_db") or "db" in request.fixturenames):
        return
    request.getfixturevalue("_django_db_helper")
    from shanzhi.registry.commands.persons import DEFAULT_SOURCES
    from shanzhi.registry.models import Source

    if not Source.objects.exists():
        Source.objects.bulk_create(
            Source(kind=kind, code=code, name=name) for kind, code, name in DEFAULT_SOURCES
        )


@pytest.fixture(autouse=True, scope="session")
def drawn_once():
    """A paper of the same words is laid out and written once for all tests of a process: agreements
    are drawn hundreds of times for what comes after it.
    """
    from shanzhi.kernel import papers

    laid_out = papers.laid_out

    @lru_cache(256)
    def once(html, style):
        document = laid_out(html, style)
        return SimpleNamespace(pages=document.pages, write_pdf=cache(document.write_pdf))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(papers, "laid_out", once)
        yield


@pytest.fixture(autouse=True, scope="session")
def emptied_where_something_is():
    """After a test with real commits Django empties every table; of ours most hold nothing."""
    flush = connection.ops.sql_flush

    def sql_flush(style, tables, **how):
        asked = sorted(set(tables) - {"django_content_type", "auth_permission"})
        with connection.cursor() as cursor:
            some = (f"(select '{each}' from \"{each}\" limit 1)" for each in asked)
            cursor.execute(" union all ".join(some))
            held = [table for (table,) in cursor.fetchall()]
        return flush(style, held, **how | {"allow_cascade": True}) if held else []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", sql_flush)
        yield


@pytest.fixture(autouse=True)
def emptied_journal(request):
    """Django's flush does not know the journal and the read log: they are made by hand."""
    marker = request.node.get_closest_marker("django_db")
    real = "transactional_db" in request.fixturenames
    if not (real or (marker and marker.kwargs.get("transaction"))):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    with connection.cursor() as cursor:
        cursor.execute("set shanzhi.journal_keeping = on")
        cursor.execute("truncate journal_entry")
        cursor.execute("reset shanzhi.journal_keeping")
        cursor.execute("set shanzhi.readlog_keeping = on")
        cursor.execute("truncate registry_readentry")
        cursor.execute("reset shanzhi.readlog_keeping")


def _start():
    _remove_leftovers()
    place = Path(tempfile.mkdtemp(prefix=PREFIX))
    running.callback(shutil.rmtree, place, ignore_errors=True)
    lock = running.enter_context(place.with_suffix(".lock").open("w"))
    running.callback(place.with_suffix(".lock").unlink)
    fcntl.flock(lock, fcntl.LOCK_EX)
    cluster = postgres.Cluster(place / "pg", throwaway=True)
    running.callback(cluster.stop)
    place.chmod(0o711)
    cluster.start()
    os.environ["DATABASE_URL"] = postgres.url(cluster.place)
    # pytest-django has read the settings by now
    from django.conf import settings

    if settings.configured:
        folder = str(postgres.socket_folder(cluster.place))
        settings.DATABASES["default"].update(NAME=postgres.NAME, USER=postgres.NAME, HOST=folder)
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = postgres.NAME
    os.environ[TEMPLATE] = postgres.NAME
    os.environ[FOLDER] = str(place)
    running.callback(_migrate(place).kill)


# Leaves what it said, and whether it succeeded, once it has ended.
MIGRATE = '"$0" -W ignore manage.py migrate -v0 >"$1/said" 2>&1; echo $? >"$1/ending"; '
MIGRATE += 'mv "$1/ending" "$1/migrated"'


def _migrate(place):
    """Once, while the tests are collected: every database of this run is a copy of this one."""
    return subprocess.Popen(
        ["sh", "-c", MIGRATE, sys.executable, str(place)], cwd=environment.ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
    )  # fmt: skip


def pytest_collection_finish(session):
    if session.items and FOLDER in os.environ:
        _await_migration(Path(os.environ[FOLDER]))


def _await_migration(place):
    ended, until = place / "migrated", time.monotonic() + MIGRATION_SECONDS
    while not ended.exists():
        if time.monotonic() > until:
            raise pytest.UsageError(f"The migration takes more than {MIGRATION_SECONDS} s.")
        time.sleep(0.05)
    if ended.read_text().strip() != "0":
        raise pytest.UsageError((place / "said").read_text())


def _remove_leftovers():
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*.lock"):
        with contextlib.suppress(OSError), path.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            path.unlink()
