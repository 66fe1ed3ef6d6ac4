"""Files as large as they may be, too large, and a disk that has no room for them."""

import resource
import time

import pytest
from django.utils import translation

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import bringing, importing, queries
from shanzhi.registry.commands import imports_check
from shanzhi.registry.intake import keeping
from shanzhi.registry.models import Batch, Chunk, Person
from tests import disks

from . import factories
from . import imports_factories as shapes
from .factories import MONDAY
from .imports_factories import TITLES, brought, families

pytestmark = pytest.mark.django_db
MB = 1_000_000


@pytest.fixture(autouse=True)
def ground(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    factories.city()
    factories.estate()


def lying():
    return [path.name for path in keeping.folder().iterdir()]


def of_size(megabytes):
    """A ledger whose last columns are long remarks, block by block; it is nowhere as a whole."""
    head = shapes.as_csv([TITLES, *shapes.rows(families(1))], encoding="utf-8")
    yield head
    line = (",".join(["某" * 3000] * len(TITLES)) + "\n").encode()
    block = line * 3
    for _n in range((megabytes * MB - len(head)) // len(block)):
        yield block


def bring(content):
    with translation.override("en"):
        return bringing.bring(
            content=content, name="large.csv", source=queries.source("community"),
            place=factories.TIANAN, by=SYSTEM, at=MONDAY,
        )  # fmt: skip


def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_a_file_of_300_mb_is_taken_in_little_memory():
    before, began = peak(), time.perf_counter()
    batch = bring(of_size(300))
    assert 299 * MB < batch.size <= 300 * MB
    assert batch.layout["encoding"] == "utf-8"
    assert peak() - before < 64
    assert time.perf_counter() - began < 30


def test_one_line_of_200_mb_is_refused_in_little_memory():
    before = peak()
    with pytest.raises(Refused, match="Line 1 cannot be read: the line is too long"):
        bring(iter([b"x,y" * 1000] * 70_000))
    assert peak() - before < 64
    assert lying() == []


def test_a_larger_one_is_refused_with_a_sentence_and_nothing_stays():
    with pytest.raises(Refused, match="at most 300 MB"):
        bring(of_size(302))
    assert lying() == []
    assert Batch.objects.count() == 0


def test_half_a_gigabyte_of_nothing_is_refused_while_it_comes():
    taken = []

    def nothing():
        for n in range(500):
            taken.append(n)
            yield bytes(MB)

    with pytest.raises(Refused, match="at most 300 MB"):
        bring(nothing())
    assert len(taken) < 310
    assert lying() == []


# --- no room --------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(settings, tmp_path):
    """A real file system of two megabytes, where this may be mounted."""
    root = tmp_path / "small"
    with disks.small_disk(root, "2m") as mounted:
        if not mounted:
            pytest.skip("mounting needs root")
        settings.FILES_ROOT = root / "files"
        yield root


def test_a_disk_that_fills_while_a_file_comes_in_is_a_sentence_and_no_half_of_it_stays(small_disk):
    with pytest.raises(Refused, match="no room for files"):
        bring(of_size(5))
    assert lying() == []
    assert Batch.objects.count() == 0


def test_no_room_to_read_it_stops_the_check_and_room_alone_mends_it(small_disk):
    batch = shapes.assigned(brought(shapes.plain(families(400))))
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as out, pytest.raises(OSError, match="space"):
        while True:
            out.write(bytes(4096))
    stopped = shapes.run(batch)
    assert (stopped.state, Chunk.objects.count(), Person.objects.count()) == ("uploaded", 0, 0)
    assert stopped.trouble == "服务器存储空间不足，文件未保存，请稍后再试。"
    assert lying() == [str(batch.file)]

    filler.unlink()
    again = shapes.run(shapes.assigned(stopped))
    assert (again.state, again.trouble) == ("checked", "")
    assert again.counts["outcomes"] == {"new": 1200}


def test_a_database_without_room_keeps_whole_chunks_only_and_goes_on(monkeypatch):
    """The second chunk meets a disk that is full; the first stays, and nothing of the second."""
    from django.db import DatabaseError

    monkeypatch.setattr(importing, "ROWS", 100)
    batch = shapes.assigned(brought(shapes.plain(families(100))))
    keep, calls = imports_check._keep_problems, []

    def full(*args):
        calls.append(args)
        if len(calls) == 2:
            raise DatabaseError("could not extend file: No space left on device")
        keep(*args)

    with monkeypatch.context() as patched:
        patched.setattr(imports_check, "_keep_problems", full)
        with pytest.raises(DatabaseError):
            shapes.run(batch)
    assert list(Chunk.objects.values_list("number", "rows")) == [(1, 100)]
    assert Batch.objects.get().done == 100

    whole = shapes.run(batch)
    assert (whole.state, whole.counts["outcomes"]) == ("checked", {"new": 300})
