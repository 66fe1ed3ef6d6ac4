from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import edition, loading, memory, rules
from .merging import Counts, _check, _merge, _stage


@transaction.atomic
def load_divisions(
    *,
    path: Path | str | None = None,
    rows: Iterable[dict] | None = None,
    by: Actor,
    at: datetime,
    valid_from: date,
    end_missing: bool = False,
    progress: loading.Progress | None = None,
) -> Counts:
    """Take over a list of divisions: new ones begin, renamed ones get a version, all by one date.

    What the list no longer has is counted, and ended only with `end_missing`. A row that is wrong
    stops everything, and nothing is changed. The same list again changes nothing.
    """
    edition.take_list()
    rules.check_may_change_divisions(by)
    rules.check_date(valid_from, at=at)
    source, total, title = _source(path, rows)
    with loading.spool(source, total, progress) as staged:
        edition.take()
        count = _stage(staged)
    _check(valid_from)

    counts = _merge(on=valid_from, rows=count, end_missing=end_missing)
    rules.check_may_change_divisions(by, counts.within)
    memory.forget()

    record(
        "places.loaded", about=f"places.Division:{counts.within}", by=by, at=at,
        place=counts.within, list=title, on=str(valid_from), rows=counts.rows, added=counts.added,
        renamed=counts.renamed, corrected=counts.corrected, ended=counts.ended,
        missing=len(counts.missing),
    )  # fmt: skip
    return counts


def _source(path, rows):
    if path is not None:
        path = Path(path)
        return loading.read(path), loading.count(path), path.name
    rows = list(rows or [])
    return loading.from_rows(rows), len(rows), ""
