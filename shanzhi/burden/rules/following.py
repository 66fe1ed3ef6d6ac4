"""Who says whether a larger division is asked."""

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import Scoped
from ..models import Campaign, ScopeChange
from .demands import OFFICE

UNITS = frozenset({"department_clerk"})
READERS = OFFICE | UNITS | {"city_leader"}


def is_office(row: ScopeChange, by: Actor) -> bool:
    return by.role in OFFICE and by.covers(row.place)


def is_owner(row: ScopeChange, by: Actor) -> bool:
    return by.role in UNITS and (by.place, by.department) == (row.place, row.department_id)


def may_take(row: ScopeChange, scoped: Scoped, by: Actor) -> bool:
    """What is in force is widened by the office alone: the gate admitted no more."""
    return is_office(row, by) or (scoped.owner_widens and is_owner(row, by))


def may_leave(row: ScopeChange, by: Actor) -> bool:
    return is_office(row, by) or is_owner(row, by)


def check_answer(
    row: ScopeChange, scoped: Scoped, take: bool, answered: bool, asking: bool, by: Actor
) -> None:
    _check_side(row, by)
    if take and not may_take(row, scoped, by):
        raise Refused(_("Only the burden relief office lets a demand ask more than was admitted."))
    _check_open(row, ScopeChange.Kind.ASKED, answered, asking)


def check_answer_nobody(row: ScopeChange, answered: bool, asking: bool, by: Actor) -> None:
    """It lifts a burden, so either side may."""
    _check_side(row, by)
    _check_open(row, ScopeChange.Kind.EMPTY, answered, asking)


def check_stop(campaign: Campaign | None) -> None:
    if campaign and not campaign.frozen_at:
        raise Refused(_("Freeze the baseline first; then decide."))


def _check_side(row, by):
    if not may_leave(row, by):
        raise Refused(_("Only the department that asks and the burden relief office decide this."))


def _check_open(row, kind, answered, asking):
    if answered or row.kind != kind:
        raise Refused(_("It is decided already; reload the page."))
    if not asking:
        raise Refused(_("It is not in force any more; there is nothing to decide."))
