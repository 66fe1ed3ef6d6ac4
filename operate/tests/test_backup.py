"""Back-up and restore between two cities of their own, by the commands an operator types."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest
from django.utils import timezone

from operate import backup, environment, postgres
from operate.system import Problem

pytestmark = pytest.mark.slow


def shanzhi(home: Path, *arguments: str) -> str:
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"SHANZHI_VAR": str(home), "SHANZHI_SETTINGS": "operate.tests.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "operate.cli", *arguments],
        env=env,
        cwd=environment.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def rows(home: Path, query: str) -> list:
    with (
        postgres.running(home / "postgres"),
        psycopg.connect(postgres.url(home / "postgres")) as connection,
    ):
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def homes():
    with tempfile.TemporaryDirectory(prefix="shanzhi-backup-") as folder:
        root = Path(folder)
        root.chmod(0o711)
        yield root


@pytest.fixture(scope="module")
def city(homes):
    """A small city: divisions, working days, an uploaded file; and its back-up beside it."""
    home = homes / "city"
    shanzhi(home, "migrate")
    shanzhi(home, "load-divisions", "shanzhi/places/data/divisions-changzhou.csv")
    shanzhi(home, "calendar", "load")
    upload = home / "files" / "ab" / str(uuid.uuid4())
    upload.parent.mkdir(parents=True)
    upload.write_bytes(os.urandom(100_000))
    shanzhi(home, "backup", str(homes / "kept"))
    return home


def test_a_back_up_restores_every_row_and_every_file(city, homes):
    other = homes / "other"
    assert shanzhi(other, "restore", str(homes / "kept")).splitlines()[-1].startswith("ok")

    everything = "SELECT code, name, level, parent, valid_from FROM places_division ORDER BY id"
    assert len(rows(city, everything)) == 1124
    assert rows(other, everything) == rows(city, everything)
    entries = 'SELECT id, at, verb, about, "by", place, data FROM journal_entry ORDER BY id'
    before, after = rows(city, entries), rows(other, entries)
    assert after[:-1] == before
    assert after[-1][2] == "journal.era_began"  # another server counts transactions anew
    uploads = [
        {path.relative_to(home): path.read_bytes() for path in (home / "files").rglob("*-*")}
        for home in (city, other)
    ]
    assert len(uploads[0]) == 1
    assert uploads[0] == uploads[1]
    assert "Nothing has been sealed" in shanzhi(other, "journal", "verify")


def test_a_back_up_is_for_its_owner_only_and_tells_what_it_holds(city, homes):
    kept = homes / "kept"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    manifest = json.loads((kept / "manifest.json").read_text())
    assert manifest["format"] == 1
    assert sorted(manifest["sha256"]) == ["database.dump", "files.tar"]
    assert "places.0001_initial" in manifest["migrations"]
    assert not (homes / "kept.half").exists()


@pytest.fixture
def kept(city, homes, tmp_path):
    """A copy of the back-up, to be damaged."""
    return Path(shutil.copytree(homes / "kept", tmp_path / "kept"))


def refused(source: Path) -> str:
    """Into the database of the tests, which is not empty."""
    with pytest.raises(Problem) as problem:
        backup.restore(source, at=timezone.now(), tell=lambda *about: None)
    return str(problem.value)


@pytest.mark.django_db
def test_a_restore_into_a_database_with_tables_is_refused(kept, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    assert refused(kept).startswith("The database is not empty, so nothing was restored.")
    assert not (tmp_path / "files").exists()


@pytest.mark.django_db
def test_a_restore_beside_other_files_is_refused(kept, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.mkdir()
    (settings.FILES_ROOT / "somebody's").write_text("")
    assert "files is not empty, so nothing was restored." in refused(kept)
    assert [path.name for path in settings.FILES_ROOT.iterdir()] == ["somebody's"]


def test_uploads_are_unpacked_by_a_python_that_knows_no_filters(tmp_path, monkeypatch):
    def of_debian_12(self, path):
        raise AssertionError("unsafe without a filter")

    monkeypatch.setattr(tarfile.TarFile, "extractall", of_debian_12)
    (tmp_path / "files/ab").mkdir(parents=True)
    (tmp_path / "files/ab/one").write_bytes(b"sealed")
    backup._pack(tmp_path / "files", tmp_path / "files.tar")
    backup._unpack(tmp_path / "files.tar", tmp_path / "again")
    assert (tmp_path / "again/ab/one").read_bytes() == b"sealed"


@pytest.mark.parametrize("name", ["../escaped", "/tmp/escaped", "link"])
def test_what_is_no_upload_is_not_unpacked(tmp_path, name):
    with tarfile.open(tmp_path / "files.tar", "w") as tar:
        member = tarfile.TarInfo(name)
        if name == "link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(Problem, match="is no upload"):
        backup._unpack(tmp_path / "files.tar", tmp_path / "again")
    assert list((tmp_path / "again").iterdir()) == []


@pytest.mark.parametrize("name", ["database.dump", "files.tar"])
def test_a_damaged_back_up_is_refused(kept, name):
    with (kept / name).open("r+b") as file:
        file.seek(2000)
        file.write(b"?")
    assert f"{name} is not what was backed up" in refused(kept)


def test_an_incomplete_back_up_is_refused(kept):
    (kept / "manifest.json").unlink()
    assert "is not a complete back-up" in refused(kept)


def test_a_back_up_of_another_format_is_refused(kept):
    (kept / "manifest.json").write_text('{"format": 2, "sha256": {}}')
    assert "another back-up format" in refused(kept)


def test_a_base_back_up_is_not_restored_but_explained(tmp_path):
    (tmp_path / "base.tar.gz").write_bytes(b"")
    assert "unpack base.tar.gz into an empty data folder" in refused(tmp_path)


def test_an_existing_folder_is_not_overwritten(tmp_path):
    with pytest.raises(Problem, match="give the back-up a folder of its own"):
        backup.back_up_base(tmp_path, tell=lambda *about: None)


def test_a_base_back_up_starts_as_a_server_with_the_same_rows(city, homes):
    base = homes / "base"
    shanzhi(city, "backup", "--base", str(base))
    assert sorted(path.name for path in base.iterdir()) == [
        "backup_manifest",
        "base.tar.gz",
        "pg_wal.tar.gz",
    ]

    data = homes / "again" / "postgres" / "data"
    data.mkdir(parents=True)
    subprocess.run(["tar", "-xzf", base / "base.tar.gz", "-C", data], check=True)
    subprocess.run(["tar", "-xzf", base / "pg_wal.tar.gz", "-C", data / "pg_wal"], check=True)
    owner = (city / "postgres" / "data").stat()
    subprocess.run(["chown", "-R", f"{owner.st_uid}:{owner.st_gid}", data.parent], check=True)
    data.chmod(0o700)
    query = "SELECT count(*) FROM places_division"
    assert rows(homes / "again", query) == rows(city, query)
