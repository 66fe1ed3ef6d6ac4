"""What the commands of the gate share, inside their transactions."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from shanzhi.burden.models import Demand
from shanzhi.journal import commands as journal
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.kinds import ROLES
from shanzhi.people.queries import unit_name
from shanzhi.work import duties
from shanzhi.work.duties import Limit
from shanzhi.work.models import Clock

from . import checks
from .kinds import STEPS, Finding
from .models import Application, Step
from .queries.checking import known, plan_of

OFFICE = "burden_office"
SIGNS = {"application": "A", "emergency": "E", "return": "R", "call": "C"}


def number(of: str, at: datetime) -> str:
    """A sign, the year, and a running number: A26-0117."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [f"gate_{of}_number"])
        return f"{SIGNS[of]}{localdate(at):%y}-{cursor.fetchone()[0]:04d}"


def locked(application: Application) -> Application:
    return Application.objects.select_for_update().get(pk=application.pk)


def findings(application: Application, today: date) -> list[Finding]:
    plan = plan_of(application)
    return checks.run(plan, known(plan, today))


def move(
    application: Application, step: str, *, by: Actor, at: datetime, note: str = "",
    said: Sequence[Finding] = (), **data: object,
) -> None:  # fmt: skip
    """To the state where this step leads; what waited for it is done."""
    application.state, application.state_since = STEPS[step][1], at
    application.save()
    duties.close_duties(about=label(application), at=at, outcome=step)
    Step.objects.create(
        application=application, state=application.state, at=at, unit=unit_of(by),
        note=note.strip(), findings=[each.kept() for each in said],
    )  # fmt: skip
    journal.record(f"gate.{PAST[step]}", about=label(application), by=by, at=at,
                   place=application.place, **data)  # fmt: skip


PAST = {
    "submit": "submitted", "pass_on": "passed_on", "send_back": "sent_back", "refuse": "refused",
    "close_hearing": "heard", "admit": "admitted", "merge": "merged", "reject": "refused",
    "withdraw": "withdrawn",
}  # fmt: skip


def unit_of(by: Actor) -> str:
    """常州市城管局, 常州市减负办; "" where nobody did it. Kept as the city writes it."""
    if by.role != OFFICE:
        return unit_name(by.place, by.department) if by.place else ""
    with translation.override(settings.LANGUAGE_CODE):
        return f"{unit_name(by.place)}{ROLES[OFFICE].title}"


def wait(
    subject: Application | Demand, kind: str, days: int, *, place: str, department: str,
    at: datetime, page: str = "gate:application", key: str | int = "",
) -> None:  # fmt: skip
    """Something waits for a unit for so many working days."""
    duties.open_duty(
        kind=f"gate.{kind}", about=label(subject), title=subject.title,
        link=reverse(page, args=[key or subject.number]), place=place, department=department,
        at=at, limits=[Limit(Clock.Basis.PROMISED, days, Clock.Unit.WORKING_DAYS)],
    )  # fmt: skip


def done(subject: Model, kind: str, *, place: str, outcome: str, at: datetime) -> None:
    """What waited for this place is done; others go on waiting."""
    for duty in duties.open_all(about=label(subject), kinds=[f"gate.{kind}"]):
        if duty.place == place:
            duties.close(duty=duty, at=at, outcome=outcome)
