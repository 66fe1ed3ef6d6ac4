"""A second connection of its own, and waiting without luck."""

import threading
import time
from contextlib import contextmanager

from django.db import connection

BLOCKED = """
    select exists (select from pg_locks
                   where not granted and pg_backend_pid() = any(pg_blocking_pids(pid)))
"""


def in_own_connection(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    finally:
        connection.close()


@contextmanager
def running(function):
    """Run in another thread with its own connection; on leaving, its fault is raised here."""
    faults = []

    def work():
        try:
            in_own_connection(function)
        except BaseException as fault:
            faults.append(fault)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        thread.join(20)
        assert not thread.is_alive()
    if faults:
        raise faults[0]


def wait_until_someone_waits_for_me(patience=5):
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(BLOCKED)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("nobody waited for a lock of this transaction")
