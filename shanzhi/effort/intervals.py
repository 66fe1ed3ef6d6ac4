"""The share of time in a sample of half-days, and how sure one can be of it.

Strata are communities, weighted by their workers; the unit drawn is the half-day, not its part,
since the parts of one morning resemble each other. The interval is Wilson's with the effective
number of half-days: it stays between 0 and 1 and does not shrink to nothing at either end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from .kinds import PARTS, Share

Z = 1.959964  # 95 %


@dataclass(frozen=True)
class Stratum:
    """`values` are the shares of each half-day, between 0 and 1."""

    weight: float
    values: Sequence[float]


def estimate(strata: Sequence[Stratum]) -> Share | None:
    """None where nobody answered."""
    strata = [each for each in strata if each.values and each.weight > 0]
    if not strata:
        return None
    whole = sum(each.weight for each in strata)
    share = sum(each.weight / whole * _mean(each.values) for each in strata)
    shared = _pooled(strata, share)
    variance = size = 0.0
    for each in strata:
        part, many = (each.weight / whole) ** 2, len(each.values)
        variance += part * (_variance(each.values) if many > 1 else shared) / many
        size += part / many
    return _wilson(share, _effective(share, variance, 1 / size), _t(strata))


def _mean(values):
    return sum(values) / len(values)


def _variance(values):
    mean = _mean(values)
    return sum((each - mean) ** 2 for each in values) / (len(values) - 1)


def _pooled(strata, share):
    """For strata of one half-day: the variance within the others, or the largest there can be."""
    many = sum(len(each.values) - 1 for each in strata)
    if not many:
        return share * (1 - share)
    within = sum(
        _variance(each.values) * (len(each.values) - 1) for each in strata if len(each.values) > 1
    )
    return within / many


def _effective(share, variance, size):
    """How many independent yes-or-no answers would tell as much; `size` where all are alike."""
    if variance <= 0:
        return size
    return min(share * (1 - share) / variance, PARTS * size)


def _t(strata):
    """Student's quantile, by its first terms: few half-days make the interval wider."""
    free = max(1, sum(len(each.values) - 1 for each in strata))
    return Z + (Z**3 + Z) / (4 * free) + (5 * Z**5 + 16 * Z**3 + 3 * Z) / (96 * free**2)


def _wilson(share, size, z):
    size = max(size, 1e-9)
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    reach = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return Share(share, max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach)))


def quantile(values: Sequence[float], at: float) -> float:
    """Between the two nearest.

    >>> quantile([1.0, 2.0, 4.0], 0.75)
    3.0
    """
    ordered = sorted(values)
    place = at * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
