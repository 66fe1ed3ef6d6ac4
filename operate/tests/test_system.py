import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from operate import supervisor, system
from operate.system import Problem


def test_a_lock_is_held_alone_and_let_go(tmp_path):
    path = tmp_path / "a" / "lock"
    with system.lock(path, "taken"):
        code = (
            "import sys, pathlib; from operate import system\n"
            "with system.lock(pathlib.Path(sys.argv[1]), 'taken'): pass"
        )
        other = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
        assert "Problem: taken" in other.stderr
    with system.lock(path, "taken"):
        pass


def test_a_port_in_use_is_noticed():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not system.port_is_free("127.0.0.1", port)
    assert system.port_is_free("127.0.0.1", port)


def test_a_child_runs_with_its_output_in_the_log(tmp_path):
    log = tmp_path / "log"
    child = system.spawn(["/bin/sh", "-c", "echo hello; echo again >&2"], log=log)
    assert child.wait(10) == 0
    assert system.last_lines(log) == "hello\nagain"
    assert system.last_lines(tmp_path / "none") == ""


def test_a_child_that_does_not_want_to_end_is_made_to(tmp_path):
    child = system.spawn(
        ["/bin/sh", "-c", "trap '' TERM; echo ready; sleep 60"], log=tmp_path / "l"
    )
    while "ready" not in system.last_lines(tmp_path / "l"):
        time.sleep(0.02)
    system.end(child, first=signal.SIGTERM, patience=0.2)
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),
        ("[::1]:8000", ("::1", 8000)),
    ],
)
def test_an_address_to_listen_on(text, answer):
    assert supervisor.listen_address(text) == answer


@pytest.mark.parametrize("text", ["8000", "host:", "host:port", "host:0", "host:99999"])
def test_an_address_that_is_none_gets_a_sentence(text):
    with pytest.raises(Problem, match=r"must look like 127\.0\.0\.1:8000"):
        supervisor.listen_address(text)


def test_a_child_that_keeps_ending_is_given_up_with_its_last_words(tmp_path):
    log = tmp_path / "log"
    child = supervisor.Child(
        "worker", lambda: system.spawn(["/bin/sh", "-c", "echo no luck; exit 3"], log=log), log
    )
    with pytest.raises(Problem, match=r"The worker keeps ending(?s:.*)no luck"):
        for _ in range(20):
            child.watch()
            child.process.wait()
    assert len(child.ends) == supervisor.TOO_OFTEN


def test_a_database_that_cannot_start_is_told_once_and_tried_until_it_can(
    tmp_path, monkeypatch, capsys
):
    tries = []

    def start():
        tries.append(1)
        if len(tries) < 4:
            raise Problem("No space left on device.")
        return system.spawn(["/bin/sleep", "60"], log=tmp_path / "log")

    monkeypatch.setattr(supervisor, "REST", 0)
    ended = subprocess.Popen(["/bin/true"])
    ended.wait()
    child = supervisor.Child("database", start, tmp_path / "log", ended, missed=True)
    for _ in range(6):
        child.watch()
    child.stop()

    assert len(tries) == 4
    assert capsys.readouterr().out.splitlines() == [
        "The database ended by itself; starting it again.",
        "No space left on device.",
        "The database is tried again every 0 s.",
    ]


def test_the_servers_user_is_never_root(tmp_path):
    assert system.server_user(tmp_path / "new").uid != 0
    if os.geteuid() == 0:
        os.chown(tmp_path, 65534, 65534)
        assert system.server_user(tmp_path).uid == 65534
