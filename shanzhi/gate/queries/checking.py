"""What the checks need to know of the city, gathered for one plan."""

from collections.abc import Sequence
from dataclasses import fields as columns
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.burden import spreading
from shanzhi.burden.kinds import WORKERS
from shanzhi.burden.models import Category, Demand, Edition, ListEntry
from shanzhi.burden.queries import campaign_of, communities
from shanzhi.burden.queries.lists import edition, whose
from shanzhi.kernel import places, workdays
from shanzhi.work.calendar import calendar

from .. import figures
from ..comparing import Overlap, Register, Text, element
from ..kinds import OPEN, Known, Load, Plan, State
from ..models import Application, Call
from . import register

SIBLINGS_DAYS = 90
WEEK_MINUTES, WEEKS, MONTHS = 40 * 60, 52, 12
SAME_UNIT = OPEN | {State.DRAFT, State.RETURNED, State.ADMITTED}


def plan_of(application: Application) -> Plan:
    """The application as the checks read it."""
    same = {name: getattr(application, name) for name in
            (each.name for each in columns(Plan)) if name not in OTHER}  # fmt: skip
    return Plan(
        department=application.department_id, payer=application.payer_id or "",
        level=places.level(application.place), scope=tuple(application.scope),
        fields=tuple(application.fields), renews=application.renews_id, **same,
    )  # fmt: skip


OTHER = {"department", "payer", "level", "scope", "fields", "renews"}


def how_many(scope: Sequence[str]) -> int:
    """How many communities there are in the scope."""
    rows = communities()
    return sum(spreading.within(rows, [code], code) for code in spreading.reduced(scope))


def known(plan: Plan, today: date) -> Known:
    with register.reading() as kept:
        overlaps, sources = _overlaps(plan, kept.register), _sources(plan, kept.register)
        asked_now = kept.load(plan.scope)
    siblings = _siblings(plan, today)
    titles = dict(Demand.objects.filter(pk__in=[each.id for each in overlaps])
                  .values_list("pk", "title"))  # fmt: skip
    return Known(
        today=today,
        lead=_lead(plan.starts_on, today),
        least_lead=settings.SHANZHI_GATE["lead"],
        most_share=settings.SHANZHI_GATE["share"],
        negative=_negative(plan.place),
        overlaps=overlaps,
        titles=titles,
        sources=sources,
        answer=whose(f"{plan.title} {plan.purpose}", plan.place) if plan.title else None,
        load=_load(plan, today, asked_now, siblings),
        siblings=[plan_of(each) for each in siblings],
        assessments=_assessments(plan),
    )


def _lead(start, today):
    if start is None:
        return None
    return workdays.working_days_between(today, start, calendar().is_workday)


def _negative(place) -> list[ListEntry]:
    found = edition(Edition.Kind.NEGATIVE, place)
    return list(found.entries.order_by("position")) if found else []


def _overlaps(plan, rows: Register) -> Sequence[Overlap]:
    if not plan.title:
        return []
    text = Text(-1, plan.title, plan.purpose, tuple(dict.fromkeys(plan.fields)))
    return [each for each in rows.overlaps(text) if each.id != plan.renews]


def _sources(plan, rows: Register) -> dict[str, str]:
    """Each field that stands somewhere already, and where: the catalogue, a figure, a demand."""
    found = {}
    for name in dict.fromkeys(plan.fields):
        if element(name):
            found[name] = _("Registry")
        elif words := figures.source(name):
            found[name] = words
        elif holders := [pk for pk in rows.holders(name) if pk != plan.renews]:
            found[name] = rows.title(min(holders))
    return found


def _load(plan, today, yearly, siblings) -> Load | None:
    if not plan.scope or not plan.communities:
        return None
    campaign = campaign_of(plan.place)
    workers = campaign.workers if campaign else WORKERS
    return Load(
        yearly / MONTHS,
        _called(plan, today),
        workers * WEEK_MINUTES * WEEKS / MONTHS,
        *_coming(plan, siblings),
    )


def _coming(plan, siblings) -> tuple[float, list[str]]:
    """What the unit has applied for besides, as an average community of this scope would feel it:
    each part is light, and nothing is in force yet."""
    total, parts = 0.0, []
    for row in siblings:
        there = plan_of(row)
        if (
            row.state != State.ADMITTED
            and there.yearly
            and spreading.touch(there.scope, plan.scope)
        ):
            total += there.yearly / MONTHS * min(1.0, there.communities / plan.communities)
            parts.append(f"{row.title} {row.number}")
    return total, parts


def _called(plan, today) -> float:
    """Minutes of this month's meetings and inspections, of an average community of the scope."""
    first = today.replace(day=1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    rows = Call.objects.filter(on__gte=first, on__lt=next_month, cancelled_at=None)
    total = 0
    for scope, number, minutes, heads in rows.values_list(
        "scope", "communities", "minutes", "heads"
    ):
        if spreading.touch(scope, plan.scope):
            total += minutes * heads * min(1.0, number / plan.communities)
    return total


def _siblings(plan, today) -> list[Application]:
    rows = Application.objects.filter(
        place=plan.place, department=plan.department, state__in=SAME_UNIT,
        made_at__date__gte=today - timedelta(days=SIBLINGS_DAYS),
    ).exclude(number=plan.number)  # fmt: skip
    return list(rows.order_by("-pk")[:100])


def _assessments(plan) -> int:
    if plan.category != Category.ASSESSMENT or not plan.scope:
        return 0
    rows = Demand.objects.filter(category=Category.ASSESSMENT, state=Demand.State.IN_FORCE)
    return sum(spreading.touch(scope, plan.scope) for scope in
               rows.exclude(pk=plan.renews).values_list("scope", flat=True))  # fmt: skip
