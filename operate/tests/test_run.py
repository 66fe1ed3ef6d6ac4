"""`shanzhi run` for real: a database of its own, granian, a worker."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from operate import environment, postgres

pytestmark = pytest.mark.slow


@pytest.fixture
def home():
    """Short, for the socket; open, for the database's own user."""
    with tempfile.TemporaryDirectory(prefix="shanzhi-run-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


class Run:
    """One `shanzhi run` and what it says."""

    def __init__(self, home: Path, port: int):
        self.home, self.port = home, port
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        env |= {"SHANZHI_VAR": str(home), "SHANZHI_SETTINGS": "operate.tests.settings"}
        self.said = home / f"said-{time.monotonic_ns()}"
        with self.said.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "operate.cli", "run", "--listen", f"127.0.0.1:{port}"],
                env=env,
                cwd=environment.ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def until(self, sentence: str, patience: float = 120) -> None:
        deadline = time.monotonic() + patience
        while sentence not in self.said.read_text():
            assert self.process.poll() is None, self.said.read_text()
            assert time.monotonic() < deadline, self.said.read_text()
            time.sleep(0.05)

    def status(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            connection.request("HEAD", "/")
            return connection.getresponse().status

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def start(home):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    runs = []

    def start():
        runs.append(Run(home, port))
        return runs[-1]

    yield start
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)
    assert eventually(lambda: not leftovers(home)), leftovers(home)


def leftovers(home: Path) -> list[str]:
    """Processes that still use this home: by their environment or their working folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            about = (path / "environ").read_bytes() + str((path / "cwd").readlink()).encode()
            if str(home).encode() in about and int(path.name) != os.getpid():
                found.append(f"{path.name} {(path / 'cmdline').read_bytes()!r}")
    return found


def eventually(condition, patience: float = 30) -> bool:
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def ask(home: Path, query: str):
    with psycopg.connect(postgres.url(home / "postgres"), autocommit=True) as connection:
        return connection.execute(query).fetchone()[0]


def has_worker(home: Path) -> bool:
    fresh = "last_heartbeat > now() - interval '15 seconds'"
    return ask(home, f"SELECT count(*) FROM procrastinate_workers WHERE {fresh}") > 0


def test_a_city_survives_everything_that_may_befall_its_processes(start, home):
    first = start()
    first.until("Shanzhi runs at")
    assert first.status() == 200
    assert eventually(lambda: has_worker(home))

    second = start()
    assert second.process.wait(30) == 1
    assert "Shanzhi already runs here" in second.said.read_text()

    database = ask(home, "SELECT pg_postmaster_start_time()")
    os.kill(int((home / "postgres/data/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    first.until("The database ended by itself; starting it again.")
    assert eventually(lambda: postgres.is_running(home / "postgres"))
    assert ask(home, "SELECT pg_postmaster_start_time()") > database
    worker = (home / "log" / "worker.log").read_text
    assert eventually(lambda: "the database answers again" in worker(), 60)
    assert eventually(lambda: first.status() == 200)

    first.end(signal.SIGKILL)
    third = start()
    began = time.monotonic()
    third.until("Shanzhi runs at")
    assert time.monotonic() - began < 60
    assert "Updating" not in third.said.read_text()  # nothing is done twice
    assert third.status() == 200

    assert third.end(signal.SIGTERM) == 0
    assert third.said.read_text().splitlines()[-2:] == ["Stopping …", "Stopped."]
    assert eventually(lambda: not leftovers(home)), leftovers(home)
    assert "database system is shut down" in (home / "postgres" / "postgres.log").read_text()


def test_a_port_in_use_is_a_sentence_and_nothing_stays_behind(start, home):
    with socket.socket() as other:
        run = start()
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", run.port))
        other.listen()
        assert run.process.wait(60) == 1
    assert f"Another program uses 127.0.0.1:{run.port}" in run.said.read_text()
    assert not (home / "postgres").exists()
