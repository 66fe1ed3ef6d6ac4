"""A sample of communities is heard; who has not answered by then has nothing to say."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.burden.queries.offices import OFFICE, office_of
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import masking, workdays
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.work.calendar import calendar

from .. import rules, sampling, steps
from ..models import Application, Opinion, Said
from ..queries.hearing import candidates

AT_ONCE = 100


@transaction.atomic
def pass_on(
    *, application: Application, by: Actor, at: datetime, seed: int | None = None
) -> Application:
    """From the screening to the hearing: the sample is drawn, each community is asked."""
    application = steps.locked(application)
    rules.check_office(by, application.place)
    rules.check_step(application, "pass_on")
    gate = settings.SHANZHI_GATE
    seed = secrets.randbits(48) if seed is None else seed
    drawn = sampling.draw(candidates(application.scope), gate["sample"], seed)
    application.seed = seed
    application.hearing_until = workdays.add_working_days(
        localdate(at), gate["hearing"], calendar().is_workday
    )
    said = steps.findings(application, localdate(at))
    steps.move(application, "pass_on", by=by, at=at, said=said, seed=seed, sample=len(drawn))
    Opinion.objects.bulk_create(Opinion(application=application, community=code) for code in drawn)
    for code in drawn:
        steps.wait(application, "hear", gate["hearing"], place=code, department="", at=at)
    return application


@transaction.atomic
def give_opinion(
    *, opinion: Opinion, answer: str, text: str, minutes: int | None, by: Actor, at: datetime
) -> Opinion:
    """May be changed as long as the hearing lasts; what was said before is kept."""
    application = steps.locked(opinion.application)
    opinion = Opinion.objects.select_for_update().select_related("application").get(pk=opinion.pk)
    text = masking.scrub(text.strip())[:500]
    rules.check_opinion(opinion, answer, text, by)
    opinion.answer, opinion.text, opinion.minutes, opinion.at = answer, text, minutes, at
    opinion.save()
    Said.objects.create(
        application=application, voice=opinion.pk, community=opinion.community, answer=answer,
        text=opinion.text, minutes=minutes, at=at,
    )  # fmt: skip
    steps.done(application, "hear", place=opinion.community, outcome=answer, at=at)
    record("gate.opined", about=label(application), by=by, at=at, place=application.place)
    close_if_heard(application, at)
    return opinion


def close_if_heard(application: Application, at: datetime) -> None:
    """The last of the sample ends the hearing."""
    if not application.opinions.filter(answer="").exists():
        _close(application, at)


@transaction.atomic
def close_hearings(*, by: Actor, at: datetime) -> int:
    """Whose last day has passed goes on to the joint meeting; how many. Run daily."""
    due = Application.objects.select_for_update(skip_locked=True).filter(
        state=Application.State.HEARING, hearing_until__lt=localdate(at)
    )[:AT_ONCE]
    for application in due:
        _close(application, at)
    return len(due)


def _close(application, at):
    """The clock of the decision runs from the end of the screening."""
    screened = application.steps.filter(state=Application.State.HEARING).latest("pk").at
    steps.move(application, "close_hearing", by=SYSTEM, at=at)
    steps.wait(
        application, "decide", settings.SHANZHI_GATE["decision"], at=screened,
        place=office_of(application.place, localdate(at)), department=OFFICE,
    )  # fmt: skip
