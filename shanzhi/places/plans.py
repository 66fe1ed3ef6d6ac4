"""What a merger, a split or a move would do, worked out before it is done: preview and command
carry out the same plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shanzhi.kernel import places

from . import queries
from .models import Division


@dataclass(frozen=True)
class Part:
    """One part of a split: its name, and the children that go to it. The old code may stay."""

    code: str
    name: str
    children: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carried:
    """A division below, or the one moved itself, that gets another code."""

    old: Division
    new: str


@dataclass
class Plan:
    carried: list[Carried] = field(default_factory=list)
    estates: int = 0

    @property
    def pairs(self) -> list[list[str]]:
        return [[each.old.code, each.new] for each in self.carried]


def free_code(parent: str, like: str = "", taken: Iterable[str] = ()) -> str:
    """A code under `parent` that nobody ever had: with the last digits of `like`, or the next."""
    used = set(Division.objects.filter(parent=parent).values_list("code", flat=True)) | set(taken)
    width = next(n for n in places.LENGTHS if n > len(parent)) - len(parent)
    most = 10**width - 1
    first = int(like[-width:]) if like else 1
    numbers = [*range(first, most + 1), *range(1, first)]
    codes = (f"{parent}{number:0{width}d}" for number in numbers)
    return next(code for code in codes if code not in used)


def merge(olds: list[str], new: str) -> Plan:
    plan, taken = Plan(), set()
    for old in olds:
        if old != new:
            _carry_children(plan, old, new, taken)
            plan.estates += len(queries.estates(old))
    return plan


def move(code: str, new: str) -> Plan:
    plan = Plan([Carried(queries.current(code), new)], len(queries.estates(code)))
    _carry_children(plan, code, new, set())
    return plan


def split(code: str, parts: list[Part]) -> Plan:
    plan = Plan()
    for part in parts:
        taken = set()
        for child in part.children:
            if part.code != code:
                _carry(plan, queries.current(child), part.code, taken)
                plan.estates += len(queries.estates(child))
    return plan


def _carry_children(plan, old, new, taken):
    for child in queries.children(old):
        _carry(plan, child, new, taken)


def _carry(plan, child, parent, taken):
    code = free_code(parent, like=child.code, taken=taken)
    taken.add(code)
    plan.carried.append(Carried(child, code))
    _carry_children(plan, child.code, code, set())
