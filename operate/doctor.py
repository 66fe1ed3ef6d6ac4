"""`shanzhi doctor`: every examination, its finding and how to mend it, in plain sentences."""

import contextlib
import logging
import os
from collections.abc import Callable
from datetime import datetime

from django.utils import translation

from . import environment, postgres, progress
from .findings import Finding, bad
from .system import Problem

COLOURS = {"ok": "green", "warn": "yellow", "bad": "red"}


def language(environment_: dict | os._Environ = os.environ) -> str:
    """Chinese for a Chinese terminal, otherwise English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment_.get(name):
            return "zh-hans" if value.lower().startswith("zh") else "en"
    return "en"


def examine() -> bool:
    """Print every finding; False if one of them is bad."""
    logging.disable(logging.INFO)
    with contextlib.ExitStack() as stack:
        found = []
        if environment.is_embedded():
            try:
                stack.enter_context(postgres.running(environment.PLACE))
            except Problem as problem:
                found = [bad(str(problem))]
        environment.load()
        environment.be_patient()
        from django.db import connections
        from django.utils import timezone

        from . import examinations

        stack.callback(connections.close_all)
        with translation.override(language()):
            found = found or run(examinations.ALL, timezone.now())
            for finding in found:
                show(finding)
    return all(finding.state != "bad" for finding in found)


def run(examinations: list[Callable[[datetime], Finding]], at: datetime) -> list[Finding]:
    """Each examination's finding. Those after the first need the database; without it, none."""
    first, *others = examinations
    found = [first(at)]
    if found[0].state == "bad":
        others = [each for each in others if not getattr(each, "needs_database", False)]
    return found + [finding for each in others if (finding := each(at)) is not None]


def show(finding: Finding) -> None:
    colour = COLOURS[finding.state]
    progress.console.print(f"[{colour}]{finding.state:<4}[/{colour}]", end="  ")
    progress.say(finding.sentence)
    if finding.mend:
        progress.say(f"      {finding.mend}")
