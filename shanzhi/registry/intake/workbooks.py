"""Workbooks (.xlsx): first whether they may be opened at all, then their rows as text.

calamine keeps a sheet in memory, about twice the size of its unpacked file, so that size is
measured, not believed, before it opens anything.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import python_calamine as calamine
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused

UNPACKED_MB = 200
MOST_PARTS = 2000
BLOCK = 1 << 20
UNCALCULATED = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
LONGEST_FORMULA = 9000  # bytes that are kept between two blocks
EXACT = 10**15  # from here on a spreadsheet's number is rounded


def check(path: Path) -> list[str]:
    """The names of its sheets; Refused if it is damaged, a bomb, or no workbook."""
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            parts = archive.infolist()
            _check_parts(parts)
            unpacked = sum(_measured(file, part) for part in parts)
        if unpacked > UNPACKED_MB * 1_000_000:
            _too_large()
        return _opened(path).sheet_names
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError):
        raise Refused(
            _("This workbook is damaged. Open it in Excel or WPS, save it anew, and send that."),
            field="file",
        ) from None


def _check_parts(parts):
    names = {part.filename for part in parts}
    if not any(name.lower().startswith("xl/") for name in names):
        raise Refused(_("This is an archive, not a workbook. Send .xlsx or .csv."), field="file")
    if len(parts) > MOST_PARTS:
        _too_large()
    if sum(part.file_size for part in parts) > UNPACKED_MB * 1_000_000:
        _too_large()


def _too_large():
    raise Refused(
        _(
            "Unpacked, this workbook has more than %(megabytes)s MB. Take out pictures and other "
            "sheets, or save it as “CSV UTF-8” and send that."
        )
        % {"megabytes": UNPACKED_MB},
        field="file",
    )


def _measured(file, part):
    """Bytes it has when unpacked; what the archive says of itself may be a lie."""
    file.seek(part.header_offset + 26)
    name, extra = struct.unpack("<HH", file.read(4))
    file.seek(name + extra, 1)
    if part.compress_type == zipfile.ZIP_STORED:
        return part.compress_size
    if part.compress_type != zipfile.ZIP_DEFLATED or part.flag_bits & 1:
        raise zipfile.BadZipFile
    sheet = part.filename.startswith("xl/worksheets/")
    return _inflated(file, part.compress_size, part.file_size, sheet)


def _inflated(file, packed, said, sheet):
    unpacker, total, before = zlib.decompressobj(-15), 0, b""
    while packed > 0 and (block := file.read(min(BLOCK >> 4, packed))):
        packed -= len(block)
        while block:
            plain = unpacker.decompress(block, BLOCK)
            block = unpacker.unconsumed_tail
            total += len(plain)
            if total > said:
                raise zipfile.BadZipFile
            if sheet:
                before = _refuse_uncalculated(before + plain)
    return total


def _refuse_uncalculated(text):
    if UNCALCULATED.search(text):
        raise Refused(
            _(
                "There are formulas in this workbook whose results are not saved. Open it in "
                "Excel or WPS, save it, and send it again."
            ),
            field="file",
        )
    return text[-LONGEST_FORMULA:]


def _opened(path):
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError:
        raise Refused(
            _("This workbook has a password. Save it without one, and send that."), field="file"
        ) from None
    except calamine.CalamineError:
        raise zipfile.BadZipFile from None


def rows(path: Path, sheets: set[int] | None) -> Iterator[tuple[int, int, list[str]]]:
    workbook = _opened(path)
    for number in range(len(workbook.sheet_names)):
        if sheets is None or number in sheets:
            yield from _of_sheet(workbook.get_sheet_by_index(number), number)


def _of_sheet(sheet, number):
    merged = _merged(sheet)
    for row, cells in enumerate(sheet.iter_rows()):
        texts = [as_text(cell) for cell in cells]
        for column, value in merged.get(row, ()):
            texts += [""] * (column + 1 - len(texts))
            texts[column] = value
        yield number, row + 1, texts


def _merged(sheet):
    """Of merged areas of several rows: by row, the columns and the value they hold."""
    areas = [area for area in (sheet.merged_cell_ranges or ()) if area[1][0] > area[0][0]]
    if not areas:
        return {}
    tops = {top for (top, _left), _end in areas}
    begins = {row: cells for row, cells in enumerate(sheet.iter_rows()) if row in tops}
    filled: dict[int, list[tuple[int, str]]] = {}
    for (top, left), (bottom, _right) in areas:
        cells = begins.get(top, [])
        value = as_text(cells[left]) if left < len(cells) else ""
        for row in range(top + 1, bottom + 1):
            filled.setdefault(row, []).append((left, value))
    return filled


def as_text(cell: object) -> str:
    """As it would stand in a CSV: dates in ISO form, whole numbers without a point."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if cell.is_integer():
            return str(int(cell)) if abs(cell) < EXACT else f"{cell:.14E}"
        return repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return cell.isoformat() if not isinstance(cell, timedelta) else str(cell)
    return "" if cell is None else str(cell)
