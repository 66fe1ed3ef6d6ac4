"""When a proof of identity is good enough."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused, crypto, identifiers
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.models import Account
from shanzhi.people.rules import plain_name
from shanzhi.places import queries as places

from .. import identity, queries, spelling
from ..models import BindingRequest, Person, Relation
from .rights import CHECKERS, check_request_open, check_scope

WAITING_AT_ONCE = 3  # requests of one account with papers


def check_own_account(account_id: int, by: Actor) -> None:
    if by is not SYSTEM and (by.account_id != account_id or by.is_staff):
        raise Refused(_("You can bind only your own account, as a resident."))


def check_proof(proof: str) -> None:
    if len(proof.strip()) < 2:
        raise Refused(_("Say which document you looked at."), field="proof")


def check_ask_binding(
    account_id: int,
    *,
    place: str,
    name: str,
    number: str,
    relation: str,
    scope: Sequence[str],
    evidence: Sequence[UUID],
    at: datetime,
) -> dict[str, str]:
    """What was said, in one spelling."""
    if not Account.objects.filter(pk=account_id, phone_hash__isnull=False).exists():
        raise Refused(_("This account has no proved phone number; sign in on the phone first."))
    if len(place) not in (12, 15) or not places.exists(place):
        raise Refused(_("Choose a community."), field="place")
    if relation not in Relation.values:
        raise Refused(_("Choose who you are to the person."), field="relation")
    if relation == Relation.PROXY:
        check_scope(scope)
    if not evidence:
        raise Refused(_("Add a photo of the papers that show it."), field="evidence")
    waiting = BindingRequest.objects.filter(
        account_id=account_id, way=BindingRequest.Way.STAFF, state=BindingRequest.State.WAITING
    )
    if waiting.count() >= WAITING_AT_ONCE:
        raise Refused(_("Please wait for the answers to what you have sent."))
    return {"name": _name(name), "number": _number(number, at)}


def _name(text):
    try:
        return spelling.name(text)
    except Refused as refusal:
        raise Refused(refusal.sentence, field="name") from None


def _number(text, at):
    try:
        return identifiers.identity(text, today=localdate(at))
    except Refused as refusal:
        raise Refused(refusal.sentence, field="number") from None


def check_decide_binding(
    request: BindingRequest, person: Person | None, by: Actor, *, accept: bool, answer: str
) -> None:
    check_request_open(request)
    if by.role not in CHECKERS or not by.covers(request.place):
        raise Refused(_("The community to which this was sent decides."))
    if not accept:
        if not answer.strip():
            raise Refused(_("Give the reason; the resident reads it."), field="answer")
        return
    if person is None or not _is(person, request.said):
        raise Refused(_("No entry of your community has this name and number."), field="person")


def _is(person: Person, said: dict[str, Any]) -> bool:
    number = crypto.keyed_hash(said.get("number", ""), kind="identity")
    same = person.identity_hash is not None and bytes(person.identity_hash) == number
    return same and plain_name(person.name) == plain_name(said.get("name", ""))


def check_answer(
    request: BindingRequest | None,
    account_id: int,
    adapter: str,
    answer: identity.Answer,
    at: datetime,
) -> None:
    """The answer to this account's own request, for the first time and not too late."""
    if request is None or request.account_id != account_id:
        raise Refused(identity.NOT_GENUINE)
    nonce = crypto.keyed_hash(f"{adapter}:{answer.nonce}", kind="nonce")
    if request.state != BindingRequest.State.WAITING or bytes(request.digest) != nonce:
        raise Refused(identity.NOT_GENUINE)
    if request.asked_at + identity.LIVES <= at:
        raise Refused(_("The answer of the identity service came too late. Please begin again."))


def the_holder(answer: identity.Answer) -> Person:
    """The one person with this number and name; two holders are a conflict to settle first."""
    rows = Person.objects.filter(pk__in=queries.holders_of(answer.identity))
    found = [each for each in rows if plain_name(each.name) == plain_name(answer.name)]
    if len(found) != 1:
        raise Refused(
            _("The registry does not know you under this number yet. Your community can enter you.")
        )
    return found[0]
