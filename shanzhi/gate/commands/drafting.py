"""An application as the department writes it: kept with gaps, submitted without."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.burden import spreading
from shanzhi.burden.models import Demand
from shanzhi.burden.queries.offices import OFFICE, office_of
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties

from .. import rules, steps
from ..models import Application
from ..queries.checking import how_many, plan_of
from ..rules.applications import check_renewal, check_scope


@transaction.atomic
def draft(*, values: Mapping[str, Any], by: Actor, at: datetime) -> Application:
    """`values` by column of Application, departments by code."""
    rules.check_unit(by)
    check_scope(by.place, values.get("scope", ()))
    check_renewal(Demand.objects.filter(pk=values.get("renews_id")).first(), by)
    application = Application.objects.create(
        number=steps.number("application", at), place=by.place, department_id=by.department,
        state_since=at, made_at=at, made_by=by.account_id, **complete(values),
    )  # fmt: skip
    record("gate.drafted", about=label(application), by=by, at=at, place=by.place)
    return application


@transaction.atomic
def keep(
    *, application: Application, values: Mapping[str, Any], edited: int, by: Actor, at: datetime
) -> Application:
    application = steps.locked(application)
    rules.check_keep(application, edited, values.get("fields", ()), by)
    check_scope(by.place, values.get("scope", ()))
    for column, value in complete(values).items():
        setattr(application, column, value)
    application.edited += 1
    application.save()
    record("gate.kept", about=label(application), by=by, at=at, place=application.place)
    return application


@transaction.atomic
def submit(*, application: Application, by: Actor, at: datetime) -> Application:
    application, today = steps.locked(application), localdate(at)
    rules.check_submit(plan_of(application), by, application, today)
    said = steps.findings(application, today)
    application.submitted_at = at
    steps.move(application, "submit", by=by, at=at, said=said)
    steps.wait(
        application, "screen", settings.SHANZHI_GATE["screening"], at=at,
        place=office_of(application.place, today), department=OFFICE,
    )  # fmt: skip
    if application.renews_id:
        duties.close_duties(about=label(application.renews), at=at, outcome="renewed",
                            kind="gate.expiring")  # fmt: skip
    return application


@transaction.atomic
def withdraw(*, application: Application, by: Actor, at: datetime) -> Application:
    application = steps.locked(application)
    rules.check_unit(by, application)
    rules.check_step(application, "withdraw")
    steps.move(application, "withdraw", by=by, at=at)
    return application


def complete(values: Mapping[str, Any]) -> dict[str, Any]:
    """Codes of the scope without those inside others, and how many communities they are."""
    scope = spreading.reduced(values.get("scope", ()))
    columns = {"payer_id" if name == "payer" else name: value for name, value in values.items()}
    return columns | {"scope": scope, "communities": how_many(scope)}
