"""Back-ups: the database, the uploaded files, and a manifest that proves both.

What is sealed stays sealed in a back-up: without SHANZHI_KEYS, kept elsewhere, it opens nothing.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from shanzhi.journal import chain
from shanzhi.journal.commands import after_restore
from shanzhi.kernel import crypto
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import fence

from . import postgres
from .progress import Tell
from .steps import pending_migrations
from .system import Problem

FORMAT = 1
DUMP, FILES, MANIFEST = "database.dump", "files.tar", "manifest.json"


def program(name: str) -> str:
    """The wheel's, or those of SHANZHI_PG_BIN: the wheel's cannot speak TLS to a far database."""
    folder = os.environ.get("SHANZHI_PG_BIN")
    path = Path(folder) / name if folder else postgres.binaries() / name
    if not path.exists():
        raise Problem(f"{path} does not exist; check SHANZHI_PG_BIN.")
    return str(path)


def connection_environment() -> dict[str, str]:
    """How PostgreSQL's own programs find the database; a password never on a command line."""
    database = connection.settings_dict
    pairs = {
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"] or postgres.PORT),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
        "PGSSLMODE": database["OPTIONS"].get("sslmode", ""),
        "PGSSLROOTCERT": database["OPTIONS"].get("sslrootcert", ""),
    }
    return os.environ | {name: value for name, value in pairs.items() if value}


def _run(name: str, *arguments: str) -> None:
    done = subprocess.run(
        [program(name), "--no-password", *arguments],
        env=connection_environment(),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Problem(f"{name} failed: {done.stderr.strip()}")


def back_up(target: Path, *, at: datetime, tell: Tell) -> None:
    """Into a new folder `target`, which appears only when it is complete."""
    half = _begin(target)
    tell("the database")
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", "-f", str(half / DUMP))
    tell("the uploaded files")  # after the database: whatever it speaks of is there by now
    _pack(Path(settings.FILES_ROOT), half / FILES)
    tell("checksums")
    manifest = {
        "format": FORMAT,
        "at": at.isoformat(),
        "city": settings.SHANZHI_CITY,
        "server": connection.pg_version,
        "migrations": sorted(map(".".join, MigrationRecorder(connection).applied_migrations())),
        "keys": key_names(),
        "journal": list(map(str, chain.head())),  # proves the journal as it was at this time
        "sha256": {name: _sha256(half / name) for name in (DUMP, FILES)},
    }
    (half / MANIFEST).write_text(json.dumps(manifest, indent=1))
    half.rename(target)


def back_up_base(target: Path, *, tell: Tell) -> None:
    """A copy of the whole server's data folder, for standby servers and point-in-time recovery."""
    half = _begin(target)
    tell("the server's data folder")
    _run("pg_basebackup", "-D", str(half), "--format=tar", "--gzip", "--checkpoint=fast")
    half.rename(target)


def restore(source: Path, *, at: datetime, tell: Tell) -> list[str]:
    """Into an empty database and an empty files folder, or not at all; returns remarks."""
    manifest = manifest_of(source)
    root = Path(settings.FILES_ROOT)
    if root.exists() and any(root.iterdir()):
        raise Problem(f"{root} is not empty, so nothing was restored. Move it away first.")
    if connection.introspection.table_names():
        raise Problem(
            "The database is not empty, so nothing was restored. Name a new, empty one in "
            "DATABASE_URL."
        )
    try:
        tell("the uploaded files")
        _unpack(source / FILES, root)
        tell("the database")
        _run(
            *("pg_restore", "--single-transaction", "--exit-on-error"),
            *("--no-owner", "--no-privileges"),
            *("-d", connection.settings_dict["NAME"], str(source / DUMP)),
        )
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    fence.arm()  # a dump holds the fence's policies, but neither roles nor what they may do
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return _remarks(manifest, at)


def manifest_of(source: Path) -> dict:
    """What a back-up says of itself; refused unless every file is what was backed up."""
    if (source / "base.tar.gz").exists():
        raise Problem(
            f"{source} is a copy of a server's data folder: unpack base.tar.gz into an empty data "
            "folder and pg_wal.tar.gz into its pg_wal; docs/operate.md shows how."
        )
    try:
        manifest = json.loads((source / MANIFEST).read_text())
        sums = manifest["sha256"]
    except (OSError, ValueError, KeyError):
        raise Problem(f"{source} is not a complete back-up: its {MANIFEST} is missing.") from None
    if manifest.get("format") != FORMAT:
        raise Problem(f"{source} was made by a release with another back-up format.")
    for name, digest in sums.items():
        if not (source / name).exists() or _sha256(source / name) != digest:
            raise Problem(f"{source / name} is not what was backed up; use another back-up.")
    return manifest


def key_names() -> list[str]:
    """Which keys seal the values: their names, as sealed values carry them, never the keys."""
    return [name.hex() for name in crypto._keys()]


def _begin(target: Path) -> Path:
    if target.exists():
        raise Problem(f"{target} exists; give the back-up a folder of its own.")
    half = target.with_name(f"{target.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True, mode=0o700)
    return half


def _pack(root: Path, target: Path) -> None:
    with tarfile.open(target, "w") as tar:
        if root.exists():
            tar.add(root, arcname=".")


def _unpack(source: Path, root: Path) -> None:
    """Folders and files inside `root`, nothing else. By hand: Debian 12's Python has no filters."""
    root.mkdir(parents=True, exist_ok=True)
    with tarfile.open(source) as tar:
        for member in tar:
            target = (root / member.name).resolve()
            if not target.is_relative_to(root.resolve()) or not (member.isdir() or member.isreg()):
                raise Problem(f"{source} holds {member.name}, which is no upload.")
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                with tar.extractfile(member) as packed, target.open("wb") as file:
                    shutil.copyfileobj(packed, file)
            target.chmod(member.mode & 0o755)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _remarks(manifest: dict, at: datetime) -> list[str]:
    """Finish what is left to do, and say what only the operator can do."""
    remarks = []
    if missing := set(manifest["keys"]) - set(key_names()):
        remarks.append(
            f"SHANZHI_KEYS lacks the keys {', '.join(sorted(missing))}: personal values sealed "
            "under them cannot be read until they are added at the end of the list."
        )
    if pending_migrations():
        remarks.append(
            "This release is newer than the back-up: run `shanzhi migrate`, "
            "then `shanzhi journal after-restore`, before anything else."
        )
    else:
        after_restore(by=SYSTEM, at=at)
    return remarks
