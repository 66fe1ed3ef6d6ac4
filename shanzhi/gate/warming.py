"""What the checks of an application need is made ready before somebody types.

The dictionary of words, the index of the lists and the register of what is in force are built in
the process that needs them: most of a second where there are thousands of demands. A web process
begins with it, in a thread beside its requests, when a department's clerk opens the desk or the
gate; a process that never sees one keeps neither time nor memory for it.
"""

import logging
from threading import Lock, Thread

from django.db import connection

from shanzhi.burden.queries import lists
from shanzhi.kernel import words

from .queries import register

log = logging.getLogger(__name__)
_once = Lock()
_serves = False


def serve() -> None:
    """Of a web process: only there is somebody who types."""
    global _serves
    _serves = True


def soon(place: str) -> Thread | None:
    """Once in a process; what is asked meanwhile waits for the same work, and does not do it
    twice."""
    if not _serves or not _once.acquire(blocking=False):
        return None
    thread = Thread(target=_beside, args=(place,), name="gate-warming", daemon=True)
    thread.start()
    return thread


def make_ready(place: str) -> None:
    words.cut("社区")
    lists.whose("社区", place)
    with register.reading():
        pass


def _beside(place):
    try:
        make_ready(place)
    except Exception:  # the first check then does it itself
        log.exception("The checks of the gate were not made ready.")
    finally:
        connection.close()
