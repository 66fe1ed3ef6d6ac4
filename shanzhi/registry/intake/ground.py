"""Where a row may belong: the divisions and estates of a range, by code and by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places

from ..queries.catalogue import plain

COMMITTEE = re.compile(r"(?:居民委员会|居委会|村民委员会|村委会|居委|村委)$")
SHORT = re.compile(r"(?:社区|村)$")
GRID_NUMBER = re.compile(r"(?:第)?([一二三四五六七八九十\d]+)(?:号)?(?:网格)?$")


@dataclass(frozen=True)
class Ground:
    """`range` is where the batch may write; names are of communities inside it."""

    range: str
    city: str
    codes: frozenset[str]
    communities: Mapping[str, tuple[str, ...]]  # name in one spelling → codes
    grids: Mapping[tuple[str, str], str]  # (community, name) → code
    divisions: Mapping[str, tuple[str, ...]]  # of the whole city, of every level
    estates: Mapping[str, tuple[tuple[str, int, str], ...]]  # community → (name, id, grid)
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def usual(self) -> str:
        """The place of a row that names none: where the batch is of one community."""
        return self.range if len(self.range) >= 12 else ""


def place(ground: Ground, text: str) -> str:
    """A community or grid of the range, by code or name; Refused says why not."""
    if text.isdigit() and text.isascii() and len(text) in (9, 12, 15):
        if text not in ground.codes or len(text) < 12:
            raise Refused(_("There is no community or grid with this code."))
        if not places.holds(ground.range, text) and not places.holds(text, ground.range):
            raise Refused(_("This place lies outside the range of your post."))
        return text if places.holds(ground.range, text) else ground.range
    found = _named(ground, text)
    if len(found) > 1:
        raise Refused(_("Several communities are called so; write the code of 12 digits."))
    if not found:
        raise Refused(_("There is no community or grid of this name in the range of your post."))
    return found[0]


def _named(ground, text):
    """天安社区, 天安社区居委会, 天安, 三井街道天安社区: the name, and what stands before it."""
    word = COMMITTEE.sub("", plain(text))
    for name in (word, f"{SHORT.sub('', word)}社区", f"{SHORT.sub('', word)}村"):
        if name in ground.communities:
            return ground.communities[name]
    ends = [codes for name, codes in ground.communities.items() if len(name) > 2 and name in word]
    return max(ends, key=len, default=()) if len(ends) == 1 else ()


def grid(ground: Ground, community: str, text: str) -> str:
    """A grid of a community by code, name or number; "" where the community has none so called."""
    if text in ground.codes and text.startswith(community[:12]):
        return text
    word = plain(text)
    if found := ground.grids.get((community[:12], word)):
        return found
    number = GRID_NUMBER.search(word)
    return ground.grids.get((community[:12], f"#{_whole(number[1])}"), "") if number else ""


def _whole(text):
    digits = "一二三四五六七八九十"
    return str(digits.index(text) + 1) if text in digits else text.lstrip("0")


def division(ground: Ground, text: str) -> str:
    """Any division of the city or a bare code; "" where the text names none."""
    if places.is_code(text):
        return text
    found = ground.divisions.get(plain(text), ())
    return found[0] if len(found) == 1 else ""


def estate(ground: Ground, community: str, text: str) -> tuple[str, int, str] | None:
    """The estate that is called so in the community; the longest name first."""
    word = plain(text)
    return next((each for each in ground.estates.get(community[:12], ()) if each[0] == word), None)


def estate_in(ground: Ground, community: str, text: str) -> tuple[str, int, str] | None:
    """The estate whose name lies in a written address."""
    word = plain(text)
    return next((each for each in ground.estates.get(community[:12], ()) if each[0] in word), None)
