"""Which column is what: by its title, by what stands in it, and each target once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..queries.catalogue import search_elements
from . import headers, targets, values
from .cells import Line

SAMPLES = 3
ENOUGH = 0.6  # of the filled cells
CONTENT = (
    ("person.identity", re.compile(r"[1-9]\d{16}[\dXx]")),
    ("person.phone", re.compile(r"1[3-9]\d{9}")),
    ("person.sex", re.compile(r"男|女|男性|女性")),
    ("person.ethnic", re.compile(r"[一-鿿]{1,5}族|汉")),
    ("row.relation", re.compile(r"户主|本人|配偶|妻|夫|[长次]?[子女]|儿子|女儿|父亲?|母亲?")),
)


@dataclass(frozen=True)
class Column:
    """A column of the file: its title, the target it was taken for ("" kept aside), and why."""

    number: int
    title: str
    target: str
    by: str  # "title", "alike", "content", "remembered", "" by nothing
    samples: tuple[str, ...]


def columns(
    header: headers.Header, rows: Sequence[Line], remembered: Sequence[str] | None = None
) -> list[Column]:
    """A guess for every column; `rows` are some of those below the header."""
    width = max([len(header.titles), *(len(row.cells) for row in rows)])
    cells = [[row.cells[n] for row in rows if n < len(row.cells) and row.cells[n]]
             for n in range(width)]  # fmt: skip
    titles = [*header.titles, *[""] * (width - len(header.titles))]
    guessed: list[tuple[str, str]] = [("", "")] * width
    if remembered and len(remembered) == width:
        guessed = [(code, "remembered" if code else "") for code in remembered]
    else:
        _by_title(titles, header.known, cells, guessed)
        _by_content(titles, cells, guessed)
    return [
        Column(n, titles[n], *guessed[n], tuple(cells[n][:SAMPLES]))
        for n in range(width)
    ]  # fmt: skip


def _by_title(titles, known, cells, guessed):
    """Where several columns are called so: the one with anything in it, then the better name."""
    taken: set[str] = set()
    named = [n for n, code in enumerate(known) if code]
    for n in sorted(named, key=lambda n: (not cells[n], targets.rank(titles[n]), n)):
        if known[n] not in taken:
            guessed[n] = known[n], "title"
            taken.add(known[n])
    for n, title in enumerate(titles):
        if title and not guessed[n][0] and not (n < len(known) and known[n]):
            code = "" if title in targets.SERIAL else _alike(title)
            if code and code not in taken:
                guessed[n] = code, "alike"
                taken.add(code)


def _alike(title):
    """An element whose name ends the title: 本人联系电话."""
    if len(title) < 3:
        return ""
    found = search_elements(headers.REMARK.sub("", title), limit=1)
    for entry in found:
        names = (str(entry.element.title), *entry.synonyms)
        if entry.code not in targets.NOT_BY_FILE and any(
            len(name) > 2 and title.endswith(name) for name in names
        ):
            return entry.code
    return ""


def _by_content(titles, cells, guessed):
    """Of columns without a title that says anything: by what most of their cells look like."""
    taken = Counter(code for code, _by in guessed)
    for code, pattern in CONTENT:
        if taken[code]:
            continue
        shares = [(_share(cells[n], pattern), n) for n in range(len(titles)) if not guessed[n][0]]
        share, n = max(shares, default=(0, 0), key=lambda each: (each[0], -each[1]))
        if share >= ENOUGH:
            guessed[n] = code, "content"


def _share(cells, pattern):
    texts = [values.tidy(cell) for cell in cells]
    return sum(bool(pattern.fullmatch(text)) for text in texts) / len(texts) if texts else 0
