"""Nothing is shown of fewer than five people, nor can it be worked out from what is shown.

Divisions below a place are put together with the next in the order of their codes until each block
has five. Only a block of one division is opened further. So whatever is shown, at whatever level,
is made of blocks of at least five, and so is every difference between two of them.
"""

from collections.abc import Mapping, Sequence

from shanzhi.kernel import places

from .kinds import LEAST

Block = tuple[str, ...]


def blocks(place: str, people: Mapping[str, int]) -> list[Block]:
    """The divisions right below `place` that have anybody, in blocks; `people` by community."""
    deep = next((length for length in places.LENGTHS if length > len(place)), len(place))
    below: dict[str, int] = {}
    for code in sorted(people):
        if people[code] and places.holds(place, code):
            below[code[:deep]] = below.get(code[:deep], 0) + people[code]
    return _put_together(list(below.items()))


def _put_together(rows: Sequence[tuple[str, int]]) -> list[Block]:
    found: list[Block] = []
    waiting, many = (), 0
    for code, number in rows:
        waiting, many = (*waiting, code), many + number
        if many >= LEAST:
            found.append(waiting)
            waiting, many = (), 0
    if waiting and found:
        found[-1] += waiting
    return found


def shown(place: str, people: Mapping[str, int], top: str) -> Block:
    """The block in which `place` may be shown: itself, or with neighbours; () where not at all."""
    if not (found := _enough(top, people)):
        return ()
    while found == (found[0],) and found[0] != place:
        found = next((each for each in blocks(found[0], people) if _holds(each, place)), ())
        if not found:
            return ()
    return found


def _enough(top, people):
    return (top,) if sum(people.values()) >= LEAST else ()


def _holds(block, place):
    return any(places.holds(code, place) for code in block)


def whole(unit: Block, place: str, people: Mapping[str, int]) -> bool:
    """Is `unit`, some of the divisions right below `place`, made of whole blocks of `people`?"""
    wanted = set(unit)
    touched = [set(each) for each in blocks(place, people) if wanted & set(each)]
    return bool(touched) and all(each <= wanted for each in touched)
