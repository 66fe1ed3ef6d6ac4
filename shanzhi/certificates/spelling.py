"""One spelling of a unit's name, and which two names may be one unit."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from shanzhi.kernel import masking

SIGNS = str.maketrans("()[]", "（）（）") | dict.fromkeys(masking.UNSEEN)
HAN = r"[\u3007\u3400-\u9fff\U00020000-\U0003ffff（）]"
GAP = re.compile(rf"(?<={HAN})\s+|\s+(?={HAN})")
LEGAL = re.compile(r"(股份)?有限(责任)?公司|公司$")
NOISE = re.compile(r"[\W_]+")
TELLING = frozenset("0123456789一二三四五六七八九十东西南北中大小老新上下")  # two units, not one
SHORTEST = 4


def spelled(name: str) -> str:
    """
    >>> spelled(" 示例银行  新北支行(本部) ")
    '示例银行新北支行（本部）'
    >>> spelled("ＡＢＣ Ｂａｎｋ［常州］")
    'ABC Bank（常州）'
    >>> spelled("\\U00020bb7 祥\\u200b银行")
    '𠮷祥银行'
    """
    name = unicodedata.normalize("NFKC", name).translate(SIGNS)
    return re.sub(r"\s+", " ", GAP.sub("", name.strip()))


def core(name: str) -> str:
    """
    >>> core("示例信托（常州）股份有限公司")
    '示例信托常州'
    """
    return LEGAL.sub("", NOISE.sub("", spelled(name).casefold()))


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that differ by signs, the legal form, or one character that tells nothing.

    Names share a key if one character less makes them equal: no name is held against each other.
    """
    names, groups = list(names), defaultdict(set)
    for name in names:
        text = core(name)
        if len(text) >= SHORTEST:
            for key in {text, *(text[:at] + text[at + 1 :] for at in range(len(text)))}:
                groups[key].add(name)
    order = {name: at for at, name in enumerate(names)}
    found = {
        pair
        for group in groups.values() if len(group) > 1
        for pair in combinations(sorted(group, key=order.__getitem__), 2)
        if _near(*map(core, pair))
    }  # fmt: skip
    return sorted(found, key=lambda pair: (order[pair[0]], order[pair[1]]))


def _near(one: str, two: str) -> bool:
    """Equal, or by one character at one place, which is no number and no direction."""
    head = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b),
                min(len(one), len(two)))  # fmt: skip
    rest_one, rest_two = one[head:], two[head:]
    tails = (rest_one[1:] == rest_two[1:], rest_one[1:] == rest_two, rest_one == rest_two[1:])
    return any(tails) and not TELLING & {*rest_one[:1], *rest_two[:1]} if one != two else True
