"""Bytes on the disk: unreadable, complete, and noticed when touched."""

import errno
import os
import subprocess
from base64 import b64encode
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.files import disk
from shanzhi.kernel import crypto

FILE = UUID("6f1d0c52-5c0b-4a6e-9d53-3a1d0f0c1a2b")
WORDS = "低保申请人王某，账号六二二二。".encode()


def use_keys(settings, *keys: bytes) -> None:
    settings.SHANZHI_KEYS = [b64encode(key).decode() for key in keys]
    for each in (crypto._keys, crypto._hash_key):
        each.cache_clear()


@pytest.fixture(autouse=True)
def keys_again():
    yield
    for each in (crypto._keys, crypto._hash_key):
        each.cache_clear()


def content_of(file_id: UUID = FILE) -> bytes:
    return b"".join(disk.read(file_id))


@pytest.mark.parametrize(
    "size", [1, disk.FRAME - 1, disk.FRAME, disk.FRAME + 1, 3 * disk.FRAME, 10_000_000]
)
def test_what_was_written_is_read_again(size):
    content = os.urandom(size)
    disk.write(FILE, content)
    assert content_of() == content
    assert disk.length(FILE) == size


def test_frames_are_read_one_by_one():
    disk.write(FILE, bytes(5 * disk.FRAME + 1))
    assert [len(each) for each in disk.read(FILE)] == [disk.FRAME] * 5 + [1]


def test_it_lies_in_two_levels_of_folders_for_its_owner_alone(files_root):
    disk.write(FILE, WORDS)
    path = files_root / "6f" / "1d" / str(FILE)
    assert path.is_file()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_search_of_the_disk_finds_nothing_of_it(files_root):
    disk.write(FILE, WORDS * 10_000)
    found = subprocess.run(["grep", "-rc", "王某", files_root], capture_output=True, text=True)
    assert found.stdout.strip().endswith(":0")
    assert "王某".encode() in content_of()


def test_a_file_of_an_older_key_still_opens_and_new_ones_use_the_first(settings):
    old, new = b"o" * 32, b"n" * 32
    use_keys(settings, old)
    disk.write(FILE, WORDS)
    before = disk.path(FILE).read_bytes()

    use_keys(settings, new, old)
    assert content_of() == WORDS
    later = uuid4()
    disk.write(later, WORDS)
    assert content_of(later) == WORDS
    assert disk.path(later).read_bytes()[5:9] != before[5:9]

    use_keys(settings, new)
    assert content_of(later) == WORDS
    with pytest.raises(crypto.CannotOpen):
        content_of()


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bit_that_is_changed_is_noticed(at, bit):
    disk.write(FILE, bytes(disk.FRAME + 100))
    path = disk.path(FILE)
    altered = bytearray(path.read_bytes())
    altered[int(at * len(altered))] ^= 1 << bit
    path.write_bytes(altered)
    with pytest.raises(crypto.CannotOpen):
        content_of()


def frames(path):
    raw, found = path.read_bytes(), []
    while raw:
        length = 4 + int.from_bytes(raw[:4], "big")
        found.append(raw[:length])
        raw = raw[length:]
    return found


@pytest.mark.parametrize(
    "change",
    [
        lambda parts: [parts[1], parts[0], parts[2]],
        lambda parts: parts[:2],
        lambda parts: parts[1:],
        lambda parts: [parts[0], parts[2]],
        lambda parts: [*parts, parts[2]],
        lambda parts: [*parts, b"\0"],
        lambda parts: [*parts, (2**31).to_bytes(4, "big")],
        lambda parts: [],
    ],
)
def test_frames_swapped_dropped_or_added_are_noticed(change):
    disk.write(FILE, bytes(2 * disk.FRAME + 1))
    path = disk.path(FILE)
    path.write_bytes(b"".join(change(frames(path))))
    with pytest.raises(crypto.CannotOpen):
        content_of()


def test_a_file_put_in_the_place_of_another_is_noticed():
    other = uuid4()
    disk.write(FILE, WORDS)
    disk.write(other, WORDS)
    disk.path(other).write_bytes(disk.path(FILE).read_bytes())
    with pytest.raises(crypto.CannotOpen):
        content_of(other)


def test_a_picture_in_the_place_of_its_thumb_is_noticed():
    disk.write(FILE, WORDS)
    disk.path(FILE, disk.THUMB).write_bytes(disk.path(FILE).read_bytes())
    with pytest.raises(crypto.CannotOpen):
        b"".join(disk.read(FILE, disk.THUMB))


def test_a_missing_file_is_said_to_be_missing():
    with pytest.raises(crypto.CannotOpen, match="not on the disk"):
        content_of()


def test_a_disk_that_fails_in_the_middle_leaves_nothing(monkeypatch, on_disk):
    def fails(_handle):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(disk.os, "fsync", fails)
    with pytest.raises(OSError, match="broken"):
        disk.write(FILE, WORDS)
    assert on_disk() == []


def test_remove_takes_the_thumb_too_and_may_be_repeated(on_disk):
    disk.write(FILE, WORDS)
    disk.write(FILE, WORDS, disk.THUMB)
    disk.remove(FILE)
    disk.remove(FILE)
    assert on_disk() == []
