"""Precision and recall of what was proposed against what is true."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from shanzhi.registry.linking import Pair, rank

THRESHOLDS = (0.0, 3.0, 6.0, 9.0, 12.0, 15.0)  # bits
Truth = Set[tuple[int, int]]


@dataclass(frozen=True)
class Score:
    """At a threshold: how many of the pairs above it are right, and how many of the right ones are
    above it.
    """

    threshold: str
    proposed: int
    right: int
    truth: int

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.truth if self.truth else 1.0


def score(name: str, found: Iterable[Pair], truth: Truth) -> Score:
    pairs = {(pair.left, pair.right) for pair in found}
    return Score(name, len(pairs), len(pairs & truth), len(truth))


def at_thresholds(pairs: list[Pair], truth: Truth) -> list[Score]:
    return [
        score(f"{least:g} bits", [pair for pair in pairs if pair.weight >= least], truth)
        for least in THRESHOLDS
    ]


def suggested(pairs: list[Pair], truth: Truth, *, one_list: bool = False) -> Score:
    """What the desk calls probably the same: likely, and clearly the best for both."""
    ranked = rank(pairs, one_list=one_list)
    return score("suggested", [each.pair for each in ranked if each.suggested], truth)
