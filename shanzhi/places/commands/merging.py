"""A staged list against the divisions there are, by sets: the steps of `load_divisions`."""

from dataclasses import dataclass
from datetime import date
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places

STAGE = """
CREATE TEMPORARY TABLE places_staged (
    seq integer, line integer, file text, code text COLLATE "C", name text, short_name text,
    level text, parent text COLLATE "C"
) ON COMMIT DROP
"""
TWICE = """
SELECT file, line, code FROM places_staged
WHERE code IN (SELECT code FROM places_staged GROUP BY code HAVING count(*) > 1)
ORDER BY seq OFFSET 1 LIMIT 1
"""
ORPHAN = """
SELECT file, line, code, parent FROM places_staged AS s
WHERE parent <> '' AND NOT EXISTS (SELECT FROM places_staged AS p WHERE p.code = s.parent)
    AND NOT EXISTS (
        SELECT FROM places_division AS p WHERE p.code = s.parent AND p.valid_to IS NULL)
ORDER BY seq LIMIT 1
"""
# A municipality's districts hang under a city called 市辖区, some counties under one called 县.
ONLY_ON_PAPER = """
UPDATE places_staged AS s SET short_name = p.short_name FROM places_staged AS p
WHERE p.code = s.parent AND s.level = 'city'
    AND s.name IN ('市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划')
"""
CLASHES = """
UPDATE places_staged SET short_name = name
WHERE level = 'community' AND short_name <> name AND (parent, short_name) IN (
    SELECT parent, short_name FROM places_staged WHERE level = 'community'
    GROUP BY parent, short_name HAVING count(*) > 1)
"""
TOO_OLD = """
SELECT file, line, code, greatest(d.valid_from, d.valid_to) FROM places_staged AS s
JOIN places_division AS d USING (code)
WHERE d.valid_to IS NULL AND d.valid_from > %(on)s AND d.name <> s.name
    OR d.valid_to > %(on)s AND NOT EXISTS (
        SELECT FROM places_division AS c WHERE c.code = s.code AND c.valid_to IS NULL)
ORDER BY seq LIMIT 1
"""
CORRECT = """
UPDATE places_division AS d SET name = s.name, short_name = s.short_name FROM places_staged AS s
WHERE d.code = s.code AND d.valid_to IS NULL AND d.name <> s.name AND d.valid_from = %(on)s
"""
END_RENAMED = """
UPDATE places_division AS d SET valid_to = %(on)s FROM places_staged AS s
WHERE d.code = s.code AND d.valid_to IS NULL AND d.name <> s.name
"""
ADD = """
INSERT INTO places_division (code, name, short_name, level, parent, kind, valid_from)
SELECT s.code, s.name, s.short_name, s.level, s.parent, coalesce(old.kind, ''), %(on)s
FROM places_staged AS s
LEFT JOIN places_division AS now ON now.code = s.code AND now.valid_to IS NULL
LEFT JOIN places_division AS old ON old.code = s.code AND old.valid_to = %(on)s
WHERE now.code IS NULL ORDER BY s.code
"""
REACH = """
SELECT min(code), max(code), max(length(code)) FROM places_staged
WHERE length(code) = (SELECT max(length(code)) FROM places_staged)
"""
MISSING = """
SELECT code, valid_from FROM places_division AS d
WHERE valid_to IS NULL AND code >= %(start)s AND code < %(end)s AND length(code) <= %(depth)s
    AND NOT EXISTS (SELECT FROM places_staged AS s WHERE s.code = d.code)
ORDER BY code
"""
END_MISSING = """
UPDATE places_division SET valid_to = %(on)s
WHERE valid_to IS NULL AND code >= %(start)s AND code < %(end)s
    AND (code = ANY(%(missing)s) OR level = 'grid' AND parent = ANY(%(missing)s))
"""


INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i
WHERE i.indrelid = 'places_division'::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
"""
A_COUNTRY = 100_000  # rows


@dataclass(frozen=True)
class Counts:
    """What a list brought. `missing` are divisions in `within` that the list no longer has."""

    rows: int
    added: int
    renamed: int
    corrected: int  # renamed again with the date the present name already has
    unchanged: int
    ended: int
    within: str
    missing: tuple[str, ...]


def _stage(staged: IO[bytes]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.places_staged")
        cursor.execute(STAGE)
        with cursor.copy("COPY places_staged FROM STDIN") as copy:
            while chunk := staged.read(1 << 20):
                copy.write(chunk)
        cursor.execute("ANALYZE places_staged")
        cursor.execute("SELECT count(*) FROM places_staged")
        return cursor.fetchone()[0]


def _check(on: date) -> None:
    """What only shows between the rows, or against what there is."""
    _refuse(TWICE, on, _("%(file)s, line %(line)s: the code %(code)s is in the list twice."))
    _refuse(ORPHAN, on, _("%(file)s, line %(line)s: %(code)s lies in %(also)s, which is unknown."))
    _refuse(
        TOO_OLD,
        on,
        _("%(file)s, line %(line)s: %(code)s last changed on %(also)s, later than this list."),
    )


def _refuse(sql, on, sentence):
    found = _rows(sql, on=on)
    if found:
        file, line, code, *also = found[0]
        values = {"file": file, "line": line, "code": code, "also": also[0] if also else ""}
        raise Refused(sentence % values)


def _merge(*, on: date, rows: int, end_missing: bool) -> Counts:
    _change(ONLY_ON_PAPER, on=on)
    _change(CLASHES, on=on)
    corrected = _change(CORRECT, on=on)
    renamed = _change(END_RENAMED, on=on)
    added = _add(on, rows) - renamed
    within, missing, ended = _missing(on, end_missing)
    _change("ANALYZE places_division")
    return Counts(
        rows=rows,
        added=added,
        renamed=renamed,
        corrected=corrected,
        unchanged=rows - added - renamed - corrected,
        ended=ended,
        within=within,
        missing=missing,
    )


def _add(on, rows):
    """Into an empty table a country goes in without indexes, which are made afterwards: half the
    time. Nobody reads the table meanwhile; there is nothing in it.
    """
    if rows < A_COUNTRY or _rows("SELECT FROM places_division LIMIT 1"):
        return _change(ADD, on=on)
    indexes = _rows(INDEXES)
    for name, _definition in indexes:
        _change(f"DROP INDEX {name}")
    added = _change(ADD, on=on)
    _change("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, definition in indexes:
        _change(definition)
    return added


def _missing(on, end):
    low, high, depth = _rows(REACH)[0]
    within = next((code for code in reversed(places.above(low)) if places.holds(code, high)), "")
    start, stop = places.span(within)
    found = _rows(MISSING, start=start, end=stop, depth=depth)
    missing = [code for code, _began in found]
    if not end or not missing:
        return within, tuple(missing), 0
    young = [code for code, began in found if began >= on]
    if young:
        raise Refused(
            _("%(code)s is not in the list, but began only on or after its date; check the date.")
            % {"code": young[0]}
        )
    ended = _change(END_MISSING, on=on, start=start, end=stop, missing=missing)
    return within, tuple(missing), ended


def _rows(sql, **values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.fetchall()


def _change(sql, **values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return cursor.rowcount
