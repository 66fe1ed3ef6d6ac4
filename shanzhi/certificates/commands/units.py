"""Two spellings declared one unit, and parted again."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from ..models import RequestingUnit
from ..rules import units as rules


@transaction.atomic
def join_units(
    *, unit: RequestingUnit, into: RequestingUnit, by: Actor, at: datetime
) -> RequestingUnit:
    """`unit` is counted as `into` from now on, in the past as well; its papers keep their words."""
    rows = _locked(unit, into)
    unit, into = rows[unit.pk], rows[into.pk]
    rules.check_join(unit, into, by)
    unit.same_as = into
    unit.save(update_fields=["same_as"])
    _record("certificates.units_joined", unit, by, at, into=into.pk)
    return unit


@transaction.atomic
def part_units(*, unit: RequestingUnit, by: Actor, at: datetime) -> RequestingUnit:
    unit = _locked(unit)[unit.pk]
    rules.check_part(unit, by)
    into, unit.same_as = unit.same_as_id, None
    unit.save(update_fields=["same_as"])
    _record("certificates.units_parted", unit, by, at, into=into)
    return unit


def _locked(*units):
    rows = RequestingUnit.objects.filter(pk__in=[each.pk for each in units]).order_by("pk")
    return {each.pk: each for each in rows.select_for_update()}


def _record(verb, unit, by, at, **data):
    record(verb, about=label(unit), by=by, at=at, place=settings.SHANZHI_CITY, **data)
