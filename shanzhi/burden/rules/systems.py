"""The merge map: what goes into what. Into what stays; so there are no chains and no circles."""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import Course, Use
from ..models import Category, Demand, Plan, SystemUse
from .demands import check_office
from .ledgers import check_settled
from .walls import check_record

MOST_PEOPLE = 200


def check_plan(
    demand: Demand, plan: Plan | None, course: Course, by: Actor, today: date,
    fates: Mapping[int, tuple[str, int | None]], into: Collection[Demand],
) -> None:  # fmt: skip
    """`fates`: of each system its fate and heir; `into`: the systems that go into this one."""
    check_office(by, demand.place)
    if demand.category != Category.SYSTEM:
        raise Refused(_("Only a website or system stands in this map."))
    check_settled(demand)
    if plan and plan.announced_on and plan.closes_on <= today:
        raise Refused(_("It closed on %(day)s, as was announced.") % {"day": plan.closes_on})
    if course.fate not in Plan.Fate.values:
        raise Refused(_("Say what becomes of it."), field="fate")
    if not course.reason.strip():
        raise Refused(_("Give the reason."), field="reason")
    if course.fate == Plan.Fate.STAY:
        _check_stays(demand)
        return
    if course.fate == Plan.Fate.MERGE:
        _check_heir(demand, course.heir, fates)
    if into:
        raise Refused(_("“%(title)s” goes into this one; first lead it elsewhere.")
                      % {"title": next(iter(into)).title}, field="fate")  # fmt: skip
    if plan and plan.announced_on:
        check_whole(course.closes_on, course.data_to, course.contact)
        _check_ahead(plan, course.closes_on)


def _check_stays(demand):
    if demand.state != Demand.State.IN_FORCE:
        raise Refused(_("It is not in force any more: %(state)s. It cannot stay.")
                      % {"state": demand.get_state_display()}, field="fate")  # fmt: skip


def _check_heir(demand, heir, fates):
    if heir is None:
        raise Refused(_("Choose the system it goes into."), field="heir")
    if heir.pk == demand.pk:
        raise Refused(_("A system does not go into itself."), field="heir")
    if heir.category != Category.SYSTEM:
        raise Refused(_("“%(title)s” is no website or system.") % {"title": heir.title},
                      field="heir")  # fmt: skip
    if _leads_to(heir.pk, demand.pk, fates):
        raise Refused(_("“%(title)s” goes into this one itself: the map would be a circle.")
                      % {"title": heir.title}, field="heir")  # fmt: skip
    if heir.state != Demand.State.IN_FORCE or fates.get(heir.pk, ("", None))[0] in CLOSING:
        raise Refused(_("“%(title)s” closes itself; choose a system that stays.")
                      % {"title": heir.title}, field="heir")  # fmt: skip


def _leads_to(start, end, fates):
    seen: set[int] = set()
    at: int | None = start
    while at is not None and at not in seen:
        if at == end:
            return True
        seen.add(at)
        at = fates.get(at, ("", None))[1]
    return False


CLOSING = (Plan.Fate.MERGE, Plan.Fate.CLOSE)


def check_heir_stays(demand: Demand, into: Collection[Demand]) -> None:
    """A verb that ends a system waits until nothing goes into it any more."""
    if into:
        raise Refused(_("“%(title)s” goes into this one; first lead it elsewhere.")
                      % {"title": next(iter(into)).title})  # fmt: skip


def check_whole(closes_on: date | None, data_to: str, contact: str) -> None:
    if closes_on is None:
        raise Refused(_("Say when it closes."), field="closes_on")
    if not data_to.strip():
        raise Refused(_("Say what becomes of its data."), field="data_to")
    if not contact.strip():
        raise Refused(_("Say which office answers questions."), field="contact")


def _check_ahead(plan, closes_on):
    if closes_on < plan.announced_on:
        raise Refused(_("It was announced on %(day)s and cannot close before.")
                      % {"day": plan.announced_on}, field="closes_on")  # fmt: skip


def check_announce(plan: Plan, by: Actor) -> None:
    check_office(by, plan.demand.place)
    if plan.fate == Plan.Fate.STAY:
        raise Refused(_("What stays is not announced as closed."))
    if plan.announced_on:
        raise Refused(_("It was announced on %(day)s.") % {"day": plan.announced_on})
    check_whole(plan.closes_on, plan.data_to, plan.contact)


def check_told(community: str, uses: Mapping[Demand, Use], asked: Collection[int], by: Actor):
    """`asked` are the systems that this community is asked to use."""
    check_record(by, community)
    for demand, use in uses.items():
        if demand.pk not in asked:
            raise Refused(_("“%(title)s” is not asked of this community.")
                          % {"title": demand.title})  # fmt: skip
        _check_use(demand, use)


def _check_use(demand, use):
    if not 0 <= use.people <= MOST_PEOPLE:
        raise Refused(_("%(title)s: between 0 and %(most)s people.")
                      % {"title": demand.title, "most": MOST_PEOPLE})  # fmt: skip
    known = use.often in SystemUse.Often.values and use.login in SystemUse.Login.values
    if use.people and not known:
        raise Refused(_("%(title)s: say how often, and how one signs in.")
                      % {"title": demand.title})  # fmt: skip
