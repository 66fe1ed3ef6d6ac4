"""The burden relief office looks at what the checks say."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from .. import rules, steps
from ..models import Application
from ..rules.applications import check_refusable

COMPLETE_DAYS = 10  # for the department; nothing happens when they are over


@transaction.atomic
def send_back(*, application: Application, reason: str, by: Actor, at: datetime) -> Application:
    """The department completes it and submits it again; a hearing that began is over, and what was
    said in it is kept."""
    application = steps.locked(application)
    rules.check_office(by, application.place)
    rules.check_step(application, "send_back")
    rules.check_reason(reason)
    application.opinions.all().delete()
    application.seed, application.hearing_until = None, None
    steps.move(application, "send_back", by=by, at=at, note=reason)
    steps.wait(application, "complete", COMPLETE_DAYS, at=at, place=application.place,
               department=application.department_id)  # fmt: skip
    return application


@transaction.atomic
def refuse(*, application: Application, reason: str, by: Actor, at: datetime) -> Application:
    """By a clause: at least one check says stop. The findings are kept with it."""
    application = steps.locked(application)
    rules.check_office(by, application.place)
    rules.check_step(application, "refuse")
    rules.check_reason(reason)
    said = steps.findings(application, localdate(at))
    check_refusable(said)
    application.reason, application.decided_on = reason.strip(), localdate(at)
    steps.move(application, "refuse", by=by, at=at, note=reason, said=said)
    return application
