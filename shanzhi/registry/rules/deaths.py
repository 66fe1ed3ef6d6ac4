"""A death that was entered wrongly is taken back by a decision of the community's secretary."""

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from ..models import Death, Person

DECIDERS = frozenset({"community_secretary"})


def may_undo(by: Actor, place: str) -> bool:
    return by == SYSTEM or (by.role in DECIDERS and by.covers(place))


def check_undo(by: Actor, death: Death, person: Person, reason: str) -> None:
    if not may_undo(by, death.place):
        raise Refused(_("The secretary of the community that entered the death decides this."))
    if death.undone_at:
        raise Refused(_("This death was taken back already."))
    if person.state != Person.State.DEAD:
        raise Refused(_("This entry was changed since; reload the page."))
    if person.merged_into_id:
        raise Refused(_("This entry was merged into another one; undo the merge first."))
    if not reason.strip():
        raise Refused(_("Say how it came out that the entry was wrong."), field="reason")
