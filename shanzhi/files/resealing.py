"""Uploads under the first key: each is written anew beside the old one, then takes its place."""

from collections import Counter
from collections.abc import Iterator

from shanzhi.kernel import rotation
from shanzhi.kernel.crypto import CannotOpen

from . import disk


def register() -> None:
    rotation.register_further(rotation.Further("uploads", counts, reseal))


def counts() -> Counter[bytes]:
    return Counter(key for _file_id, _kind, key in _files())


def reseal() -> Iterator[int]:
    first = rotation.names()[0]
    for file_id, kind, key in list(_files()):
        if key != first:
            yield _reseal(file_id, kind)


def _reseal(file_id, kind):
    try:
        content = b"".join(disk.read(file_id, kind))
        disk.write(file_id, content, kind)
    except (CannotOpen, FileExistsError):  # altered; or another run has it in hand
        return 0
    return 1


def _files():
    """Each file that is ours, and the key its first frame names."""
    for found in disk.walk():
        if found.file_id is None:
            continue
        kind = disk.THUMB if found.path.name.endswith(disk.THUMB) else disk.WHOLE
        with found.path.open("rb") as source:
            head = source.read(9)
        if len(head) == 9:
            yield found.file_id, kind, head[5:9]
