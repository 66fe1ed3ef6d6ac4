"""The joint meeting decides: admitted, admitted with changes, merged, refused."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.burden import commands as burden
from shanzhi.burden.commands.admitting import widening
from shanzhi.burden.models import Demand
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from .. import rules, steps
from ..models import Application, Vote
from ..rules.applications import Ruling

STEP = {"admit": "admit", "change": "admit", "merge": "merge", "refuse": "reject"}
SAME = ("title", "category", "place", "purpose", "basis", "scope", "cycle", "times", "minutes",
        "staff", "money", "medium", "plaque", "url")  # fmt: skip


@transaction.atomic
def decide(*, application: Application, ruling: Ruling, by: Actor, at: datetime) -> Application:
    application, ruling = steps.locked(application), _heir_locked(ruling)
    unit = unit_name(application.place, application.department_id)
    rules.check_decision(application, ruling, unit, by, localdate(at))
    said = steps.findings(application, localdate(at))
    Vote.objects.bulk_create(
        Vote(application=application, position=position, **vars(each))
        for position, each in enumerate(ruling.ballots)
    )
    application.reason, application.decided_on = ruling.reason.strip(), ruling.decided_on
    application.minutes_number = ruling.minutes_number.strip()
    if ruling.choice == Vote.Choice.MERGE:
        _merge(application, ruling, by, at)
    elif ruling.choice != Vote.Choice.REFUSE:
        _admit(application, ruling, by, at)
    steps.move(application, STEP[ruling.choice], by=by, at=at, note=ruling.reason, said=said,
               choice=ruling.choice)  # fmt: skip
    return application


def _heir_locked(ruling):
    """As it is now: it may have been stopped since the meeting chose it."""
    heir = ruling.heir and Demand.objects.select_for_update().get(pk=ruling.heir.pk)
    return replace(ruling, heir=heir)


def _admit(application, ruling, by, at):
    """Under the application's own number, with what the meeting left of it."""
    values = {name: getattr(application, name) for name in SAME} | {
        "department": application.department_id, "payer": application.payer_id,
        "valid_from": application.starts_on, "valid_to": ruling.ends_on or application.ends_on,
    }  # fmt: skip
    changed = ruling.choice == Vote.Choice.CHANGE
    if changed and ruling.size:
        values |= vars(ruling.size)
    application.demand = burden.admit(
        number=application.number, origin=Demand.Origin.ADMITTED, values=values,
        fields=ruling.fields if changed else application.fields, by=by, at=at,
    )  # fmt: skip


def _merge(application, ruling, by, at):
    application.heir = ruling.heir
    application.added_fields, application.added_minutes = list(ruling.fields), ruling.minutes
    if ruling.fields or ruling.minutes:
        burden.widen(
            demand=ruling.heir, fields=ruling.fields, minutes=ruling.minutes, by=by, at=at,
            wish=widening(
                _("Merged at the gate: %(title)s %(number)s")
                % {"title": application.title, "number": application.number},
                localdate(at), _("Joint meeting"), application.minutes_number,
            ),
        )  # fmt: skip
