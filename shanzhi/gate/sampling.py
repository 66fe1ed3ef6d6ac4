"""Which communities are heard: drawn by a seed, by strata, so that anybody can draw them again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

SIZES = (1000, 3000)  # households that part small, middle and large communities


@dataclass(frozen=True)
class Community:
    """`households` 0 where nobody has counted them."""

    code: str
    urban: bool
    households: int = 0

    @property
    def stratum(self) -> tuple[bool, int]:
        return self.urban, sum(self.households >= size for size in SIZES)


def urban(code: str) -> bool:
    """By the last three digits of the code: below 200 a 居委会, from 200 on a 村委会, as the
    statistical codes have it.

    >>> urban("320411002018"), urban("320411002201")
    (True, False)
    """
    return int(code[9:12]) < 200


def draw(communities: Sequence[Community], size: int, seed: int) -> list[str]:
    """Codes of the sample, sorted. Each stratum gives its share, by largest remainders."""
    strata: defaultdict[tuple[bool, int], list[Community]] = defaultdict(list)
    for each in communities:
        strata[each.stratum].append(each)
    shares = _shares({key: len(rows) for key, rows in strata.items()}, size)
    drawn = []
    for key, rows in strata.items():
        ranked = sorted(rows, key=lambda each: _rank(seed, each.code))
        drawn += [each.code for each in ranked[: shares[key]]]
    return sorted(drawn)


def _shares(sizes: Mapping[tuple, int], wanted: int) -> dict[tuple, int]:
    total = sum(sizes.values())
    wanted = min(wanted, total)
    exact = {key: wanted * size / total for key, size in sizes.items()}
    shares = {key: int(value) for key, value in exact.items()}
    left = wanted - sum(shares.values())
    for key in sorted(exact, key=lambda key: (shares[key] - exact[key], key))[:left]:
        shares[key] += 1
    return shares


def _rank(seed, code):
    return sha256(f"{seed}:{code}".encode()).digest()
