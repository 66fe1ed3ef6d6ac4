"""A disk that is soon full, where this user may mount one."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def small_disk(path: Path, size: str) -> Iterator[bool]:
    """The folder, on a file system of its own of this size ("64k", "500m"); False, and on the big
    disk, where mounting is not allowed.
    """
    path.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "shanzhi-test", str(path)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(path)], check=True)
