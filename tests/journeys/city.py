"""The demonstration city in a database of its own, served by a process of its own."""

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from operate import environment, supervisor, system
from shanzhi.journal import followers
from shanzhi.people import queries as people
from shanzhi.places import memory
from tests.templates import FOLDER, TEMPLATE

SETTINGS = "tests.journeys.settings"
PATIENCE = 60
BUILT = "built_city"


@dataclass
class City:
    name: str  # of the database
    home: Path  # for uploads and what the processes say
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": beside(self.name),
            "SHANZHI_FILES": str(self.home / "files"),
            "SHANZHI_SETTINGS": SETTINGS,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
        }

    def shanzhi(self, *words: str) -> subprocess.Popen:
        return self.start([sys.executable, "-m", "operate.cli", *words], words[0])

    def start(self, command: list[str], name: str) -> subprocess.Popen:
        with self.said(name).open("w") as out:
            return subprocess.Popen(
                command, env=self.env, cwd=environment.ROOT, stdout=out, stderr=subprocess.STDOUT
            )

    def said(self, name: str) -> Path:
        return self.home / f"{name}.log"

    def build(self) -> None:
        ended = self.shanzhi("demo").wait(300)
        assert ended == 0, self.said("demo").read_text()

    def serve(self) -> None:
        self.process = self.start(supervisor.web_command("127.0.0.1", self.port, 1), "web")
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, self.said("web").read_text()
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.1)

    def _answers(self) -> bool:
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(asked), contextlib.suppress(OSError, http.client.HTTPException):
            asked.request("HEAD", "/")
            return asked.getresponse().status == 200
        return False

    def end(self) -> None:
        if self.process is not None:
            system.end(self.process, first=signal.SIGTERM, patience=20)

    @contextlib.contextmanager
    def entered(self):
        """This process uses the city's database and files, and forgets them afterwards."""
        home = connection.settings_dict["NAME"]
        move(self.name)
        try:
            with override_settings(FILES_ROOT=self.home / "files"):
                yield self
        finally:
            move(home)


def move(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    forget()


def forget() -> None:
    cache.clear()
    memory.forget()
    people.forget_departments()


@contextlib.contextmanager
def elsewhere(name: str):
    """This process goes on in a copy of its own database. One transaction around everything would
    do as well, but others wait for what is older than they are.
    """
    home = connection.settings_dict["NAME"]
    connection.close()
    with database(f"{home}_{name}", home):
        move(f"{home}_{name}")
        try:
            yield
        finally:
            move(home)


def catch_up() -> None:
    """Let the followers read the journal to its end, as the worker would: an entry is read when no
    older transaction runs, and other databases of the same server have some.
    """
    deadline = time.monotonic() + PATIENCE
    followers.run_all(at=timezone.now())
    while any(each.entries for each in followers.lag(timezone.now())):
        assert time.monotonic() < deadline, followers.lag(timezone.now())
        time.sleep(0.1)
        followers.run_all(at=timezone.now())


def beside(name: str) -> str:
    """The address of another database of the same server."""
    return f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"


@contextlib.contextmanager
def built(city: City):
    """The demonstration in a database of its own: a copy of what the first process of this run
    built; on a foreign server built anew."""
    folder = os.environ.get(FOLDER)
    if not folder:
        with database(city.name):
            city.build()
            yield
        return
    home = Path(folder) / "city"
    _build_once(home)
    with database(city.name, BUILT):
        if (home / "files").exists():
            shutil.copytree(home / "files", city.home / "files")
        yield


def _build_once(home: Path) -> None:
    home.mkdir(exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            _make(BUILT)  # it stays until the server ends
            City(BUILT, home).build()
            (home / "done").touch()


@contextlib.contextmanager
def database(name: str, template: str = ""):
    """A copy of what conftest.py migrated, or of another `template`; empty on a foreign server."""
    _make(name, template or os.environ.get(TEMPLATE, "template1"))
    try:
        yield
    finally:
        _drop(name)


def _make(name: str, template: str = "") -> None:
    _drop(name)
    with psycopg.connect(beside("postgres"), autocommit=True) as server:
        chosen = template or os.environ[TEMPLATE]
        server.execute(f'create database "{name}" template "{chosen}"')


def _drop(name: str) -> None:
    with psycopg.connect(beside("postgres"), autocommit=True) as server:
        server.execute(f'drop database if exists "{name}" with (force)')


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
