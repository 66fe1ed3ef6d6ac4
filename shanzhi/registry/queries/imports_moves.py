"""Where known persons live, beside where a file has them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from ..intake.problems import Found
from ..intake.rows import LIVING, Row

MOVE = "move"  # the section of a difference that is a home, which is no row of the person's own
HOME = "home"
SEEN = "(here.batch IS NULL OR here.batch NOT IN (SELECT batch FROM registry_hidden))"
STAYS = f"""
SELECT here.person_id, here.id, here.community, here.place, here.dwelling_id, here.since,
    home.door_hash
FROM registry_presence AS here
LEFT JOIN registry_dwelling AS home ON home.id = here.dwelling_id
WHERE here.person_id = ANY(%s) AND here.kind = {LIVING}
    AND coalesce(here.until, 'infinity') = 'infinity' AND {SEEN}
"""


@dataclass(frozen=True)
class Stay:
    """The open presence of somebody who lives somewhere; `door` is None where no home is known."""

    id: int
    community: str
    place: str
    dwelling: int | None
    since: date
    door: bytes | None


def stays(persons: list[int]) -> dict[int, Stay]:
    if not persons:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(STAYS, [persons])
        return {
            person: Stay(*rest, bytes(door) if door is not None else None)
            for person, *rest, door in cursor.fetchall()
        }


def told_of(row: Row, stay: Stay | None) -> dict[str, Any] | None:
    """What a row says of the home of a known person, where that is something else; who lives in
    another community is asked for, and a move before the present home began is entered by hand.
    """
    if LIVING not in row.kinds:
        return None
    if stay and stay.community != row.place[:12]:
        row.problems.append(Found("elsewhere", place=stay.community))
        return None
    if row.home is None or (stay and not _differs(row.home, stay)):
        return None
    if stay and stay.door and row.since and row.since < stay.since:
        row.problems.append(Found("movedate"))
        return None
    return {
        "home": row.home.parts(),
        "since": row.since.isoformat() if row.since else None,
        "presence": stay.id if stay else None,
        "dwelling": stay.dwelling if stay else None,
    }


def _differs(home, stay):
    """Words that lead to no door cannot say that a door is another one."""
    if stay.door is None:
        return True
    return home.key != stay.door and bool(home.door or home.building)
