"""From the draft to a text that both agree on, and back."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from shanzhi.files import commands as files
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import SYSTEM, Actor

from .. import document, queries, rules
from ..kinds import TOLD
from ..models import Agreement, Clause
from . import steps

State = Agreement.State
FRESH = {"target": "", "amount": 0, "payer_id": None, "due_on": []}


@transaction.atomic
def open_negotiation(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """The community reads it, comments, agrees."""
    agreement = steps.locked(agreement)
    rules.check_step(agreement, "open", by)
    _open(agreement, by, at)
    return agreement


@transaction.atomic
def open_all(*, place: str, year: int, by: Actor, at: datetime) -> int:
    """All drafts of a sub-district at once; how many."""
    found = queries.drafts(place, year).order_by("place").select_for_update()
    for agreement in found:
        rules.check_step(agreement, "open", by)
        _open(agreement, by, at)
    return len(found)


def _open(agreement, by, at):
    steps.become(agreement, State.NEGOTIATED)
    steps.record("opened", agreement, by, at)
    steps.hand_over(agreement, at, "opened")


@transaction.atomic
def agree(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """When both have, the text is fixed: drawn as a document that waits for two signatures."""
    agreement = steps.locked(agreement)
    side = rules.check_agree(agreement, queries.open_comments(agreement), by)
    setattr(agreement, f"{side}_agreed_at", at)
    fields, state = [f"{side}_agreed_at"], State.NEGOTIATED
    if agreement.community_agreed_at and agreement.subdistrict_agreed_at:
        _fix(agreement, at)
        fields, state = [*fields, "document", "digest"], State.AGREED
    steps.become(agreement, state, *fields)
    steps.record("agreed", agreement, by, at, side=side, fixed=state == State.AGREED)
    steps.hand_over(agreement, at, "agreed")
    return agreement


def _fix(agreement, at):
    clauses = queries.clauses(agreement)
    drawn = document.draw(agreement, clauses, draft=False)
    agreement.document = keep(agreement, drawn, at)
    agreement.digest = document.text_digest(agreement, clauses)


def keep(agreement: Agreement, content: bytes, at: datetime):
    """As a file of the agreement, which nothing changes any more; its number."""
    upload = ContentFile(content, name=f"{agreement.number}.pdf")
    stored = files.store(upload=upload, by=SYSTEM, at=at)
    files.attach(files=[stored.pk], owner=label(agreement), by=SYSTEM, at=at, place=agreement.place)
    return stored.pk


@transaction.atomic
def reopen(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """Before anybody has signed."""
    agreement = steps.locked(agreement)
    side = rules.check_step(agreement, "reopen", by)
    steps.become(agreement, State.NEGOTIATED, *steps.unfix(agreement))
    steps.record("reopened", agreement, by, at, side=side)
    steps.hand_over(agreement, at, "reopened")
    return agreement


@transaction.atomic
def withdraw(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    agreement = steps.locked(agreement)
    rules.check_step(agreement, "withdraw", by)
    steps.become(agreement, State.WITHDRAWN)
    steps.record("withdrawn", agreement, by, at)
    steps.hand_over(agreement, at, "withdrawn")
    return agreement


@transaction.atomic
def renew(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """The draft takes over what the lists in force say; targets and money of a clause that stays
    are kept. Who agreed or signed is asked again.
    """
    agreement = steps.locked(agreement)
    drift = queries.drift(agreement)
    rules.check_renew(agreement, queries.outdated(agreement, drift), by)
    agreement.own, agreement.assist = queries.in_force(agreement)
    for each in drift:
        _take_over(agreement, each)
    _put_in_order(agreement)
    agreement.signatures.filter(void_at=None).update(void_at=at)
    state = State.DRAFT if agreement.state == State.DRAFT else State.NEGOTIATED
    steps.become(agreement, state, "own", "assist", *steps.unfix(agreement))
    steps.record("renewed", agreement, by, at, changed=[each.code for each in drift])
    steps.hand_over(agreement, at, "renewed")
    return agreement


def _take_over(agreement, drift):
    mine = agreement.clauses.filter(code=drift.code)
    if drift.kind == "removed":
        mine.delete()
    elif drift.kind == "added":
        Clause.objects.create(agreement=agreement, position=0, **drift.new | FRESH)
    else:
        mine.update(**{name: drift.new[name] for name in TOLD})


def _put_in_order(agreement):
    order = {code: n for n, code in enumerate(queries.told(agreement.own, agreement.assist))}
    clauses = sorted(agreement.clauses.all(), key=lambda each: order.get(each.code, len(order)))
    for position, clause in enumerate(clauses):
        clause.position = position
    Clause.objects.bulk_update(clauses, ["position"])
