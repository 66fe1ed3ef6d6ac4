"""A certificate from the request over the seal to the paper in somebody's hand."""

import base64
import secrets
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.registry import readlog
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import rules
from ..kinds import Line, Wish
from ..models import Certificate, Entry
from ..queries import facts, hash_of
from ..spelling import spelled
from .numbering import CERTIFICATE, next_number, unit_of

DUTY = "certificates.seal"
LIMIT = duties.Limit(Clock.Basis.STEP, 1, Clock.Unit.WORKING_DAYS)
TOKEN_BYTES = 32  # 256 bits
State = Certificate.State


@transaction.atomic
def request(
    *, entry: Entry, person_id: int | None, wish: Wish, by: Actor, at: datetime
) -> Certificate:
    """Checked against the registry as it is now; a duty of the secretary follows."""
    entry = Entry.objects.select_related("edition").get(pk=entry.pk)
    held = facts.held(by, person_id, entry.fields) if entry.of_person else None
    lines = facts.lines(entry, held, by.place, wish.said)
    rules.check_request(entry, held, wish, lines, by)

    holder = held.name if held else wish.holder
    certificate = Certificate.objects.create(
        place=by.place, entry=entry, unit=unit_of(masking.scrub(spelled(wish.unit))[:80]),
        purpose=masking.scrub(wish.purpose)[:200], copies=wish.copies, days=wish.days,
        person=held.person if held else None, holder=holder, shown_holder=masking.name(holder),
        statement=[asdict(line) for line in lines], on=localdate(at), asked_at=at,
        asked_by=by.account_id,
    )  # fmt: skip
    if held:
        _note(certificate, by, at)
    duties.open_duty(
        kind=DUTY, about=label(certificate), title=entry.name, detail=certificate.unit.name,
        link=reverse("certificates:certificate", args=[certificate.pk]), place=by.place, at=at,
        limits=[LIMIT],
    )  # fmt: skip
    _record("certificates.requested", certificate, by, at, entry=entry.code, copies=wish.copies)
    return certificate


@transaction.atomic
def seal(*, certificate: Certificate, vouched: str = "", by: Actor, at: datetime) -> Certificate:
    """Approved and sealed in one step by a second person; now it has a number and a page."""
    certificate = locked(certificate)
    vouched = masking.scrub(vouched.strip())[:300]
    held = facts.held(by, certificate.person, certificate.entry.fields)
    lines = facts.again(stated(certificate), held, certificate.place)
    rules.check_seal(certificate, held, lines, vouched, by)

    on, token = localdate(at), secrets.token_urlsafe(TOKEN_BYTES)
    certificate.statement = [asdict(line) for line in lines]
    certificate.vouched = vouched or None
    certificate.number = next_number(CERTIFICATE, certificate.place, on)
    certificate.sealed_at, certificate.sealed_on = at, on
    certificate.sealed_by = by.account_id
    certificate.valid_until = rules.holds_until(on, certificate.days)
    certificate.token, certificate.token_hash = token, hash_of(token)
    certificate.state = rules.NEXT[certificate.state]["seal"]
    certificate.save(update_fields=[
        "statement", "vouched", "number", "sealed_at", "sealed_on", "sealed_by", "valid_until",
        "token", "token_hash", "state",
    ])  # fmt: skip
    if held:
        _note(certificate, by, at)
    duties.close_duties(about=label(certificate), at=at, outcome="sealed")
    _record("certificates.sealed", certificate, by, at, number=certificate.number)
    return certificate


@transaction.atomic
def refuse_request(
    *, certificate: Certificate, reason: str, by: Actor, at: datetime
) -> Certificate:
    certificate = _ended(certificate, "refuse", reason, by, at)
    duties.close_duties(about=label(certificate), at=at, outcome="refused")
    _record("certificates.request_refused", certificate, by, at)
    return certificate


@transaction.atomic
def hand_out(
    *, certificate: Certificate, receiver: str = "", by: Actor, at: datetime
) -> Certificate:
    """`receiver` is who took it for somebody else."""
    certificate = locked(certificate)
    rules.check_step(certificate, "hand_out", by)
    certificate.state = rules.NEXT[certificate.state]["hand_out"]
    certificate.handed_at, certificate.handed_by = at, by.account_id
    certificate.receiver = receiver.strip()[:60] or None
    certificate.save(update_fields=["state", "handed_at", "handed_by", "receiver"])
    _record("certificates.handed_out", certificate, by, at)
    return certificate


@transaction.atomic
def revoke(*, certificate: Certificate, reason: str, by: Actor, at: datetime) -> Certificate:
    """Its page says so from now on; the line of the register stays."""
    certificate = _ended(certificate, "revoke", reason, by, at)
    _record("certificates.revoked", certificate, by, at)
    return certificate


@transaction.atomic
def keep_paper(*, certificate: Certificate, paper: bytes, by: Actor, at: datetime) -> bytes:
    """The PDF that an electronic seal was put on; who comes second gets the first one's."""
    certificate = locked(certificate)
    rules.check_paper(certificate, by)
    if certificate.paper is None:
        certificate.paper = base64.b64encode(paper).decode()
        certificate.save(update_fields=["paper"])
        _record("certificates.paper_kept", certificate, by, at)
    return base64.b64decode(certificate.paper)


def stated(certificate: Certificate) -> list[Line]:
    return [Line(**row) for row in certificate.statement or []]


def locked(certificate: Certificate) -> Certificate:
    rows = Certificate.objects.select_for_update(of=["self"]).select_related("entry", "unit")
    return rows.get(pk=certificate.pk)


def _ended(certificate, step, reason, by, at):
    certificate = locked(certificate)
    reason = masking.scrub(reason.strip())[:200]
    rules.check_end(certificate, step, reason, by)
    certificate.state = rules.NEXT[certificate.state][step]
    certificate.ended_at, certificate.ended_by, certificate.reason = at, by.account_id, reason
    certificate.save(update_fields=["state", "ended_at", "ended_by", "reason"])
    return certificate


def _note(certificate, by, at):
    """Who was read for it, and what of them."""
    readlog.note(
        by=by, persons=[certificate.person], elements=facts.elements(certificate.entry),
        purpose=facts.purpose(certificate.entry), through=readlog.Through.PAGE, at=at,
    )  # fmt: skip


def _record(verb, certificate, by, at, **data):
    record(verb, about=label(certificate), by=by, at=at, place=certificate.place, **data)
