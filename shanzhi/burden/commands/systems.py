"""The systems: what becomes of each, the notice of its closing, and who logs in where."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from ..kinds import Course, Use
from ..models import Demand, Plan, SystemUse
from ..queries import systems as queries
from ..rules import systems as rules
from .decisions import locked


@transaction.atomic
def plan_system(*, demand: Demand, course: Course, by: Actor, at: datetime) -> Plan:
    """Stays, goes into another, or closes. Of two at once, the second sees the map of the first:
    both lock the system and its heir."""
    demand, heir = locked(demand, course.heir)
    plan = Plan.objects.filter(demand=demand).first()
    course = Course(**{**vars(course), "heir": heir})
    rules.check_plan(demand, plan, course, by, localdate(at), queries.fates(),
                     queries.leading_to(demand))  # fmt: skip
    plan = _planned(plan or Plan(demand=demand), course)
    plan.decided_on = localdate(at)
    plan.unit = unit_name(by.place, by.department) if by.place else ""
    plan.save()
    _record("burden.system_planned", demand, by, at, chosen=plan.fate,
            into=heir.number if plan.heir else "", closes_on=str(plan.closes_on or ""))  # fmt: skip
    return plan


def _planned(plan, course):
    stays = course.fate == Plan.Fate.STAY
    plan.fate = course.fate
    plan.heir = course.heir if course.fate == Plan.Fate.MERGE else None
    plan.closes_on = None if stays else course.closes_on
    plan.announced_on = None if stays else plan.announced_on
    for name in ("reason", "url", "data_to", "contact"):
        setattr(plan, name, getattr(course, name).strip())
    return plan


@transaction.atomic
def announce_closing(*, plan: Plan, by: Actor, at: datetime) -> Plan:
    """From now on everybody can read what closes, when, and where its data go."""
    Demand.objects.select_for_update().get(pk=plan.demand_id)  # as plan_system does
    plan = Plan.objects.select_related("demand").get(pk=plan.pk)
    rules.check_announce(plan, by)
    plan.announced_on = localdate(at)
    plan.save(update_fields=["announced_on"])
    _record("burden.closing_announced", plan.demand, by, at, closes_on=str(plan.closes_on))
    return plan


@transaction.atomic
def tell_systems(
    *, community: str, uses: Mapping[Demand, Use], by: Actor, at: datetime
) -> list[SystemUse]:
    """What a community really logs into; said again, it replaces what was said."""
    asked = set(queries.asked_of(community, localdate(at)).values_list("pk", flat=True))
    rules.check_told(community, uses, asked, by)
    rows = [
        SystemUse(
            demand=demand, community=community, people=use.people, told_on=localdate(at),
            often=use.often if use.people else "", login=use.login if use.people else "",
        )
        for demand, use in sorted(uses.items(), key=lambda pair: pair[0].pk)
    ]  # fmt: skip
    SystemUse.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["community", "demand"],
        update_fields=["people", "often", "login", "told_on"],
    )  # fmt: skip
    record("burden.systems_told", about=f"places.Division:{community}", by=by, at=at,
           place=community, systems=len(rows))  # fmt: skip
    return rows


def _record(verb, demand, by, at, **data):
    record(verb, about=label(demand), by=by, at=at, place=demand.place, **data)
