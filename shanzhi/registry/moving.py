"""Homes of a batch, and known persons who move there: many at once, inside the commands that open
and undo a batch. They write the journal.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.timezone import localdate

from . import copying
from .copying import Lines
from .intake.homes import Home
from .intake.rows import LIVING
from .models import Batch, Difference, Dwelling, Person, Presence
from .queries.imports_moves import HOME, Stay, stays

State = Difference.State
DWELLING = ("id", "place", "estate_id", "road", "building", "door", "door_hash", "written",
            "holding")  # fmt: skip


def facts(batch: Batch) -> dict[str, Any]:
    """What every row of a batch has alike."""
    today = localdate(batch.stamp)
    return {"source_id": batch.source_id, "collected_on": today, "valid_from": today,
            "recorded_at": batch.stamp, "batch": batch.pk}  # fmt: skip


def homes_of(batch: Batch) -> Lines:
    return Lines(Dwelling, DWELLING, facts(batch))


def line(lines: Lines, home: Home) -> str:
    """Of a dwelling, without its key."""
    return lines.without(1, {
        "place": home.place, "estate_id": home.estate, "road": home.road,
        "building": home.building, "door": home.door, "door_hash": home.key,
        "written": home.written or None, "holding": home.holding,
    })  # fmt: skip


def dwellings(batch: Batch, homes: Iterable[Home]) -> dict[bytes, int]:
    """Door → dwelling, made where there is none."""
    lines = homes_of(batch)
    return made(lines, {home.key: line(lines, home) for home in homes})


def made(lines: Lines, wanted: Mapping[bytes, str]) -> dict[bytes, int]:
    """The same by door → line."""
    known = _doors(list(wanted))
    missing = [key for key in wanted if key not in known]
    for pk, key in zip(copying.ids(Dwelling, len(missing)), missing, strict=True):
        known[key] = pk
        lines.add_rest(pk, rest=wanted[key])
    lines.copy()
    return known


def _doors(hashes):
    if not hashes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT door_hash, id FROM registry_dwelling WHERE door_hash = ANY(%s::bytea[])",
            [copying.byteas(hashes)],
        )
        return {bytes(door): pk for door, pk in cursor.fetchall()}


# --- there ----------------------------------------------------------------------------------------


def take(batch: Batch, differences: Sequence[Difference], *, at: datetime) -> None:
    """The old stay ends on the day the new one begins; a home nobody knew is filled in. Whose stay
    is another one by now is left and marked.
    """
    if not differences:
        return
    now = stays(_locked(differences))
    still = {each.pk: each for each in differences if _as_told(each, now.get(each.person_id))}
    doors = dwellings(batch, [Home.of(each.told["home"]) for each in still.values()])
    moved: list[tuple[Difference, int, date]] = []
    filled: list[tuple[int, int | None, str]] = []
    for each in differences:
        each.settled_at, each.state = at, State.STALE
        if each.pk in still:
            stay = now.get(each.person_id)
            _take_one(each, stay, doors, localdate(at), moved, filled)
    _fill(filled)
    _move(moved)
    Difference.objects.bulk_update(differences, ["state", "taken", "before", "settled_at"])


def _locked(differences):
    persons = sorted({each.person_id for each in differences})
    rows = Person.objects.filter(pk__in=persons).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    return persons


def _as_told(difference, stay):
    told = (difference.told["presence"], difference.told["dwelling"])
    return told == ((stay.id, stay.dwelling) if stay else (None, None))


def _take_one(difference, stay, doors, today, moved, filled):
    home = Home.of(difference.told["home"])
    dwelling, since = doors[home.key], difference.told["since"]
    difference.state, difference.taken = State.TAKEN, [HOME]
    if stay and stay.dwelling is None:
        difference.before = {"filled": stay.id, "place": stay.place, "dwelling": dwelling}
        filled.append((stay.id, dwelling, home.place))
        return
    day = date.fromisoformat(since) if since else today
    difference.before = {"ended": stay.id if stay else None, "dwelling": dwelling}
    moved.append((difference, dwelling, max(day, stay.since) if stay else day))


FILL = """
UPDATE registry_presence AS here SET dwelling_id = told.dwelling, place = told.place
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS told (id, dwelling, place)
WHERE here.id = told.id
"""
END = """
UPDATE registry_presence AS here SET until = told.day
FROM unnest(%s::bigint[], %s::date[]) AS told (id, day) WHERE here.id = told.id
"""
ENTER = f"""
INSERT INTO registry_presence (person_id, kind, place, dwelling_id, name, birth, sex, since)
SELECT person.id, {LIVING}, told.place, told.dwelling, person.name, person.birth, person.sex,
    told.day
FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::date[]) AS told (id, place, dwelling, day)
JOIN registry_person AS person ON person.id = told.id
RETURNING person_id, id
"""


def _fill(filled):
    _run(FILL, filled, 3)


def _move(moved):
    ended = [(each.before["ended"], day) for each, _home, day in moved if each.before["ended"]]
    _run(END, ended, 2)
    rows = [(each.person_id, Home.of(each.told["home"]).place, dwelling, day)
            for each, dwelling, day in moved]  # fmt: skip
    entered = dict(_run(ENTER, rows, 4, answers=True))
    for each, _home, _day in moved:
        each.before["entered"] = entered[each.person_id]


def _run(sql, rows, width, *, answers=False):
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)][:width])
        return cursor.fetchall() if answers else []


# --- and back -------------------------------------------------------------------------------------


def put_back(differences: Sequence[Difference], *, at: datetime) -> None:
    """As it was before, to the row; who has moved again since stays and is marked."""
    now = stays(_locked(differences))
    gone, reopened, emptied = [], [], []
    for each in differences:
        each.settled_at, each.state = at, State.STALE
        if not _unmoved(each.before, now.get(each.person_id)):
            continue
        each.state = State.UNDONE
        if "filled" in each.before:
            emptied.append((each.before["filled"], None, each.before["place"]))
            continue
        gone.append(each.before["entered"])
        if each.before["ended"]:
            reopened.append((each.before["ended"], None))
    Presence.objects.filter(pk__in=gone).delete()
    _run(END, reopened, 2)
    _fill(emptied)
    Difference.objects.bulk_update(differences, ["state", "settled_at"])


def _unmoved(before: Mapping[str, Any], stay: Stay | None) -> bool:
    entered = before.get("filled", before.get("entered"))
    return stay is not None and (stay.id, stay.dwelling) == (entered, before["dwelling"])
