"""Where a measured city lives: a folder and a database server of its own for each size."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from operate import environment, postgres

FOLDER = environment.VAR / "bench"
LOADING = {
    "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal",
    "max_wal_senders": "0", "autovacuum": "off", "max_wal_size": "16GB",
}  # fmt: skip


class Cluster(postgres.Cluster):
    """While `loading` it trades durability for speed; started again it is as in production."""

    loading: bool = False

    def _options(self) -> list[str]:
        chosen = super()._options()
        if self.loading:
            chosen += [part for pair in LOADING.items() for part in ("-c", "=".join(pair))]
        return chosen


def place(size: str) -> Path:
    return FOLDER / size


@contextmanager
def database(size: str, *, loading: bool = False) -> Iterator[Cluster]:
    cluster = Cluster(place(size) / "postgres")
    cluster.loading = loading
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def load_django(size: str) -> None:
    """This process, and those it starts, work on the city of this size."""
    os.environ["DATABASE_URL"] = postgres.url(place(size) / "postgres")
    os.environ["SHANZHI_SETTINGS"] = "bench.settings"
    environment.load()
