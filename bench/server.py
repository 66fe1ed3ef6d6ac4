"""The web server under measure, as `shanzhi run` starts it, and what it costs."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from operate import environment, supervisor, system

from . import places

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen
    database: int  # process of the database's postmaster

    def workers(self) -> list[int]:
        """All processes below the server's own."""
        return [pid for pid in below(self.process.pid) if _threads(pid) > 1]

    def spent(self) -> tuple[float, float]:
        """Seconds of processor time used until now by the web server and by the database."""
        web = sum(map(_seconds, [self.process.pid, *below(self.process.pid)]))
        return web, sum(map(_seconds, [self.database, *below(self.database)]))

    def largest(self) -> float:
        """Resident memory of the largest worker, in MB."""
        return max(_resident(pid) for pid in self.workers())


@contextmanager
def serving(size: str, database: int, workers: int = 2) -> Iterator[Server]:
    """At a free port: with a fixed one a second run beside this one answered its requests, too, and
    knew none of its visitors.
    """
    port = _free()
    log = places.place(size) / "web.log"
    env = os.environ | supervisor.LEAN | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = supervisor.web_command("127.0.0.1", port, workers)
    process = system.spawn(command, log=log, env=env, cwd=environment.ROOT)
    try:
        _await(process, port, log)
        yield Server(port, process, database)
    finally:
        system.end(process, first=signal.SIGTERM, patience=20)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await(process, port, log) -> None:
    for _n in range(300):
        if process.poll() is not None:
            raise system.Problem(f"The web server does not start:\n{system.last_lines(log)}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise system.Problem(f"The web server does not answer; see {log}.")


# --- what the kernel knows of processes -----------------------------------------------------------


def below(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += [int(child), *below(int(child))]
    return found


def _seconds(pid: int) -> float:
    """Its own and those of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS


def _threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def _resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
