"""Who may bring a file in, what may follow what, and when it is too late."""

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor

from ..intake import targets
from ..models import Batch, Problem
from ..packing import Kept

IMPORTERS = frozenset(
    {"community_secretary", "community_worker", "subdistrict_clerk", "district_clerk", "city_clerk"}
)
State = Batch.State
NEXT = {
    State.UPLOADED: {State.CHECKING, State.DISCARDED},
    State.CHECKING: {State.CHECKED, State.UPLOADED, State.DISCARDED},
    State.CHECKED: {State.CHECKING, State.APPLYING, State.DISCARDED},
    State.APPLYING: {State.OPENED, State.UNDOING},
    State.OPENED: {State.UNDOING},
    State.UNDOING: {State.UNDONE},
    State.UNDONE: set(),
    State.DISCARDED: set(),
}
BUSY = frozenset({State.CHECKING, State.APPLYING, State.UNDOING})
NEEDED = ("person.name",)
ENOUGH = ("person.identity", "person.birth")


def may_import(by: Actor) -> bool:
    return by == SYSTEM or (by.role in IMPORTERS and bool(by.place))


def check_may_import(by: Actor, place: str) -> None:
    if not may_import(by) or (by != SYSTEM and not by.covers(place)):
        raise Refused(_("Your post does not bring files into the registry of this place."))


def check_place(place: str) -> None:
    if not places.is_code(place) or not place.startswith(settings.SHANZHI_CITY):
        raise Refused(_("Choose a community or grid of this city."), field="place")


def check_move(batch: Batch, state: str) -> None:
    if state not in NEXT[State(batch.state)]:
        raise Refused(
            _("This import is “%(state)s”; that is not possible now.")
            % {"state": batch.get_state_display()}
        )


def check_columns(columns: list[str]) -> None:
    taken = [code for code in columns if code]
    if unknown := [code for code in taken if not targets.is_target(code)]:
        raise Refused(_("There is no element %(code)s.") % {"code": unknown[0]})
    for code in taken:
        if taken.count(code) > 1:
            raise Refused(
                _("Two columns are assigned to “%(title)s”; choose one.")
                % {"title": targets.title_of(code)}
            )
    if not set(NEEDED) <= set(taken):
        raise Refused(_("Say which column holds the name."))
    if not set(ENOUGH) & set(taken):
        raise Refused(_("Say which column holds the identity number, or the date of birth."))


def check_anything(batch: Batch) -> None:
    """Something to take over, as the batch is set."""
    outcomes = batch.counts.get("outcomes", {})
    count = outcomes.get("new", 0)
    count += outcomes.get("cells", 0) if batch.lenient else 0
    count += outcomes.get("differs", 0) if batch.decision != Batch.Decision.KEEP else 0
    if not count:
        raise Refused(_("There is nothing in this file to take over."))


def check_ask_for_row(problem: Problem, row: Kept | None) -> None:
    """Once, and while the row is still kept."""
    if problem.code != "elsewhere" or problem.other:
        raise Refused(_("This is done already; reload the page."))
    if row is None:
        raise Refused(_("The rows of this import were removed; ask for the person by hand."))
    if not row.sections["person"].get("identity"):
        raise Refused(_("Without an identity number, ask for the person by hand."))


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why the import is undone."), field="reason")
