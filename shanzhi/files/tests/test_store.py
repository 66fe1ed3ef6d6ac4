import errno
import hashlib
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shanzhi.files import commands, disk, rules
from shanzhi.files.models import File
from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from tests import disks

from . import factories as make
from .factories import CLERK, MONDAY, WANG

pytestmark = pytest.mark.django_db


def stored_bytes(file):
    return b"".join(disk.read(file.pk))


def test_a_photo_is_cleaned_encrypted_and_written_into_the_journal(on_disk):
    file = make.make_file(make.jpeg_with_place(), name="../厨房漏水.JPEG")

    file = File.objects.get(pk=file.pk)
    content = stored_bytes(file)
    assert (file.name, file.content_type, file.owner) == ("厨房漏水.jpg", "image/jpeg", "")
    assert (file.uploaded_by, file.uploaded_at, file.has_thumb) == (501, MONDAY, True)
    assert (file.size, bytes(file.digest)) == (len(content), hashlib.sha256(content).digest())
    assert b"Exif" not in content
    assert on_disk() == [str(file.pk), f"{file.pk}.thumb"]
    (entry,) = journal.about(label(file))
    assert (entry.verb, entry.by, entry.place) == ("files.stored", 501, "3204")
    assert entry.data == {"content_type": "image/jpeg", "size": file.size}


def test_a_paper_is_kept_as_it_came(on_disk):
    file = make.make_file(make.pdf(), name="申请表.pdf", by=CLERK)
    assert stored_bytes(file) == make.pdf()
    assert not file.has_thumb
    assert on_disk() == [str(file.pk)]
    assert journal.about(label(file))[0].place == CLERK.place


def test_the_name_is_unreadable_in_the_table():
    make.make_file(name="王小明低保证.jpg")
    with connection.cursor() as cursor:
        cursor.execute("select name from files_file")
        (sealed,) = cursor.fetchone()
    assert "低保".encode() not in bytes(sealed)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "empty"), (b"x" * 1_000_001, "at most 1 MB"), (b"<svg/>", "Send photos as")],
)
def test_what_is_refused_leaves_nothing(settings, on_disk, content, sentence):
    settings.SHANZHI_UPLOAD_MB = 1
    with pytest.raises(Refused, match=sentence):
        commands.store(upload=make.upload(content), by=WANG, at=MONDAY)
    assert on_disk() == []
    assert not File.objects.exists()
    assert journal.entries("32").rows == []


def test_what_an_error_after_the_disk_breaks_leaves_nothing(on_disk, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("no journal")

    monkeypatch.setattr(commands, "record", breaks)
    with pytest.raises(RuntimeError, match="no journal"):
        make.make_file()
    assert on_disk() == []
    assert not File.objects.exists()


@pytest.fixture
def small_disk(settings, tmp_path):
    """A real file system of 64 KiB, where this may be mounted."""
    root = tmp_path / "small"
    with disks.small_disk(root, "64k") as mounted:
        if not mounted:
            pytest.skip("mounting needs root")
        settings.FILES_ROOT = root / "files"
        yield root


def test_a_full_disk_refuses_with_a_sentence_and_leaves_no_half_file(small_disk):
    (small_disk / "other").write_bytes(bytes(40_000))
    with pytest.raises(Refused, match="no room for files"):
        make.make_file(make.pdf() + bytes(50_000) + b"%%EOF", name="a.pdf")
    assert [each.name for each in small_disk.rglob("*") if each.is_file()] == ["other"]
    assert not File.objects.exists()


def test_a_quota_used_up_is_a_full_disk_too(monkeypatch, on_disk):
    def full(*args, **kwargs):
        raise OSError(errno.EDQUOT, "quota")

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(Refused, match="no room for files"):
        make.make_file()
    assert on_disk() == []
    assert not File.objects.exists()


def test_another_fault_of_the_disk_is_no_answer_but_a_fault(monkeypatch, on_disk):
    def broken(*args, **kwargs):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(disk.os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        make.make_file()
    assert on_disk() == []


def fill(count, *, at, owner="", by=501):
    File.objects.bulk_create(
        File(
            name="a.jpg",
            owner=owner,
            content_type="image/jpeg",
            size=1,
            digest=b"",
            uploaded_by=by,
            uploaded_at=at,
        )
        for _ in range(count)
    )


def test_the_61st_file_within_ten_minutes_is_refused_and_later_taken(on_disk):
    fill(60, at=MONDAY, owner=make.OWNER)
    with pytest.raises(Refused, match="in ten minutes"):
        make.make_file(at=MONDAY + timedelta(minutes=9))
    assert on_disk() == []
    make.make_file(by=make.LI, at=MONDAY + timedelta(minutes=9))
    make.make_file(at=MONDAY + timedelta(minutes=10))


def test_nobody_leaves_more_than_40_files_lying_about():
    fill(40, at=MONDAY - timedelta(hours=1))
    with pytest.raises(Refused, match="Send what you have begun"):
        make.make_file()
    assert File.objects.count() == 40


def test_the_system_is_not_counted():
    fill(rules.MOST_IN_PERIOD, at=MONDAY, by=None)
    assert make.make_file(by=SYSTEM).uploaded_by is None


def test_storing_takes_three_statements_and_a_savepoint(django_assert_num_queries):
    with django_assert_num_queries(5):
        make.make_file()


@pytest.mark.django_db(transaction=True)
def test_bytes_of_a_transaction_that_was_rolled_back_are_swept(on_disk):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        file = make.make_file()
        raise ZeroDivisionError
    assert on_disk() == [str(file.pk), f"{file.pk}.thumb"]
    assert not File.objects.exists()

    # the disk's clock is the real one
    assert commands.sweep_orphans(by=SYSTEM, at=timezone.now()) == 0
    assert len(on_disk()) == 2
    assert commands.sweep_orphans(by=SYSTEM, at=timezone.now() + timedelta(hours=2)) == 2
    assert on_disk() == []
