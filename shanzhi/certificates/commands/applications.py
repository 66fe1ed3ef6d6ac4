"""What the community does with a request from the phone: take it, ask for more, or say no."""

from datetime import datetime

from django.db import transaction

from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.work import duties

from .. import rules
from ..kinds import Wish
from ..models import Application
from ..queries import catalogue
from . import issuing
from .applying import locked, step

WORDS = 300


@transaction.atomic
def take(*, application: Application, wish: Wish, by: Actor, at: datetime) -> Application:
    """Into the register, as if it had been asked for at the counter: the secretary seals it."""
    application = locked(application)
    entry = catalogue.here(application.entry, application.place)
    rules.applying.check_take(application, entry, by)
    application.certificate = issuing.request(
        entry=entry, person_id=application.person, wish=wish, by=by, at=at
    )
    application.state = rules.applying.NEXT[application.state]["take"]
    application.save(update_fields=["certificate", "state"])
    duties.close_duties(about=label(application), at=at, outcome="taken")
    step("taken", application, by, at, certificate=application.certificate_id)
    return application


@transaction.atomic
def ask_missing(*, application: Application, missing: str, by: Actor, at: datetime) -> Application:
    """The resident completes it, and meanwhile no clock of the community runs."""
    application, missing = locked(application), _words(missing)
    rules.applying.check_answer(application, "ask", missing, "missing", by)
    application.state = rules.applying.NEXT[application.state]["ask"]
    application.missing = missing
    application.save(update_fields=["state", "missing"])
    duties.close_duties(about=label(application), at=at, outcome="incomplete")
    step("incomplete", application, by, at)
    return application


@transaction.atomic
def decline(*, application: Application, reason: str, by: Actor, at: datetime) -> Application:
    application, reason = locked(application), _words(reason)
    rules.applying.check_answer(application, "decline", reason, "reason", by)
    application.state = rules.applying.NEXT[application.state]["decline"]
    application.reason = reason
    application.ended_at, application.ended_by = at, by.account_id
    application.save(update_fields=["state", "reason", "ended_at", "ended_by"])
    duties.close_duties(about=label(application), at=at, outcome="declined")
    step("declined", application, by, at)
    return application


def _words(text):
    return masking.scrub(text.strip())[:WORDS]
