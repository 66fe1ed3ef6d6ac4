"""Demands of a baseline: entered one by one or as a file, until it is frozen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor
from shanzhi.registry.queries import element_named

from .. import queries, rules, spreading
from ..kinds import Line
from ..models import Asked, Campaign, Demand, Span

SIZE = ("times", "minutes", "staff")


@transaction.atomic
def enter(
    *, campaign: Campaign, values: Mapping[str, Any], fields: Sequence[str], by: Actor, at: datetime
) -> Demand:
    """`values` by column of Demand (departments by code); `fields` as the department has them."""
    campaign = _locked(campaign)
    rules.check_enter_baseline(campaign, by)
    demand = _made(campaign, values, fields, queries.communities(), _next_number(campaign))
    record("burden.entered", about=label(demand), by=by, at=at, place=demand.place,
           category=demand.category)  # fmt: skip
    return demand


@transaction.atomic
def load_register(*, campaign: Campaign, rows: Sequence[Line], by: Actor, at: datetime) -> int:
    """All rows or none: a refusal names the lines. How many were entered."""
    campaign = _locked(campaign)
    rules.check_enter_baseline(campaign, by)
    communities, first = queries.communities(), _next_number(campaign)
    wrong = []
    for number, row in enumerate(rows, first):
        try:
            _made(campaign, row.values, row.fields, communities, number)
        except Refused as refusal:
            wrong.append(rules.in_line(row.number, refusal))
    rules.check_lines(wrong)
    record("burden.register_loaded", about=label(campaign), by=by, at=at, place=campaign.place,
           rows=len(rows))  # fmt: skip
    return len(rows)


@transaction.atomic
def amend(
    *, demand: Demand, values: Mapping[str, Any], fields: Sequence[str], by: Actor, at: datetime
) -> Demand:
    campaign = _locked(demand.campaign)
    rules.check_enter_baseline(campaign, by)
    demand = Demand.objects.select_for_update().get(pk=demand.pk)
    rules.check_amend(demand)
    found = complete(values, queries.communities())
    rules.check_demand(found, fields, campaign)
    for column, value in found.items():
        setattr(demand, column, value)
    demand.state_since = demand.valid_from
    demand.save()
    demand.spans.all().delete()
    demand.fields.all().delete()
    belongings(demand, fields)
    record("burden.amended", about=label(demand), by=by, at=at, place=demand.place)
    return demand


@transaction.atomic
def discard(*, demand: Demand, by: Actor, at: datetime) -> None:
    """Entered by mistake, and not frozen yet."""
    campaign = _locked(demand.campaign)
    rules.check_enter_baseline(campaign, by)
    demand = Demand.objects.select_for_update().get(pk=demand.pk)
    record("burden.discarded", about=label(demand), by=by, at=at, place=demand.place,
           category=demand.category)  # fmt: skip
    demand.delete()


def _made(campaign, values, fields, communities, number):
    found = complete(values, communities)
    rules.check_demand(found, fields, campaign)
    demand = Demand.objects.create(
        number=f"{campaign.began_on:%Y}-{number:04d}", campaign=campaign,
        state_since=found["valid_from"], **found,
    )  # fmt: skip
    belongings(demand, fields)
    return demand


def complete(values, communities):
    scope = spreading.reduced(values["scope"])
    number = sum(spreading.within(communities, [code], code) for code in scope)
    columns = {
        f"{name}_id" if name in ("department", "payer") else name: value
        for name, value in values.items()
    }
    return columns | {"scope": scope, "communities": number}


def belongings(demand, fields):
    Span.objects.create(
        demand=demand,
        valid_from=demand.valid_from,
        **{name: getattr(demand, name) for name in SIZE},
    )
    Asked.objects.bulk_create(
        Asked(demand=demand, position=position, name=name, element=element(name))
        for position, name in enumerate(fields)
    )


def element(name):
    found = element_named(name)
    return found.code if found else ""


def _next_number(campaign):
    last = Demand.objects.filter(number__startswith=f"{campaign.began_on:%Y}-").order_by("-number")
    return int(last.values_list("number", flat=True)[0].partition("-")[2]) + 1 if last else 1


def _locked(campaign):
    return Campaign.objects.select_for_update().get(pk=campaign.pk)
