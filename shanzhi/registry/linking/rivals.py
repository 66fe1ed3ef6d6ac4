"""Of several who might be the same as one entry, the best comes first."""

from collections.abc import Iterable
from dataclasses import dataclass

from .model import LEAST, Pair

SURE = 6.0  # bits: 64 to 1
SURE_IN_ONE = 9.0  # in one list nobody else competes, so twins have to be kept apart by more
CLEAR = 3.0  # bits by which the best must lead before it is suggested


@dataclass(frozen=True)
class Ranked:
    """`lead` is by how many bits the pair is ahead of the next one that either side is in (negative
    where another is ahead); `suggested` where it is likely and clearly the best for both.
    """

    pair: Pair
    lead: float
    sure: float = SURE

    @property
    def suggested(self) -> bool:
        return self.pair.weight >= self.sure and self.lead >= CLEAR


def rank(pairs: Iterable[Pair], *, one_list: bool = False) -> list[Ranked]:
    """In the order they came. Between two lists an entry has one partner; in one list a person may
    stand three times, so there a rival does not count.
    """
    pairs = list(pairs)
    if one_list:
        return [Ranked(pair, pair.weight - LEAST, SURE_IN_ONE) for pair in pairs]
    best: dict[tuple[int, int], list[float]] = {}
    for pair in pairs:
        for end in _ends(pair):
            best.setdefault(end, []).append(pair.weight)
    for weights in best.values():
        weights.sort(reverse=True)
    return [Ranked(pair, _lead(pair, best)) for pair in pairs]


def _ends(pair):
    return [(0, pair.left), (1, pair.right)]


def _lead(pair, best):
    """Nobody in sight is taken for somebody just out of it."""
    leads = []
    for end in _ends(pair):
        first, *others = best[end]
        rival = first if first > pair.weight else max(others, default=LEAST)
        leads.append(pair.weight - rival)
    return round(min(leads), 2)
