"""Where the titles of a table are: under its caption, in one row or in two."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..queries.catalogue import plain
from . import targets
from .cells import Line

LOOKED_AT = 30  # rows
LONG_NUMBER = re.compile(r"\d{6,}")
REMARK = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]|[*＊:：\s]+")


@dataclass(frozen=True)
class Header:
    """`first` and `height` count rows of the sheet's head that are not empty; height 0: none."""

    first: int
    height: int
    titles: tuple[str, ...]
    known: tuple[str, ...]  # the target each title names, or ""

    @property
    def fingerprint(self) -> bytes:
        text = "\n".join(plain(title) for title in self.titles)
        return hashlib.sha256(text.encode()).digest()


def find(lines: Sequence[Line]) -> Header:
    """The one or two rows that name most targets; none where no row names two."""
    best = Header(0, 0, (), ())
    for first in range(min(len(lines), LOOKED_AT)):
        for height in (1, 2):
            header = read(lines, first, height)
            if header and _score(header) > _score(best):
                best = header
    if _score(best)[0] < 2:
        width = max((len(line.cells) for line in lines), default=0)
        return Header(0, 0, ("",) * width, ("",) * width)
    return best


def read(lines: Sequence[Line], first: int, height: int) -> Header | None:
    """The header in these rows; None where they cannot be one."""
    rows = [line.cells for line in lines[first : first + height]]
    if len(rows) < height or any(_is_data(row) for row in rows):
        return None
    if height == 1:
        titles = [tidy(cell) for cell in rows[0]]
        return Header(first, 1, tuple(titles), tuple(known(title) for title in titles))
    return _of_two(first, *rows)


def _of_two(first, upper, lower):
    """Groups above, titles below; a title merged over both rows stands in each of them."""
    width = max(len(upper), len(lower))
    upper, lower = (row + [""] * (width - len(row)) for row in (upper, lower))
    if not any(below and below != above for above, below in zip(upper, lower, strict=True)):
        return None
    titles, names, group = [], [], ""
    for above, below in zip(upper, lower, strict=True):
        above, below = tidy(above), tidy(below)
        group = above or (group if below else "")
        joined = group + below if below and below != group else below or above
        names.append(known(joined) or known(below) or ("" if below else known(above)))
        titles.append(joined)
    return Header(first, 2, tuple(titles), tuple(names))


def tidy(cell: str) -> str:
    return " ".join(cell.split())[:60]


def known(title: str) -> str:
    """By its whole name, else without what stands in brackets: 联系电话（手机）."""
    return targets.named(title) or targets.named(REMARK.sub("", title))


def _score(header):
    """Each target counts once; of two that are equal, the simpler one."""
    return len({code for code in header.known if code}), -header.height


def _is_data(row):
    return any(LONG_NUMBER.search(cell) for cell in row) and sum(map(bool, row)) > 1
