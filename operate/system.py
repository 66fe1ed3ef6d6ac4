"""What the operating system is asked for: locks, users, children, ports."""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER = "shanzhi"


class Problem(Exception):  # noqa: N818  a sentence for the operator, not a fault of the program
    """Something the operator must mend; the command ends with this sentence."""


@dataclass(frozen=True)
class User:
    uid: int
    gid: int

    @property
    def as_options(self) -> dict:
        """For subprocess: become this user, where we are another one."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def myself() -> User:
    return User(os.geteuid(), os.getegid())


def server_user(data: Path) -> User:
    """Who may run the database: ourselves, but never root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return myself()
    if data.exists() and data.stat().st_uid != 0:
        return User(data.stat().st_uid, data.stat().st_gid)
    try:
        entry = pwd.getpwnam(USER)
    except KeyError:
        entry = _add_user()
    return User(entry.pw_uid, entry.pw_gid)


def _add_user() -> pwd.struct_passwd:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    sentence = (
        f"PostgreSQL does not run as root, and the user {USER!r} could not be made. Make it "
        f"yourself (useradd --system {USER}), or run this as an ordinary user."
    )
    if program is None:
        raise Problem(sentence)
    options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
    made = subprocess.run([program, *options, USER], capture_output=True, text=True)
    try:
        return pwd.getpwnam(USER)
    except KeyError:
        raise Problem(f"{sentence} ({made.stderr.strip()})") from None


def may(user: User, test: str, path: Path) -> bool:
    """Does `test -x`, `test -r` … hold for this user?"""
    if user.uid == os.geteuid():
        return subprocess.run(["test", test, str(path)]).returncode == 0
    return subprocess.run(["test", test, str(path)], **user.as_options, cwd="/").returncode == 0


def spawn(
    command: list[str],
    *,
    log: Path,
    end: signal.Signals = signal.SIGTERM,
    user: User | None = None,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.Popen:
    """Start a child in a session of its own (Ctrl-C reaches only us) that dies with us."""
    user = user or myself()
    wrapper = [sys.executable, "-I", "-S", str(Path(__file__).with_name("child.py"))]
    about = [str(os.getpid()), str(int(end)), str(user.uid), str(user.gid)]
    with log.open("ab") as out:
        return subprocess.Popen(
            [*wrapper, *about, *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=env,
            cwd=cwd,
        )


def end(process: subprocess.Popen, *, first: signal.Signals, patience: float) -> None:
    """Ask it to end; after `patience` seconds, make it."""
    if process.poll() is not None:
        return
    process.send_signal(first)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def lock(path: Path, sentence: str) -> Iterator[None]:
    """Hold `path` alone, or say the sentence. The kernel lets go of it however we end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(sentence) from None
        yield


def port_is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def last_lines(path: Path, count: int = 15) -> str:
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
