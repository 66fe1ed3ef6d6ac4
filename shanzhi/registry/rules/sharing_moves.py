"""After a merger of divisions an owner may let a grant read the new one."""

from datetime import date

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from ..models import Grant, GrantPart
from .sharing import Decision, State, check_owns, check_part, check_state, owns


def moved_to(grant: Grant, today: date) -> str:
    """The one division the grant's has become; "" where it is itself, or has become several."""
    codes = divisions.successors(grant.scope, today)
    return codes[0] if len(codes) == 1 and codes[0] != grant.scope else ""


def may_move(part: GrantPart, grant: Grant, by: Actor, today: date) -> bool:
    if not (owns(by, part.owner_id) and grant.state == State.GRANTED):
        return False
    place = moved_to(grant, today) if part.state == Decision.PROVIDED else ""
    return place != "" and part.moves_to != place


def check_move(part: GrantPart, grant: Grant, by: Actor, today: date) -> str:
    """The division the owner lets the grant read from now on."""
    check_owns(by, part)
    check_state(grant, State.GRANTED)
    check_part(part, Decision.PROVIDED)
    place = moved_to(grant, today)
    if not place:
        raise Refused(_("Its division was not merged into a single one: the unit asks anew."))
    if not places.holds(grant.place, place):
        raise Refused(_("The new division lies outside the asking unit's: the unit asks anew."))
    return place
