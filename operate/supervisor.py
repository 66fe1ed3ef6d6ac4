"""`shanzhi run`: database, web server and worker as children of one process.

Order in: database, preparation, web, worker. Order out: web, worker, database. If this process is
killed, the kernel tells the children (child.py), and the next start waits for the last of them.
"""

import contextlib
import http.client
import logging
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from . import environment, postgres, progress, system
from .system import Problem

TOO_OFTEN = 5  # ends within a minute after which we give up
REST = 3  # seconds until a database that cannot be started is tried again
LOG_SIZE = 10_000_000
LEAN = {"MALLOC_ARENA_MAX": "2"}  # with one for each thread, a web process has 15 MB more


class Stop(BaseException):
    """Somebody asked us to end: Ctrl-C, or a signal."""


@dataclass
class Child:
    name: str
    start: Callable[[], subprocess.Popen]
    log: Path
    process: subprocess.Popen | None = None
    missed: bool = False  # the others say so on their pages until it is back: we never give up
    ends: list[float] = field(default_factory=list)
    rests_until: float = 0
    failing: bool = False

    def watch(self) -> None:
        """Start it again when it has ended by itself; give up when that helps nothing."""
        now = time.monotonic()
        if (self.process is not None and self.process.poll() is None) or now < self.rests_until:
            return
        if self.process is not None and not self.failing:
            self._note_end(now)
        try:
            self.process = self.start()
            self.failing = False
        except Problem as problem:
            if not self.missed:
                raise
            self._rest(str(problem))

    def _note_end(self, now: float) -> None:
        self.ends = [end for end in self.ends if now - end < 60] + [now]
        if len(self.ends) >= TOO_OFTEN and not self.missed:
            raise Problem(
                f"The {self.name} keeps ending; the last lines of {self.log}:\n"
                f"{system.last_lines(self.log)}"
            )
        progress.say(f"The {self.name} ended by itself; starting it again.")

    def _rest(self, why: str) -> None:
        """A full disk, for instance: tell it once, and try until somebody has made room."""
        if not self.failing:
            progress.say(f"{why}\nThe {self.name} is tried again every {REST} s.")
        self.failing = True
        self.rests_until = time.monotonic() + REST

    def stop(self) -> None:
        if self.process is not None:
            system.end(self.process, first=signal.SIGTERM, patience=30)


def web_command(host: str, port: int, workers: int) -> list[str]:
    """granian; four times as many threads as each process has connections: while all of these are
    at work the others get their page that says so, and do not stand in a line that nobody watches.
    """
    threads = 4 * int(os.environ.get("SHANZHI_POOL", "4"))
    return [
        *[sys.executable, "-m", "granian", "config.wsgi:application"],
        *["--interface", "wsgi", "--host", host, "--port", str(port)],
        *["--workers", str(workers), "--blocking-threads", str(threads)],
        *["--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "10"],
        *["--working-dir", str(environment.ROOT), "--log-level", "warning"],
        *["--log-config", str(Path(__file__).with_name("web_log.json"))],
    ]


def listen_address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise Problem(f"SHANZHI_LISTEN is {text!r}; it must look like 127.0.0.1:8000.")
    return host.strip("[]"), int(port)


def run(listen: str, workers: int) -> None:
    host, port = listen_address(listen)
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is not signal.SIG_IGN:  # nohup goes on ignoring SIGHUP
            signal.signal(name, _stop)
    sentence = "Shanzhi already runs here; stop it first, or give this one its own SHANZHI_VAR."
    with system.lock(environment.VAR / "run.lock", sentence):
        try:
            with contextlib.ExitStack() as stack:
                _await_port(host, port)
                children = _start(stack, host, port, workers)
                while True:
                    for child in children:
                        child.watch()
                    time.sleep(0.3)
        except Stop:
            progress.say("Stopped.")


def _stop(number, frame):
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)  # stopping is under way: once is enough
    progress.say("Stopping …")
    raise Stop


def _await_port(host: str, port: int) -> None:
    """A web server whose supervisor was killed may still be ending."""
    for _ in range(50):
        if system.port_is_free(host, port):
            return
        time.sleep(0.1)
    raise Problem(
        f"Another program uses {host}:{port}. End it, or choose another address: "
        f"SHANZHI_LISTEN={host}:{port + 1} make run"
    )


def _start(stack: contextlib.ExitStack, host: str, port: int, workers: int) -> list[Child]:
    environment.LOGS.mkdir(parents=True, exist_ok=True)
    environment.read_file()
    children = []
    if environment.is_embedded():
        children.append(_database(stack))
    logging.disable(logging.INFO)
    environment.load()
    environment.be_patient()
    from . import steps

    steps.prepare()
    _let_go_of_database()
    os.environ["SHANZHI_DEMO_KEY"] = secrets.token_urlsafe(9)  # of this run's one-click links
    web = _child("web server", web_command(host, port, workers))
    worker = _child("worker", [sys.executable, "-m", "operate.cli", "worker"])
    stack.callback(worker.stop)  # called in reverse: the web server ends first
    stack.callback(web.stop)
    web.watch()
    _await_answer(web, host, port)
    worker.watch()  # only now, so that the first page does not wait for it
    _announce(host, port)
    return [*children, web, worker]


def _database(stack: contextlib.ExitStack) -> Child:
    cluster = postgres.Cluster(environment.PLACE, say=progress.say)

    def start() -> subprocess.Popen:
        cluster.start()
        return cluster.process

    stack.callback(cluster.stop)
    with progress.step("Starting the database"):
        process = start()
    return Child("database", start, cluster.log, process, missed=True)


def _child(name: str, command: list[str]) -> Child:
    log = environment.LOGS / f"{name.replace(' ', '-')}.log"
    if log.exists() and log.stat().st_size > LOG_SIZE:
        log.replace(log.with_suffix(".log.1"))
    env = (
        os.environ
        | LEAN
        | {"PYTHONUNBUFFERED": "1", "SHANZHI_SETTINGS": environment.settings_module()}
    )
    return Child(name, lambda: system.spawn(command, log=log, env=env, cwd=environment.ROOT), log)


def _let_go_of_database() -> None:
    from django.db import connections

    connections.close_all()


def _await_answer(web: Child, host: str, port: int) -> None:
    """Only print the address when it answers."""
    began = time.monotonic()
    with progress.step("Starting the web server"):
        while time.monotonic() - began < 60:
            web.watch()
            connection = http.client.HTTPConnection(_reachable(host), port, timeout=5)
            try:
                connection.request("HEAD", "/")
                connection.getresponse()
                return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()
    raise Problem(f"The web server does not answer:\n{system.last_lines(web.log)}")


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _demo_links() -> list[tuple[str, str]]:
    """Made here, in a process without the site's addresses."""
    from shanzhi.shell import demo

    key = os.environ["SHANZHI_DEMO_KEY"]
    return [(f"{role.title}", f"/demo/sign-in/{role.code}/?key={key}") for role in demo.ROLES]


def _announce(host: str, port: int) -> None:
    from django.conf import settings
    from django.utils import translation

    from .doctor import language

    address = f"http://{_reachable(host)}:{port}"
    progress.say(f"\nShanzhi runs at {address}/")
    if settings.SHANZHI_DEMO:
        progress.say("One click signs you in as")
        with translation.override(language()):
            for title, path in _demo_links():
                progress.say(f"    {address}{path}  {title}")
    progress.say(f"Logs are in {environment.LOGS}. Ctrl-C stops everything.")
