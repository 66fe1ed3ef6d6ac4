"""What a community's desk shows of the gate: what may not be asked, to return in one press."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate

from shanzhi.burden import memory
from shanzhi.burden.models import Demand
from shanzhi.journal.labels import label
from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from . import warming
from .models import Application, Return
from .rules.applications import COMMUNITY, UNITS

DAYS, MOST = 90, 3


@dataclass(frozen=True)
class Ended:
    """What departments asked for, or wanted to, and may not."""

    number: str
    title: str
    unit: str
    why: str
    hours: float  # a year in this community, as it was asked


def reminders(actor: Actor, at: datetime) -> dict[str, Any] | None:
    """None where there is nothing, or the post is not a community's."""
    if actor.role in UNITS:
        warming.soon(actor.place)
    if actor.role not in COMMUNITY:
        return None
    today = localdate(at)
    found = memory.remembered(("reminders", actor.place, today), lambda: _ended(actor.place, today))
    return {"rows": found, "ways": Return.Way.choices[:3]} if found else None


def _ended(community: str, today: date) -> list[Ended]:
    """The latest first; what this community has sent back already is left out."""
    since, above = today - timedelta(days=DAYS), places.above(community)
    refused = Application.objects.filter(
        state=Application.State.REFUSED, scope__overlap=above, decided_on__gte=since
    )
    demands = Demand.objects.filter(scope__overlap=above, state_since__gte=since).exclude(
        state=Demand.State.IN_FORCE
    )
    returned = set(Return.objects.filter(community=community).values_list("about", flat=True))
    rows = [(each.decided_on, each) for each in refused.order_by("-decided_on")[: 2 * MOST]]
    rows += [(each.state_since, each) for each in demands.order_by("-state_since")[: 2 * MOST]]
    left = [each for _day, each in sorted(rows, key=lambda row: row[0], reverse=True)
            if label(each) not in returned]  # fmt: skip
    return [_line(each) for each in left[:MOST]]


def _line(row):
    return Ended(
        row.number, row.title, unit_name(row.place, row.department_id),
        str(row.get_state_display()), row.times * row.minutes * row.staff / 60,
    )  # fmt: skip
