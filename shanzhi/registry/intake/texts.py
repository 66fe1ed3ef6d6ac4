"""Text tables: UTF-8 with and without its mark, UTF-16 as Excel writes it, GB 18030."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
BLOCK = 1 << 20
SAMPLE = 60  # lines
DELIMITERS = ",\t;|"
LONGEST_CELL = 20_000
LONGEST_LINE = 4_000_000  # of a file without lines, which would be read as a whole
LONGEST_SAMPLE = 100_000


def encoding_of(path: Path) -> str:
    with path.open("rb") as file:
        begins = file.read(4)
    for mark, encoding in MARKS:
        if begins.startswith(mark):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise Refused(_("The file is neither UTF-8 nor GB 18030 text."), field="file")


def _decodes(path, encoding):
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                if b"\0\0\0\0" in block:
                    return False
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def delimiter_of(path: Path, encoding: str) -> str:
    """The sign that divides most lines into the same number of cells, and into most."""
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        sample = [line for _n in range(SAMPLE) if (line := file.readline(LONGEST_SAMPLE))]
    return max(DELIMITERS, key=lambda sign: _fits(sample, sign))


def _fits(sample, sign):
    try:
        widths = [len(row) for row in _reader(sample, sign) if any(row)]
    except csv.Error:  # divided by another sign, a row is one long cell
        return False, 0
    width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
    return times * (width > 1), width


def rows(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding=encoding, newline="", errors="strict")
        reader = _reader(_short_lines(text), delimiter)
        number = 0
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                _refuse(number + 1, str(error))
            except UnicodeDecodeError:
                _refuse(number + 1, encoding)
            number += 1
            yield number, cells


def _short_lines(text):
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise csv.Error(_("the line is too long"))
        yield line


def _refuse(number, why):
    raise Refused(
        _("Line %(number)s cannot be read: %(why)s") % {"number": number, "why": why}, field="file"
    )


def _reader(lines, delimiter):
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(lines, delimiter=delimiter)
