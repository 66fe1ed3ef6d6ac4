"""`shanzhi run` with a database of its own, and hands to hurt its processes with."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from operate import environment, postgres

BEHIND = """
    select count(*) from journal_cursor
    where (xid, entry) < (select xid, id from journal_entry order by xid desc, id desc limit 1)
"""


def eventually(condition: Callable, patience: float = 20):
    """What the condition says as soon as it says something."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{condition} did not come true"
        time.sleep(0.02)
    return found


class Town:
    def __init__(self, home: Path):
        self.home = home
        self.place = home / "postgres"
        self.data = self.place / "data"
        self.said = home / "said"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.env |= {"SHANZHI_VAR": str(home), "SHANZHI_SETTINGS": "tests.faults.settings"}
        self.process = self._start()

    def _start(self) -> subprocess.Popen:
        command = ["run", "--listen", f"127.0.0.1:{self.port}", "--workers", "2"]
        with self.said.open("w") as out:
            return subprocess.Popen(
                [sys.executable, "-m", "operate.cli", *command],
                env=self.env,
                cwd=environment.ROOT,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def settle(self, residents: int) -> dict:
        """Wait until it runs, then make its people: their sessions."""
        eventually(lambda: "Shanzhi runs at" in self._alive(), 60)
        program = [sys.executable, "-W", "ignore", "-m", "tests.faults.people", str(residents)]
        env = self.env | {
            "DATABASE_URL": postgres.url(self.place),
            "DJANGO_SETTINGS_MODULE": self.env["SHANZHI_SETTINGS"],
        }
        made = subprocess.run(program, env=env, cwd=environment.ROOT, capture_output=True)
        assert made.returncode == 0, made.stderr.decode()
        return json.loads(made.stdout)

    def _alive(self) -> str:
        said = self.said.read_text()
        assert self.process.poll() is None, said
        return said

    def end(self) -> None:
        for pid in self.servers():
            os.kill(pid, signal.SIGCONT)
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) == 0, self.said.read_text()

    # --- its processes ---------------------------------------------------------------------------

    def web(self) -> int:
        return self._child("granian")

    def web_workers(self) -> list[int]:
        """Without the helper that multiprocessing keeps beside them."""
        return [pid for pid in children(self.web()) if "resource_tracker" not in command(pid)]

    def worker(self) -> int:
        return self._child("operate.cli worker")

    def _child(self, words: str) -> int:
        found = eventually(
            lambda: [pid for pid in children(self.process.pid) if words in command(pid)]
        )
        return found[0]

    def postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def servers(self) -> set[int]:
        """The postmaster and everything it started."""
        return postgres._inhabitants(self.data)

    # --- its database ----------------------------------------------------------------------------

    @contextlib.contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(postgres.url(self.place), autocommit=True) as connection:
            yield connection

    def ask(self, query: str, *params) -> list[tuple]:
        with self.database() as connection:
            return connection.execute(query, params or None).fetchall()

    def one(self, query: str, *params):
        return self.ask(query, *params)[0][0]

    def do(self, statement: str, *params) -> int:
        with self.database() as connection:
            return connection.execute(statement, params or None).rowcount

    @contextlib.contextmanager
    def locked(self, table: str, mode: str = "exclusive") -> Iterator[None]:
        """Somebody else holds this table, and lets go at the end."""
        with self.database() as connection, connection.transaction():
            connection.execute(f"lock table {table} in {mode} mode")
            yield

    def waiting_for(self, table: str) -> list[tuple]:
        """(application's process on the server,) of those that wait for a lock of this table."""
        return self.ask(
            "select pid from pg_locks where not granted and relation = %s::regclass", table
        )

    def answers_again(self, patience: float = 30) -> None:
        eventually(self._answers, patience)

    def _answers(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            return self.one("select true")
        return False

    def follow(self, patience: float = 30) -> None:
        """Wait until every follower has read everything."""
        eventually(lambda: self.one(BEHIND) == 0, patience)

    # --- its commands ----------------------------------------------------------------------------

    def command(self, *words: str) -> str:
        env = self.env | {"DATABASE_URL": postgres.url(self.place)}
        program = [sys.executable, "-m", "operate.cli", *words]
        done = subprocess.run(program, env=env, cwd=environment.ROOT, capture_output=True)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout.decode()


def children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent and fields[0] != "Z":
                found.append(int(path.parent.name))
    return sorted(found)


def command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""
