"""Rows of a large file are read by further processes, as reading is most of the work of a check.
They ask no database. One whose other end has gone, by whatever death, ends itself.

Nothing of Django is imported here before a process is ready for it.
"""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cells import Line
    from .rows import Plan, Row

MANY = 100_000  # rows for which it is worth starting them: each takes a second to be ready
MOST = 2
PORTION = 1000  # rows of one message; each has one in hand, so that both ends never wait to send


def wanted(expected: int) -> int:
    """How many to start for a file of so many rows."""
    cores = len(os.sched_getaffinity(0))
    return min(cores, MOST) if expected >= MANY and cores > 1 else 0


def read(plan: "Plan", lines: "Iterable[Line]", processes: int = 0) -> "Iterator[Row]":
    """Every line read, in order; without `processes`, here."""
    if processes:
        with _started(plan, processes) as pipes:
            yield from _by_others(plan, lines, pipes)
        return
    from . import rows

    shared: dict[str, str] = {}
    for line in lines:
        yield rows.read(plan, line, shared)


def _by_others(plan, lines, pipes):
    free = deque(pipes)
    asked: deque[tuple[Connection, list[Line]]] = deque()
    for some, shared in _portions(plan, lines):
        ready: Iterable[Row] = ()
        if not free:
            ready = _answer(asked, free)
        pipe = free.popleft()
        pipe.send((some, shared))
        asked.append((pipe, some))
        yield from ready
    while asked:
        yield from _answer(asked, free)


def _portions(plan, lines):
    """With what the rows before leave to them."""
    from . import rows

    lines, shared = iter(lines), {}
    while some := list(islice(lines, PORTION)):
        yield some, dict(shared)
        for line in some:
            rows.carry(plan, line, shared)


def _answer(asked, free):
    """Of whoever was asked first. The lines did not come back with the rows."""
    pipe, lines = asked.popleft()
    answer = pipe.recv()
    free.append(pipe)
    if isinstance(answer, Exception):
        raise answer
    for line, row in zip(lines, answer, strict=True):
        row.line = line
    return answer


@contextmanager
def _started(plan, count):
    from django.utils.translation import get_language

    pipes, processes = [], []
    try:
        for _n in range(count):
            pipe, process = _start()
            pipes.append(pipe)
            processes.append(process)
        for pipe in pipes:
            pipe.send((get_language(), plan))
        yield pipes
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            process.join()


def _start():
    spawn = get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=begin, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return ours, process


# --- there ----------------------------------------------------------------------------------------


def begin(pipe: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who asks; the pipe ends then
    os.nice(5)  # pages go first
    import django

    django.setup()
    serve(pipe)


def serve(pipe: Connection) -> None:
    from django.utils import translation

    try:
        language, plan = pipe.recv()
        translation.activate(language)
        while True:
            pipe.send(_rows(plan, *pipe.recv()))
    except (EOFError, OSError):  # the other end has gone
        pipe.close()


def _rows(plan, lines, shared) -> Any:
    from . import rows

    try:
        found = [rows.read(plan, line, shared) for line in lines]
    except Exception as error:
        return error
    for row in found:
        row.line = None
    return found
