"""The merge map drawn: what closes at the left, what it goes into at the right, lines between.

Only numbers; the template writes them into attributes of SVG, so that no style is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ROW, GAP, TOP = 30, 14, 8  # of a box at the left, between two groups, above the first
LEFT, BOX, RIGHT, WIDE = 0, 300, 520, 380
TALL = 24  # of a box
LONGEST = 19  # characters that fit into a box


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    key: int
    tall: int = TALL

    @property
    def text_y(self) -> int:
        return self.y + self.tall // 2 + 5


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: Sequence[Box]  # what goes away
    heirs: Sequence[Box]
    lines: Sequence[str]  # the `d` of a path each


def draw(groups: Mapping[int, Sequence[int]]) -> Drawing:
    """`groups`: of each heir, the systems that go into it.

    >>> draw({7: [1, 2]}).lines
    ('M300 20 C410 20 410 35 520 35', 'M300 50 C410 50 410 35 520 35')
    """
    boxes, heirs, lines = [], [], []
    y = TOP
    for heir, members in groups.items():
        first = y
        for member in members:
            boxes.append(Box(LEFT, y, BOX, member))
            y += ROW
        middle = (first + y - ROW + TALL) // 2
        heirs.append(Box(RIGHT, middle - TALL // 2, WIDE, heir))
        for box in boxes[-len(members) :]:
            lines.append(_curve(box.y + TALL // 2, middle))
        y += GAP
    return Drawing(RIGHT + WIDE, y, tuple(boxes), tuple(heirs), tuple(lines))


def _curve(start, end):
    middle = (BOX + RIGHT) // 2
    return f"M{BOX} {start} C{middle} {start} {middle} {end} {RIGHT} {end}"


def short(text: str) -> str:
    """
    >>> short("城乡社区综合管理和服务信息化平台一体化版本")
    '城乡社区综合管理和服务信息化平台一体…'
    """
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
