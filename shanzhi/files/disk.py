"""Where the bytes lie: FILES_ROOT/aa/bb/<uuid>, encrypted in frames, written whole or not at all.

A frame is its length in four bytes and 64 KiB of content sealed by kernel/crypto, so it names the
key that opens it and keys can be rotated. Its number and whether it is the last are bound into it:
frames cannot be swapped, dropped, or moved to another file unnoticed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from shanzhi.kernel.crypto import CannotOpen, seal, unseal

FRAME = 64 * 1024
OVERHEAD = 1024  # more than any cipher adds to a frame
WHOLE, THUMB = "", ".thumb"
PART = ".part"  # being written


def path(file_id: UUID, kind: str = WHOLE) -> Path:
    digits = file_id.hex
    return Path(settings.FILES_ROOT) / digits[:2] / digits[2:4] / f"{file_id}{kind}"


def write(file_id: UUID, content: bytes, kind: str = WHOLE) -> None:
    """Under a temporary name first, so that what bears the real name is complete, even after a
    power cut. OSError where the disk does not take it; nothing is left then."""
    target = path(file_id, kind)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(target.name + PART)
    try:
        with open(part, "xb", opener=_private) as out:
            for frame in _frames(file_id, content, kind):
                out.write(len(frame).to_bytes(4, "big") + frame)
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
        _sync(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _private(name, flags):
    return os.open(name, flags, 0o600)


def _frames(file_id, content, kind):
    for number, start in enumerate(range(0, len(content), FRAME)):
        last = start + FRAME >= len(content)
        context = _context(file_id, kind, number, last)
        yield seal(content[start : start + FRAME], context=context)


def _context(file_id, kind, number, last):
    return f"{file_id}{kind}:{number}:{'last' if last else 'more'}"


def _sync(folder):
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(file_id: UUID, kind: str = WHOLE) -> Iterator[bytes]:
    """The content, frame by frame; CannotOpen where it is missing, altered or cut short."""
    try:
        with path(file_id, kind).open("rb") as source:
            number, frame = 0, _next_frame(source)
            while frame is not None:
                following = _next_frame(source)
                context = _context(file_id, kind, number, following is None)
                yield unseal(frame, context=context)
                number, frame = number + 1, following
    except FileNotFoundError:
        raise CannotOpen("not on the disk") from None
    if not number:
        raise CannotOpen("empty")


def _next_frame(source):
    head = source.read(4)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    frame = source.read(length) if length <= FRAME + OVERHEAD else b""
    if len(head) < 4 or len(frame) < length:
        raise CannotOpen("cut short")
    return frame


def length(file_id: UUID, kind: str = WHOLE) -> int:
    """Bytes of the content, every one of them checked; CannotOpen as in `read`."""
    return sum(len(content) for content in read(file_id, kind))


def remove(file_id: UUID) -> None:
    for kind in (WHOLE, THUMB):
        path(file_id, kind).unlink(missing_ok=True)


@dataclass(frozen=True)
class Found:
    path: Path
    file_id: UUID | None  # None where the name is not one of ours
    changed_at: datetime


def walk() -> Iterator[Found]:
    """Everything that lies under FILES_ROOT."""
    for found in Path(settings.FILES_ROOT).glob("??/??/*"):
        try:
            changed_at = datetime.fromtimestamp(found.stat().st_mtime, UTC)
        except FileNotFoundError:  # gone or renamed since
            continue
        yield Found(found, _file_id(found.name), changed_at)


def _file_id(name):
    try:
        return UUID(name.removesuffix(THUMB))
    except ValueError:
        return None
