"""What waits for a sub-district's signature, signed one after the other."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.crypto import CannotOpen
from shanzhi.people.queries import posts_of

from .. import queries, rules
from ..models import Agreement, Run
from . import steps
from .signing import sign


@transaction.atomic
def start_signing(
    *, place: str, year: int, numbers: Collection[str], by: Actor, at: datetime
) -> Run:
    steps.one_after_the_other()
    running = Run.objects.filter(kind=Run.Kind.SIGN, place=place, state=Run.State.RUNNING).exists()
    ready = set(queries.ready(place, year).values_list("number", flat=True))
    rules.check_sign_all(place, set(numbers), ready, running, by)
    run = Run.objects.create(
        kind=Run.Kind.SIGN, place=place, year=year, total=len(numbers), chosen=sorted(numbers),
        acting=steps.acting(by), began_at=at,
    )  # fmt: skip
    record("agreements.signing_started", about=label(run), by=by, at=at, place=place, year=year,
           agreements=len(numbers))  # fmt: skip
    return run


@transaction.atomic
def sign_more(*, run: Run, by: Actor, at: datetime) -> bool:
    """The next one, and that it is done, in one transaction; False when all are."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state == Run.State.DONE:
        return False
    if run.done >= len(run.chosen):
        run.state, run.ended_at = Run.State.DONE, at
        run.save(update_fields=["state", "ended_at"])
        record("agreements.signing_ended", about=label(run), by=by, at=at, place=run.place,
               year=run.year, signed=run.made)  # fmt: skip
        return False
    number = run.chosen[run.done]
    if why := _refusal(number, by, at):
        run.failures = [*run.failures, [number, why]]
    else:
        run.made += 1
    run.done += 1
    run.save(update_fields=["made", "failures", "done"])
    return True


def _refusal(number, by, at):
    """Why it could not be signed; "" where it is."""
    try:
        rules.check_still_held(by, [each.id for each in posts_of(by.account_id, localdate(at))])
        with transaction.atomic():
            sign(agreement=Agreement.objects.get(number=number), by=by, at=at)
    except Refused as refusal:
        return str(refusal)
    except CannotOpen:
        return _("Its document cannot be read; tell the operator.")
    return ""
