import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from operate import postgres
from operate.system import Problem


@pytest.fixture
def place():
    """Short, for the socket; open, for the database's own user."""
    with tempfile.TemporaryDirectory(prefix="shanzhi-pg-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder) / "pg"


@pytest.fixture(scope="module")
def template():
    """initdb once; the tests that are not about it begin with a copy."""
    with tempfile.TemporaryDirectory(prefix="shanzhi-pg-") as folder:
        Path(folder).chmod(0o711)
        cluster = postgres.Cluster(Path(folder) / "pg")
        cluster.start()
        cluster.stop()
        yield cluster.place


@pytest.fixture
def cluster(template, place):
    subprocess.run(["cp", "-a", template, place], check=True)
    cluster = postgres.Cluster(place)
    yield cluster
    cluster.stop()


def ask(place, query):
    with psycopg.connect(postgres.url(place), autocommit=True) as connection:
        return connection.execute(query).fetchone()[0]


def test_a_cluster_answers_and_has_the_settings_we_rely_on(cluster, place):
    cluster.start()

    assert postgres.is_running(place)
    assert ask(place, "SHOW server_version").startswith("18.")
    assert ask(place, "SHOW server_encoding") == "UTF8"
    assert ask(place, "SHOW fsync") == "on"
    assert ask(place, "SHOW jit") == "off"
    assert ask(place, "SHOW listen_addresses") == ""
    locale = "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database WHERE datname="
    assert ask(place, f"{locale}'shanzhi'") == "b C.UTF-8"


def test_what_was_written_is_there_after_stop_and_start(cluster, place):
    cluster.start()
    with psycopg.connect(postgres.url(place)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS n")
    cluster.stop()

    assert not postgres.is_running(place)
    cluster.start()
    assert ask(place, "SELECT n FROM t") == 42


def test_a_killed_server_starts_again_with_what_was_committed(cluster, place):
    cluster.start()
    with psycopg.connect(postgres.url(place)) as connection:
        connection.execute("CREATE TABLE t AS SELECT 42 AS n")
    cluster.process.kill()
    cluster.process.wait()
    assert (place / "data" / "postmaster.pid").exists()

    again = postgres.Cluster(place)
    again.start()
    try:
        assert ask(place, "SELECT n FROM t") == 42
    finally:
        again.stop()


def test_a_lock_file_that_names_a_living_stranger_is_no_obstacle(cluster, place):
    cluster.start()
    cluster.process.kill()
    cluster.process.wait()
    for path in (place / "data" / "postmaster.pid", place / "socket" / ".s.PGSQL.5432.lock"):
        text = path.read_text().splitlines()
        path.write_text("\n".join([str(os.getpid()), *text[1:]]) + "\n")

    cluster.start()

    assert ask(place, "SELECT 1") == 1


def test_a_second_start_on_the_same_data_is_refused_with_a_sentence(cluster, place):
    cluster.start()

    with pytest.raises(Problem, match=r"Another command .* is using the database"):
        postgres.Cluster(place).start()

    assert ask(place, "SELECT 1") == 1


def test_a_command_uses_the_server_that_runs_and_leaves_it_running(cluster, place):
    cluster.start()
    with postgres.running(place):
        assert ask(place, "SELECT 1") == 1
    assert postgres.is_running(place)


def test_a_command_runs_a_server_where_none_runs_and_stops_it(cluster, place):
    with postgres.running(place):
        assert ask(place, "SELECT 1") == 1
    assert not postgres.is_running(place)


def test_half_an_initdb_is_begun_anew(place):
    cluster = postgres.Cluster(place)
    half = place / "data.half"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    cluster.start()
    try:
        assert not half.exists()
        assert ask(place, "SELECT 1") == 1
    finally:
        cluster.stop()


def test_data_of_another_release_is_refused_with_a_sentence(cluster, place):
    cluster.start()
    cluster.stop()
    (place / "data" / "PG_VERSION").write_text("17\n")

    with pytest.raises(Problem, match="made by PostgreSQL 17"):
        cluster.start()


def test_a_path_too_long_for_a_socket_gets_a_short_folder(place, tmp_path):
    deep = place / ("long" * 30)
    assert len(str(postgres.socket_folder(deep) / ".s.PGSQL.5432")) <= 107

    cluster = postgres.Cluster(deep, throwaway=True)
    cluster.start()
    try:
        assert ask(deep, "SELECT 1") == 1
    finally:
        cluster.stop()
        postgres.socket_folder(deep).rmdir()


def test_the_server_ends_when_its_parent_is_killed(place):
    code = (
        "import pathlib, sys, time; from operate import postgres\n"
        "c = postgres.Cluster(pathlib.Path(sys.argv[1])); c.start()\n"
        "print(c.process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(place)], stdout=subprocess.PIPE)
    parent.stdout.readline()
    assert postgres.is_running(place)

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    deadline = time.monotonic() + 20
    while postgres._inhabitants(place / "data"):
        assert time.monotonic() < deadline, "the server outlived its parent"
        time.sleep(0.05)


def test_a_wheel_that_is_not_installed_is_a_sentence(monkeypatch):
    monkeypatch.setattr(postgres, "MAJOR", "99")
    with pytest.raises(Problem, match="set DATABASE_URL to a server of your own"):
        postgres.binaries()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can close a folder to the server's user")
def test_under_a_folder_closed_to_others_the_data_moves_and_the_path_stays(
    tmp_path_factory, monkeypatch
):
    closed = Path(tmp_path_factory.mktemp("closed"))
    open_one = Path("/var/tmp") / f"shanzhi-{time.monotonic_ns()}"
    monkeypatch.setattr(postgres, "FALLBACK", open_one)
    place = closed / "var" / "postgres"
    place.mkdir(parents=True)
    closed.chmod(0o700)
    sentences = []
    cluster = postgres.Cluster(place, say=sentences.append)
    try:
        cluster.start()
        assert place.is_symlink()
        assert place.resolve().is_relative_to(open_one)
        assert "its data is in" in sentences[0]
        assert ask(place, "SELECT 1") == 1
        cluster.stop()
        cluster.start()
        assert ask(place, "SELECT 1") == 1
    finally:
        cluster.stop()
        subprocess.run(["rm", "-rf", str(open_one)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes users")
def test_programs_that_the_servers_user_cannot_run_are_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "FALLBACK", Path("/var/tmp") / f"shanzhi-{time.monotonic_ns()}")
    try:
        copy = postgres._copied(postgres.binaries(), lambda sentence: None)
        assert copy.is_relative_to(postgres.FALLBACK)
        version = subprocess.run(
            [str(copy / "psql"), "--version"],
            capture_output=True,
            text=True,
            cwd="/",
            **postgres.system.server_user(tmp_path / "no").as_options,
        )
        assert "(PostgreSQL) 18" in version.stdout
    finally:
        subprocess.run(["rm", "-rf", str(postgres.FALLBACK)], check=True)
