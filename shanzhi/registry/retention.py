"""How long each kind of record is kept, and what is done when the time is over.

An area that keeps personal records registers a Rule in `ready()`. `shanzhi retention` shows what is
due; `--apply` deals with it in batches, each a command with its line in the journal, so that it can
be stopped and run again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.utils.functional import Promise

from shanzhi.kernel.acting import Actor


class Deal(Protocol):
    def __call__(self, *, by: Actor, at: datetime) -> int: ...


@dataclass(frozen=True)
class Rule:
    """`due` counts what is over on a day; `deal`, a command, takes a batch of it and says how many
    it was.
    """

    code: str
    title: str | Promise
    keeps: str | Promise  # in words: "10 years after moving away or death"
    due: Callable[[date], int]
    deal: Deal


_makers: list[Callable[[], list[Rule]]] = []


def register(make: Callable[[], list[Rule]]) -> None:
    """`make` is asked when rules are needed: lines bring sections after the registry is ready."""
    _makers.append(make)


def rules() -> list[Rule]:
    return [rule for make in _makers for rule in make()]
