"""Attaching, removing, destroying and sweeping."""

import os
from datetime import timedelta
from uuid import uuid4

import pytest

from shanzhi.files import commands, disk, queries
from shanzhi.files.models import File
from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from . import factories as make
from .factories import CLERK, LI, MONDAY, OWNER, WANG

pytestmark = pytest.mark.django_db
PLACE = "320411002018"


def attach(*files, by=WANG, owner=OWNER):
    ids = [getattr(file, "pk", file) for file in files]
    return commands.attach(files=ids, owner=owner, by=by, at=MONDAY, place=PLACE)


def owners():
    return list(File.objects.order_by("uploaded_at", "pk").values_list("owner", flat=True))


def test_attach_gives_files_to_their_owner_and_tells_the_journal():
    files = [make.make_file(), make.make_file(make.pdf(), name="a.pdf")]
    attach(*files)

    assert owners() == [OWNER, OWNER]
    (entry,) = journal.about(OWNER)
    assert (entry.verb, entry.by, entry.place) == ("files.attached", 501, PLACE)
    assert entry.data == {"files": sorted(str(file.pk) for file in files)}


def test_to_attach_again_changes_nothing():
    file, more = make.make_file(), make.make_file()
    attach(file)
    attach(file)
    assert len(journal.about(OWNER)) == 1
    attach(file, more)
    assert [entry.data["files"] for entry in journal.about(OWNER)] == [
        [str(file.pk)],
        [str(more.pk)],
    ]


def test_another_who_sends_the_form_again_may_name_what_is_attached_already():
    file = make.make_file()
    attach(file)
    attach(file, by=LI)
    assert len(journal.about(OWNER)) == 1


def test_to_attach_nothing_is_nothing():
    attach()
    assert journal.about(OWNER) == []


@pytest.mark.parametrize("by", [LI, CLERK, SYSTEM, Actor(account_id=None, name="anonymous")])
def test_files_of_another_account_are_refused(by):
    mine, theirs = make.make_file(by=by if by.account_id else LI), make.make_file()
    with pytest.raises(Refused, match="add it again"):
        attach(mine, theirs, by=by)
    assert owners() == ["", ""]
    assert journal.about(OWNER) == []


def test_who_is_not_signed_in_does_not_use_what_the_system_stored():
    file = make.make_file(by=SYSTEM)
    with pytest.raises(Refused):
        attach(file, by=Actor(account_id=None, name="anonymous"))
    assert owners() == [""]
    attach(file, by=SYSTEM)
    assert owners() == [OWNER]


def test_files_of_another_owner_and_unknown_ones_are_refused():
    file = make.make_file()
    attach(file)
    for wrong in ([file], [uuid4()]):
        with pytest.raises(Refused, match="add it again"):
            attach(*wrong, owner="tests.Thing:18")
    assert owners() == [OWNER]


def test_an_owner_that_no_area_answers_for_is_a_mistake_of_ours():
    file = make.make_file()
    with pytest.raises(ValueError, match="no area"):
        attach(file, owner="nobody.Nothing:1")
    assert owners() == [""]


def test_an_owner_has_room_for_60_files():
    first = make.make_file()
    File.objects.bulk_create(
        File(name="a", owner=OWNER, size=1, digest=b"", uploaded_at=MONDAY) for _ in range(60)
    )
    with pytest.raises(Refused, match="At most 60"):
        attach(first)
    first.refresh_from_db()
    assert first.owner == ""


def test_attach_takes_as_many_statements_for_three_files_as_for_one(django_assert_num_queries):
    one, three = [make.make_file()], [make.make_file() for _ in range(3)]
    with django_assert_num_queries(6):  # two of them savepoints
        attach(*one)
    with django_assert_num_queries(6):
        attach(*three)


def test_remove_takes_an_upload_back(on_disk, django_capture_on_commit_callbacks):
    file = make.make_file()
    with django_capture_on_commit_callbacks(execute=True):
        commands.remove(file=file.pk, by=WANG, at=MONDAY)
        assert len(on_disk()) == 2  # until it is certain
    assert on_disk() == []
    assert not File.objects.exists()
    assert [entry.verb for entry in journal.about(label(file))] == ["files.stored", "files.removed"]
    commands.remove(file=file.pk, by=WANG, at=MONDAY)


def test_nobody_removes_what_another_uploaded_or_what_was_sent(
    on_disk, django_capture_on_commit_callbacks
):
    file = make.make_file()
    with django_capture_on_commit_callbacks(execute=True):
        with pytest.raises(Refused, match="Only who uploaded"):
            commands.remove(file=file.pk, by=LI, at=MONDAY)
        attach(file)
        with pytest.raises(Refused, match="has been sent"):
            commands.remove(file=file.pk, by=WANG, at=MONDAY)
    assert owners() == [OWNER]
    assert len(on_disk()) == 2


def test_purge_destroys_all_of_one_owner_and_nothing_else(
    on_disk, django_capture_on_commit_callbacks
):
    mine, other = [make.make_file(), make.make_file()], make.make_file(make.pdf())
    attach(*mine)
    with django_capture_on_commit_callbacks(execute=True):
        count = commands.purge(owner=OWNER, by=SYSTEM, at=MONDAY, place=PLACE)
    assert count == 2
    assert on_disk() == [str(other.pk)]
    last = journal.about(OWNER)[-1]
    assert (last.verb, last.data) == ("files.purged", {"count": 2})
    assert commands.purge(owner=OWNER, by=SYSTEM, at=MONDAY, place=PLACE) == 0
    with pytest.raises(ValueError, match="owner"):
        commands.purge(owner="", by=SYSTEM, at=MONDAY, place=PLACE)


def test_the_sweep_takes_what_was_not_sent_within_a_day(
    on_disk, django_capture_on_commit_callbacks
):
    yesterday = MONDAY - timedelta(hours=24)
    old = make.make_file(at=yesterday - timedelta(seconds=1))
    sent = make.make_file(make.pdf(), at=yesterday - timedelta(days=3))
    fresh = make.make_file(make.pdf(), at=yesterday)
    attach(sent)
    with django_capture_on_commit_callbacks(execute=True):
        assert commands.sweep_orphans(by=SYSTEM, at=MONDAY) == 1
    assert on_disk() == sorted([str(sent.pk), str(fresh.pk)])
    assert not File.objects.filter(pk=old.pk).exists()
    (entry,) = journal.about("files.File")
    assert (entry.verb, entry.data) == ("files.swept", {"unsent": 1, "stray": 0})


def test_the_sweep_takes_bytes_without_a_row_once_they_are_an_hour_old(on_disk, files_root):
    kept = make.make_file()
    stray, writing = uuid4(), uuid4()
    for file_id in (stray, writing):
        disk.write(file_id, b"x")
        disk.write(file_id, b"x", disk.THUMB)
    half = disk.path(uuid4(), disk.PART)
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    for path in (disk.path(stray), disk.path(stray, disk.THUMB), half, disk.path(kept.pk)):
        os.utime(path, times=(0, MONDAY.timestamp() - 3601))
    for path in (disk.path(writing), disk.path(writing, disk.THUMB)):
        os.utime(path, times=(0, MONDAY.timestamp() - 3599))

    assert commands.sweep_orphans(by=SYSTEM, at=MONDAY) == 3
    left = [kept.pk, writing]
    assert on_disk() == sorted(f"{pk}{kind}" for pk in left for kind in ("", ".thumb"))
    assert commands.sweep_orphans(by=SYSTEM, at=MONDAY) == 0
    assert len(journal.about("files.File")) == 1


def test_lists_and_counts(django_assert_num_queries):
    first, second = make.make_file(), make.make_file(at=MONDAY + timedelta(seconds=1))
    attach(second, first)
    with django_assert_num_queries(1):
        assert queries.of(OWNER) == [first, second]
    with django_assert_num_queries(1):
        assert queries.counts([OWNER, "tests.Thing:18", ""]) == {OWNER: 2}


def test_waiting_files_are_ones_own_and_garbage_is_passed_over():
    mine, theirs, sent = make.make_file(), make.make_file(by=LI), make.make_file()
    attach(sent)
    asked = [str(mine.pk), str(theirs.pk), sent.pk, "garbage", "", "\0", str(uuid4())]
    assert queries.waiting(asked, WANG) == [mine]
    assert queries.waiting(asked, Actor(account_id=None)) == []
