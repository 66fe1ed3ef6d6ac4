"""Several duties at once: each by the command of its own button, in a transaction of its own.

Only what hands work around. What decides on somebody's rights (accepting, declining, answering) is
read and pressed one by one.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from . import commands
from .models import Duty

MOST = 100  # of one press
COMMANDS = {
    "take": commands.take,
    "assign": commands.assign,
    "give_back": commands.give_back,
}


class Outcome(NamedTuple):
    duty: Duty
    refusal: str  # "" where it was done


def run(
    do: str, duties: Iterable[Duty], *, by: Actor, at: datetime, **values: int
) -> list[Outcome]:
    return [_run(do, duty, by=by, at=at, **values) for duty in duties]


def _run(do, duty, **values):
    try:
        COMMANDS[do](duty=duty, **values)
    except Refused as refusal:
        return Outcome(duty, str(refusal))
    return Outcome(duty, "")
