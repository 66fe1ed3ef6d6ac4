"""Rows read by further processes are the rows that one process reads, in the same order."""

import os
import signal
import subprocess
import sys
import time
from datetime import date
from multiprocessing import Pipe
from pathlib import Path
from threading import Thread

import pytest
from django.db.models import Count

from operate.environment import ROOT
from shanzhi.kernel import Refused
from shanzhi.registry import importing
from shanzhi.registry.intake import ground, readers, rows
from shanzhi.registry.intake.cells import Line
from shanzhi.registry.models import Household, Person

from . import factories
from . import imports_factories as shapes

COLUMNS = (
    "home.place", "household.number", "person.name", "row.relation", "person.identity",
    "person.birth", "person.phone", "home.written", "person.ethnic", "row.presence",
)  # fmt: skip
WHERE = ground.Ground("320411", "3204", frozenset({"320411002018"}), {}, {}, {}, {})


def lines(count):
    """Households of four whose door and number stand with the head alone; some cells are bad."""
    for n in range(1, count + 1):
        head, of = n % 4 == 1, (n - 1) // 4
        yield Line(n // 30, n, [
            "320411002018" if head else "", f"{of:04d}" if head else "",
            f"王示例{'甲乙丙丁'[n % 4]}",
            "户主" if head else ("长子" if n % 9 else "猫"), "",
            f"19{50 + of % 40}-03-{1 + n % 31:02d}", "" if n % 7 else "12",
            f"示例路{of}号1幢101室" if head else "", "汉族", "人户一致",
        ])  # fmt: skip


@pytest.fixture
def plan():
    return rows.plan(COLUMNS, WHERE, today=date(2026, 11, 30), sheets=("一", "二", "三"))


@pytest.fixture
def threads(monkeypatch):
    """The same talk over the same pipes, without the seconds that a process takes to be ready."""

    def start():
        ours, theirs = Pipe()
        thread = Thread(target=readers.serve, args=(theirs,))
        thread.start()
        return ours, thread

    monkeypatch.setattr(readers, "_start", start)


@pytest.mark.parametrize("portion", [1, 5, 1000])
@pytest.mark.parametrize("count", [0, 1, 5, 23, 90])
def test_they_read_what_one_process_reads(plan, threads, monkeypatch, count, portion):
    """Households lie over the edges of what each has in hand."""
    monkeypatch.setattr(readers, "PORTION", portion)
    alone = list(readers.read(plan, lines(count)))
    assert list(readers.read(plan, lines(count), 2)) == alone
    if count > 20:
        assert {each.number for each in alone} >= {"0000", "0001", "0002"}
        assert {found.code for each in alone for found in each.problems} >= {"phone", "relation"}


@pytest.mark.django_db
def test_an_import_read_by_them_is_whole(threads, monkeypatch, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    monkeypatch.setattr(readers, "wanted", lambda _expected: 2)
    monkeypatch.setattr(readers, "PORTION", 5)
    monkeypatch.setattr(importing, "ROWS", 7)
    factories.city()
    factories.estate()
    batch = shapes.taken(shapes.checked(shapes.blank_households(shapes.families(6))))
    assert (batch.state, batch.counts["outcomes"]) == ("opened", {"new": 18})
    assert Person.objects.count() == 18
    members = Household.objects.annotate(count=Count("members")).values_list("count", flat=True)
    assert list(members) == [3] * 6


def test_what_stops_the_reading_of_a_file_stops_it_here_as_well(plan, threads):
    def broken():
        yield from lines(7)
        raise Refused("too many")

    found = readers.read(plan, broken(), 2)
    with pytest.raises(Refused, match="too many"):
        list(found)


def test_a_fault_of_theirs_is_raised_and_they_end(plan, threads):
    with pytest.raises(AttributeError, match="isascii"):
        list(readers.read(plan, [Line(0, 1, ["", "", 7])], 1))


def test_small_files_are_read_without_them(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2, 3})
    assert readers.wanted(readers.MANY - 1) == 0
    assert readers.wanted(readers.MANY) == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})
    assert readers.wanted(readers.MANY) == 0


def test_a_real_process_reads_the_same(plan):
    assert list(readers.read(plan, lines(50), 1)) == list(readers.read(plan, lines(50)))


ASKING = """
import time
from shanzhi.registry.intake import readers
if __name__ == "__main__":
    _pipe, process = readers._start()
    print(process.pid, flush=True)
    time.sleep(600)
"""


def test_they_end_when_who_asked_them_was_killed():
    command = [sys.executable, "-c", ASKING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as asking:
        reader = int(asking.stdout.readline())
        assert _lives(reader)
        asking.send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 60
        while _lives(reader):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
