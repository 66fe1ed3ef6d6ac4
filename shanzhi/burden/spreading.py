"""Who is asked: a demand's scope, codes of divisions, spread over the communities of a city.

`communities` is the sorted list of all community codes; what lies at or below a code is one slice.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from shanzhi.kernel import places


def reduced(codes: Iterable[str]) -> list[str]:
    """Sorted, without what lies inside another of them.

    >>> reduced(["320411002", "320402", "320411"])
    ['320402', '320411']
    """
    kept: list[str] = []
    for code in sorted(set(codes)):
        if not kept or not places.holds(kept[-1], code):
            kept.append(code)
    return kept


def piece(communities: Sequence[str], code: str) -> slice:
    low, high = places.span(code)
    return slice(bisect_left(communities, low), bisect_left(communities, high))


def within(communities: Sequence[str], scope: Iterable[str], place: str) -> int:
    """How many communities in `place` are asked. The codes of `scope` do not overlap.

    >>> within(["320402001001", "320411002018"], ["320411"], "3204")
    1
    """
    return sum(_length(communities, _common(code, place)) for code in scope)


def touch(scope: Iterable[str], other: Iterable[str]) -> bool:
    """Is somebody asked by both?"""
    return any(_common(one, two) is not None for one in scope for two in other)


def _common(one, other):
    if places.holds(one, other):
        return other
    return one if places.holds(other, one) else None


def _length(communities, code):
    if code is None:
        return 0
    found = piece(communities, code)
    return found.stop - found.start


def loads(
    communities: Sequence[str], asked: Iterable[tuple[Iterable[str], int]]
) -> tuple[list[int], list[int]]:
    """Of each community: how many demands ask it, and how many minutes a year they take.

    `asked` are (scope, minutes a year in one community). One pass over the scopes, one over the
    communities, whatever the number of both.
    """
    numbers, minutes = [0] * (len(communities) + 1), [0] * (len(communities) + 1)
    for scope, yearly in asked:
        for code in scope:
            part = piece(communities, code)
            for column, value in ((numbers, 1), (minutes, yearly)):
                column[part.start] += value
                column[part.stop] -= value
    return list(accumulate(numbers))[:-1], list(accumulate(minutes))[:-1]
