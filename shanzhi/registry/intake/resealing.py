"""Files of imports under the first key: each is stored anew under its own name."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from shanzhi.kernel import rotation
from shanzhi.kernel.crypto import CannotOpen

from . import keeping


def register() -> None:
    rotation.register_further(rotation.Further("imports", counts, reseal))


def counts() -> Counter[bytes]:
    return Counter(key for _file, key in _files())


def reseal() -> Iterator[int]:
    first = rotation.names()[0]
    for file, key in list(_files()):
        if key != first:
            yield _reseal(file)


def _reseal(file):
    try:
        keeping.store(keeping.read(file), file=file)
    except (CannotOpen, FileExistsError):  # altered; or another run has it in hand
        return 0
    return 1


def _files():
    for path in keeping.folder().iterdir():
        try:
            file = UUID(path.name)
        except ValueError:
            continue
        with path.open("rb") as source:
            head = source.read(9)
        if len(head) == 9:
            yield file, head[5:9]
