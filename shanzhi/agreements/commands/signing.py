import hashlib
from datetime import datetime

from django.db import connection, transaction

from shanzhi.files import disk
from shanzhi.kernel.acting import SYSTEM, Actor

from .. import document, queries, rules
from ..kinds import Wish, parts
from ..models import Agreement, Payment, Side, Signature
from ..sealing import seal
from . import steps
from .certificates import certify
from .stepping import keep

State = Agreement.State


@transaction.atomic
def sign(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """The community first, then the sub-district; with the second signature it is in force."""
    parent = steps.locked(agreement.parent) if agreement.ends_on else None
    agreement = steps.locked(agreement)
    _hold_lists(agreement)
    drift, clauses = queries.drift(agreement), queries.clauses(agreement)
    side = rules.check_sign(agreement, drift, queries.outdated(agreement, drift), by)
    rules.check_text(agreement, document.text_digest(agreement, clauses))

    _put_signature(agreement, side, by, at)
    state, fields = State.HALF_SIGNED, ["document"]
    if side == Side.SUBDISTRICT:
        state, agreement.in_force_at = State.IN_FORCE, at
        fields.append("in_force_at")
        _promise(agreement, clauses)
        if parent:
            _end(parent, agreement.ends_on, by, at)
    steps.become(agreement, state, *fields)
    steps.record("signed", agreement, by, at, side=side, in_force=state == State.IN_FORCE)
    steps.hand_over(agreement, at, "signed")
    return agreement


def _hold_lists(agreement):
    """Nobody publishes another edition until this signature is there or refused."""
    editions = [agreement.own_id, agreement.assist_id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM burden_edition WHERE id = ANY(%s) FOR SHARE", [editions])


def _put_signature(agreement, side, by, at):
    place = agreement.place if side == Side.COMMUNITY else agreement.subdistrict
    unit = document.unit_of(agreement, side)
    if seal().demonstration(place):
        certify(place=place, unit=unit, by=SYSTEM, at=at)
    before = b"".join(disk.read(agreement.document))
    sealed = seal().sign(before, Wish(field=side, place=place, unit=unit, at=at))
    agreement.document = keep(agreement, sealed.content, at)
    Signature.objects.create(
        agreement=agreement, side=side, account_id=by.account_id, post=by.post_id, unit=unit,
        at=at, document=agreement.document, digest=hashlib.sha256(sealed.content).digest(),
        subject=sealed.subject, demonstration=sealed.demonstration,
        stamped_at=sealed.stamped,
    )  # fmt: skip


def _end(parent, ends_on, by, at):
    """What would have been due later is owed no more."""
    later = parent.payments.filter(paid_on=None, due_on__gt=ends_on)
    given_up = sum(each.amount for each in later)
    later.delete()
    steps.become(parent, State.ENDED)
    steps.record("ended", parent, by, at, on=ends_on.isoformat(), given_up=str(given_up))
    steps.hand_over(parent, at, "ended")


def _promise(agreement, clauses):
    Payment.objects.bulk_create(
        Payment(agreement=agreement, clause=clause, due_on=day, amount=amount)
        for clause in clauses
        for day, amount in parts(clause.amount, clause.due_on)
    )
