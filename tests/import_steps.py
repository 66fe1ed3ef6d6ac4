"""What the processes of an import test do. Each is forked from one that has Django loaded, works on
a database of its own choice, and can be killed like any other process.
"""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation
from django.utils.timezone import localdate

if not apps.ready:
    django.setup()

from operate import cli

forked = multiprocessing.get_context("forkserver")
forked.set_forkserver_preload([__name__])
PLACE = "320411002018"
ROWS = 50  # of a chunk
PIECE = 20  # persons, households, homes, differences of a transaction that undoes
PAUSE = 0.15  # s after each transaction of who is to be killed: far longer than that takes


def begin(pipe, database: str, files: str, step: Callable[..., Any], words: tuple) -> None:
    """A new process: it says what the step gave, or ends with 1."""
    connection.settings_dict["NAME"] = database
    settings.FILES_ROOT = Path(files)
    translation.activate("zh-hans")
    pipe.send(step(*words))


def command(database: str, home: str, words: list[str]) -> None:
    """`shanzhi` with these words: all it says goes into a file, and it ends as it would."""
    with Path(home, "said").open("w") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    connection.settings_dict["NAME"] = database
    settings.FILES_ROOT = Path(home, "files")
    sys.argv = ["shanzhi", *words]
    cli.main()


def ready() -> None:
    from django.core.management import call_command

    from shanzhi.kernel.acting import SYSTEM
    from shanzhi.places.commands.load import load_divisions

    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    load_divisions(path=Path("shanzhi/places/data/divisions-changzhou.csv"), by=SYSTEM, at=now,
                   valid_from=localdate(now), end_missing=False)  # fmt: skip


def bring(path: str) -> int:
    from shanzhi.kernel.acting import SYSTEM
    from shanzhi.registry import bringing, importing, queries
    from shanzhi.registry.commands import imports

    importing.ROWS = ROWS
    batch = bringing.bring(
        content=[Path(path).read_bytes()], name="x.csv", source=queries.source("community"),
        place=PLACE, by=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    found = bringing.header_of(batch)
    imports.assign_columns(
        batch=batch, layout=bringing.layout_with(batch, found),
        columns=[each.target for each in found.columns],
        fingerprint=found.header.fingerprint, by=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    importing.run(batch.pk, now=timezone.now)
    imports.take_over(batch=batch, decision="fill", lenient=True, by=SYSTEM, at=timezone.now())
    return batch.pk


def run(batch: int) -> str:
    from shanzhi.registry import importing
    from shanzhi.registry.commands import imports_undo

    imports_undo.PIECE = imports_undo.AT_ONCE = PIECE
    return importing.run(batch, now=timezone.now)


def run_slowly(batch: int) -> str:
    """With a pause after each transaction, so that whoever watches can kill it there."""
    from shanzhi.registry.commands import imports_apply, imports_undo

    _slow(imports_apply, "apply_chunk")
    _slow(imports_undo, "free", "hide_again", "put_back_more", "purge", "purge_unused")
    return run(batch)


def _slow(module, *names):
    for name in names:
        setattr(module, name, _pausing(getattr(module, name)))


def _pausing(step):
    def paused(**given):
        answer = step(**given)
        time.sleep(PAUSE)
        return answer

    return paused
