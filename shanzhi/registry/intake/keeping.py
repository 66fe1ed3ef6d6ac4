"""Files on their way into the registry: sealed on the disk in frames, opened only for reading.

They lie in FILES_ROOT/imports, apart from what residents upload. While one is read, its plain
content is in an unnamed place of the same disk, readable by this user only.
"""

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.crypto import CannotOpen, seal, unseal

FRAME = 1 << 20
OVERHEAD = 1024
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Stored:
    id: UUID
    size: int
    digest: bytes


def largest() -> int:
    return settings.SHANZHI_IMPORT_MB * 1_000_000


def too_large() -> Refused:
    return Refused(
        _("A file may have at most %(megabytes)s MB; send a smaller one.")
        % {"megabytes": largest() // 1_000_000},
        field="file",
    )


def folder() -> Path:
    path = Path(settings.FILES_ROOT) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def path_of(file: UUID) -> Path:
    return folder() / f"{file}"


def store(blocks: Iterable[bytes], *, file: UUID | None = None) -> Stored:
    """Whole or not at all; Refused where it is too large or the disk is full. With `file`, in place
    of that one.
    """
    file, size, digest = file or uuid4(), 0, hashlib.sha256()
    part = path_of(file).with_suffix(".part")
    try:
        with open(part, "xb", opener=_private) as out:
            for number, frame in enumerate(_frames(blocks)):
                size += len(frame)
                if size > largest():
                    raise too_large()
                digest.update(frame)
                sealed = seal(frame, context=f"import {file}:{number}")
                out.write(len(sealed).to_bytes(4, "big") + sealed)
            out.flush()
            os.fsync(out.fileno())
        part.rename(path_of(file))
    except OSError as error:
        part.unlink(missing_ok=True)
        if error.errno not in FULL:
            raise
        raise Refused(
            _("The server has no room for files just now; please try again later."), field="file"
        ) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Stored(file, size, digest.digest())


def _private(name, flags):
    return os.open(name, flags, 0o600)


def _frames(blocks):
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= FRAME:
            yield bytes(held[:FRAME])
            del held[:FRAME]
    if held:
        yield bytes(held)


def read(file: UUID) -> Iterator[bytes]:
    try:
        with path_of(file).open("rb") as source:
            number = 0
            while head := source.read(4):
                length = int.from_bytes(head, "big")
                if length > FRAME + OVERHEAD:
                    raise CannotOpen("no frame of ours")
                yield unseal(source.read(length), context=f"import {file}:{number}")
                number += 1
    except FileNotFoundError:
        raise Refused(_("The file of this import is no longer there; send it again.")) from None


@contextmanager
def opened(file: UUID) -> Iterator[Path]:
    """The plain content, for the time it is read."""
    with _room(), tempfile.NamedTemporaryFile(dir=folder(), suffix=".plain") as plain:
        for block in read(file):
            plain.write(block)
        plain.flush()
        yield Path(plain.name)


@contextmanager
def _room():
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Refused(
            _("The server has no room for files just now; please try again later.")
        ) from None


def remove(file: UUID) -> None:
    path_of(file).unlink(missing_ok=True)
