"""How an account is proved to be a person: at the counter, by papers, by an identity service."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from shanzhi.files import commands as files
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.kernel.crypto import keyed_hash
from shanzhi.work import duties
from shanzhi.work.duties import Limit

from .. import identity, queries, rules
from ..models import Binding, BindingRequest, Level, Person, Relation, SeenToken
from .rights import bind

CHECK = "registry.binding"  # the kind of duty
CHECK_DAYS = 3


def _asked(request, by, at, place=""):
    record(
        "registry.binding_asked", about=label(request), by=by, at=at,
        place=place or settings.SHANZHI_CITY, account=request.account_id, way=str(request.way),
    )  # fmt: skip


# --- at the counter -------------------------------------------------------------------------------


@transaction.atomic
def show_code(*, account_id: int, by: Actor, at: datetime) -> tuple[BindingRequest, str]:
    """Six digits on the resident's phone, which the worker types after looking at the card."""
    rules.check_own_account(account_id, by)
    BindingRequest.objects.filter(
        account_id=account_id, way=BindingRequest.Way.COUNTER, state=BindingRequest.State.WAITING
    ).update(state=BindingRequest.State.REFUSED, decided_at=at, digest=None)
    digits = _free_code()
    request = BindingRequest.objects.create(
        account_id=account_id, way=BindingRequest.Way.COUNTER, digest=code_hash(digits),
        asked_at=at,
    )  # fmt: skip
    _asked(request, by, at)
    return request, digits


def code_hash(digits: str) -> bytes:
    return keyed_hash(digits, kind="binding")


def _free_code():
    while True:
        digits = f"{secrets.randbelow(10**6):06}"
        if queries.request_of_code(code_hash(digits)) is None:
            return digits


@transaction.atomic
def bind_by_code(
    *,
    digits: str,
    person: Person,
    relation: str = Relation.SELF,
    scope: Sequence[str] = (),
    until: date | None = None,
    proof: str,
    by: Actor,
    at: datetime,
) -> Binding:
    """The worker has the person and the card before them, and the code from the phone."""
    found = queries.request_of_code(code_hash(digits.strip()))
    request = found and BindingRequest.objects.select_for_update().get(pk=found.pk)
    rules.check_code(request, at)
    rules.check_may_bind(by, person)
    rules.check_proof(proof)

    binding = bind(
        account_id=request.account_id, person=person, level=Level.COUNTER, relation=relation,
        scope=scope, until=until, proof=proof, by=by, at=at,
    )  # fmt: skip
    _close(request, BindingRequest.State.DONE, "", by, at)
    return binding


def _close(request, state, answer, by, at):
    request.state, request.answer, request.digest = state, answer, None
    request.decided_at, request.decided_by = at, by.account_id
    request.save(update_fields=["state", "answer", "digest", "decided_at", "decided_by"])


# --- by papers sent -------------------------------------------------------------------------------


@transaction.atomic
def ask_binding(
    *,
    account_id: int,
    place: str,
    name: str,
    number: str,
    relation: str = Relation.SELF,
    scope: Sequence[str] = (),
    until: date | None = None,
    evidence: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> BindingRequest:
    """Sent on the phone with photos of the papers; the person's community checks them."""
    rules.check_own_account(account_id, by)
    said = rules.check_ask_binding(
        account_id, place=place, name=name, number=number, relation=relation, scope=scope,
        evidence=evidence, at=at,
    )  # fmt: skip
    request = BindingRequest.objects.create(
        account_id=account_id, way=BindingRequest.Way.STAFF, relation=relation,
        scope=sorted(scope), until=until, place=place, said=said, asked_at=at,
    )  # fmt: skip
    files.attach(files=evidence, owner=label(request), by=by, at=at, place=place)
    with translation.override(settings.LANGUAGE_CODE):
        duties.open_duty(
            kind=CHECK, about=label(request), title=_("Check who an account is"),
            link=f"/desk/registry/binding-requests/{request.pk}/", place=place, at=at,
            limits=[Limit("promised", CHECK_DAYS, "working_days")],
        )  # fmt: skip
    _asked(request, by, at, place)
    return request


@transaction.atomic
def decide_binding(
    *,
    request: BindingRequest,
    person: Person | None,
    accept: bool,
    answer: str = "",
    by: Actor,
    at: datetime,
) -> BindingRequest:
    request = BindingRequest.objects.select_for_update().get(pk=request.pk)
    rules.check_decide_binding(request, person, by, accept=accept, answer=answer)

    if accept:
        bind(
            account_id=request.account_id, person=person, level=Level.STAFF,
            relation=request.relation, scope=request.scope, until=request.until,
            proof=answer, by=by, at=at,
        )  # fmt: skip
    state = BindingRequest.State.DONE if accept else BindingRequest.State.REFUSED
    _close(request, state, answer.strip(), by, at)
    duties.close_duties(about=label(request), at=at, outcome=str(state))
    record(
        "registry.binding_decided", about=label(request), by=by, at=at, place=request.place,
        account=request.account_id, accepted=accept,
    )  # fmt: skip
    return request


# --- by an identity service -----------------------------------------------------------------------


@transaction.atomic
def start_identity(*, account_id: int, adapter: str, back: str, by: Actor, at: datetime) -> str:
    """The address of the identity service to which the browser goes."""
    rules.check_own_account(account_id, by)
    if adapter not in identity.ADAPTERS:
        raise Refused(_("This identity service is not connected."))
    nonce = secrets.token_urlsafe(24)
    request = BindingRequest.objects.create(
        account_id=account_id, way=BindingRequest.Way.ADAPTER, asked_at=at,
        digest=keyed_hash(f"{adapter}:{nonce}", kind="nonce"),
    )  # fmt: skip
    _asked(request, by, at)
    asked = identity.Asked(state=str(request.pk), nonce=nonce, back=back, at=at)
    return identity.ADAPTERS[adapter].begin(asked)


@transaction.atomic
def finish_identity(
    *, account_id: int, adapter: str, answer: identity.Answer, by: Actor, at: datetime
) -> Binding:
    """Bind to the one person who has this number; the token and the request count once."""
    request = queries.request_of_state(answer.state)
    request = request and BindingRequest.objects.select_for_update().get(pk=request.pk)
    rules.check_answer(request, account_id, adapter, answer, at)
    _take_token(adapter, answer.token, at)
    person = rules.the_holder(answer)

    binding = bind(
        account_id=account_id, person=person, level=Level.ADAPTER, proof=adapter, by=SYSTEM, at=at
    )
    _close(request, BindingRequest.State.DONE, "", by, at)
    return binding


def _take_token(adapter, token, at):
    try:
        with transaction.atomic():
            SeenToken.objects.create(adapter=adapter, token=token[:80], at=at)
    except IntegrityError:
        raise Refused(identity.NOT_GENUINE) from None
