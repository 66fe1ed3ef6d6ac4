"""Five verbs on a demand, and their undoing."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from ..kinds import Size
from ..models import Decision, Demand, Verb
from .demands import check_office


@dataclass(frozen=True)
class Wish:
    """What somebody decides: the verb and what it asks for."""

    verb: str
    reason: str
    decided_on: date
    decider: str
    evidence: str = ""
    heir: Demand | None = None
    taken_by: str = ""
    duty: str = ""
    limits: str = ""
    size: Size | None = None


def check_decide(demand: Demand, wish: Wish, by: Actor, today: date) -> None:
    check_office(by, demand.place)
    if wish.verb not in FIVE:
        raise Refused(_("Choose one of the five verbs."), field="verb")
    if demand.campaign and not demand.campaign.frozen_at:
        raise Refused(_("Freeze the baseline first; then decide."))
    if demand.state != Demand.State.IN_FORCE:
        raise Refused(
            _("This demand is not in force any more: %(state)s.")
            % {"state": demand.get_state_display()}
        )
    if not wish.reason.strip():
        raise Refused(_("Give the reason."), field="reason")
    if not wish.decider.strip():
        raise Refused(_("Say who decided it."), field="decider")
    _check_day(demand, wish.decided_on, today)
    if check := CHECKS.get(Verb(wish.verb)):
        check(demand, wish)


def _check_day(demand, day, today):
    if day > today:
        raise Refused(_("A decision is entered once it is made, not before."), field="decided_on")
    began = demand.spans.get(valid_to=None).valid_from
    if day < began:
        raise Refused(
            _("The last change of this demand was on %(day)s; a decision cannot lie before it.")
            % {"day": began},
            field="decided_on",
        )


def _check_merge(demand, wish):
    heir = wish.heir
    if heir is None:
        raise Refused(_("Choose the demand it is merged into."), field="heir")
    if heir.pk == demand.pk:
        raise Refused(_("A demand is not merged into itself."), field="heir")
    if heir.heir_id == demand.pk:
        raise Refused(
            _("“%(title)s” was merged into this one. Undo that first, or choose another.")
            % {"title": heir.title},
            field="heir",
        )
    if heir.state != Demand.State.IN_FORCE:
        raise Refused(
            _("“%(title)s” is not in force; choose one that is.") % {"title": heir.title},
            field="heir",
        )
    if left := _left_out(demand, heir):
        raise Refused(
            _("“%(title)s” is not asked of %(code)s; merge into one that is.")
            % {"title": heir.title, "code": divisions.name(left[0])},
            field="heir",
        )


def takes_in(heir: Demand, demand: Demand) -> bool:
    """Whether `heir` is asked of every community that `demand` is asked of."""
    return not _left_out(demand, heir)


def _left_out(demand, heir):
    return [code for code in demand.scope if not code.startswith(tuple(heir.scope))]


def _check_transfer(demand, wish):
    if not wish.taken_by:
        raise Refused(_("Choose the department that takes it over."), field="taken_by")
    if not wish.duty.strip():
        raise Refused(_("Say what the department does from now on."), field="duty")


def _check_reduce(demand, wish):
    if wish.size is None or wish.size.yearly >= _size(demand).yearly:
        raise Refused(_("A reduced demand takes fewer hours than before."), field="times")
    _check_positive(wish.size)


def _check_limit(demand, wish):
    if not wish.limits.strip():
        raise Refused(_("Say to what it is limited."), field="limits")
    if wish.size is not None and wish.size.yearly > _size(demand).yearly:
        raise Refused(_("A limited demand takes no more hours than before."), field="times")
    if wish.size is not None:
        _check_positive(wish.size)


def _check_positive(size):
    if min(size.times, size.minutes, size.staff) < 1:
        raise Refused(_("What takes nothing is stopped, not reduced."), field="times")


def _size(demand):
    return Size(demand.times, demand.minutes, demand.staff)


FIVE = frozenset({Verb.STOP, Verb.REDUCE, Verb.MERGE, Verb.TRANSFER, Verb.LIMIT})
CHECKS = {
    Verb.MERGE: _check_merge, Verb.TRANSFER: _check_transfer,
    Verb.REDUCE: _check_reduce, Verb.LIMIT: _check_limit,
}  # fmt: skip


def check_undo(
    decision: Decision, last: Decision | None, wish: Wish, by: Actor, today: date
) -> None:
    """`last` is the latest decision of the demand that still stands."""
    check_office(by, decision.demand.place)
    if last is None or last.pk != decision.pk:
        raise Refused(_("Only the latest decision that stands can be undone."))
    if decision.verb == Verb.WIDEN:
        raise Refused(_("What the gate added is taken back by reducing the demand."))
    if decision.demand.state == Demand.State.EXITED:
        raise Refused(_("This demand has expired meanwhile; it has to pass the gate again."))
    if not wish.reason.strip():
        raise Refused(_("Give the reason."), field="reason")
    if not wish.decider.strip():
        raise Refused(_("Say who decided it."), field="decider")
    if not decision.decided_on <= wish.decided_on <= today:
        raise Refused(_("An undoing lies between the decision and today."), field="decided_on")
