"""Where a source and the registry differ, somebody decides: the community takes what the source
says, or asks the department that owns the value.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import kinds, packing, versions
from ..intake.homes import Home
from ..models import Difference, Person
from ..queries.imports_moves import MOVE, stays
from ..rules import sources as rules
from . import persons, presences
from .dwellings import dwelling_of
from .rights import ask_correction

State = Difference.State


@transaction.atomic
def settle_difference(*, difference: Difference, take: bool, by: Actor, at: datetime) -> Difference:
    """The source was right, and the registry follows or its owner is asked; or the registry was."""
    rows = Difference.objects.select_for_update(of=("self",)).select_related("batch__source")
    difference = rows.get(pk=difference.pk)
    rules.check_settle(by, difference)
    difference.state, difference.settled_at = State.KEPT, at
    if take:
        step = _move if difference.section == MOVE else _take
        step(difference, Person.objects.get(pk=difference.person_id), by, at)
    difference.save(update_fields=["state", "settled_at", "taken", "before"])
    journal.record(
        "registry.difference_settled", about=f"registry.Person:{difference.person_id}", by=by,
        at=at, place=difference.place, taken=difference.taken, state=difference.state,
        source=difference.batch.source.code,
    )  # fmt: skip
    return difference


def _take(difference, person, by, at):
    """As a change by hand, since somebody decided it; what a department owns is asked of it."""
    section, source = kinds.SECTIONS[difference.section], difference.batch.source
    row = versions.current_row(person.pk, section)
    rules.check_unchanged(difference, row.recorded_at if row else None)
    held = versions.values_of(row, section) if row else {}
    told = packing.values_of(difference.section, difference.told)
    owned = rules.owned_elsewhere(section, told, source)
    difference.state = State.ASKED if owned else State.TAKEN
    if own := {name: value for name, value in told.items() if name not in owned}:
        difference.taken = persons.change(
            section=difference.section, person=person, values=own, effective=localdate(at),
            source=source, by=by, at=at,
        )  # fmt: skip
        difference.before = {name: held.get(name) for name in difference.taken}
    for name in owned:
        _ask(person, section, name, told[name], source, by, at)


def _ask(person, section, name, value, source, by, at):
    reason = _("“%(source)s” says something else.") % {"source": source.name}
    ask_correction(
        person=person, element=f"{section.code}.{name}", value=str(value), reason=reason, by=by,
        at=at,
    )  # fmt: skip


def _move(difference, person, by, at):
    stay = stays([person.pk]).get(person.pk)
    rules.check_same_home(difference, stay)
    since = difference.told["since"]
    dwelling = dwelling_of(
        home=Home.of(difference.told["home"]), source=difference.batch.source, by=by, at=at
    )
    presences.move_in(
        person=person, dwelling=dwelling, by=by, at=at,
        since=date.fromisoformat(since) if since else localdate(at),
    )  # fmt: skip
    difference.state, difference.taken = State.TAKEN, list(difference.fields)
