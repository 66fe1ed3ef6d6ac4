"""Codes sent to phones: they prove the phone and nothing more, not whose account it was."""

import hmac
import secrets
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused, crypto, identifiers
from shanzhi.kernel.acting import Actor

from .. import kinds, queries, rules
from ..models import Account, PhoneCode, SentCode
from .accounts import open_account, phone_hash, release_phone
from .counting import count_attempt

RESEND_SECONDS = 60
CODES_A_DAY = 10


@transaction.atomic
def ask_code(*, phone: str, by: Actor, at: datetime) -> tuple[PhoneCode, str]:
    """A new code for this phone, and its digits for the sender. The same for every phone."""
    phone = identifiers.phone(phone)
    code = PhoneCode(id=uuid4(), phone=phone, phone_hash=phone_hash(phone), sent_at=at)
    subject = code.phone_hash.hex()
    if count_attempt(name="code", subject=subject, seconds=RESEND_SECONDS, by=by, at=at) > 1:
        raise Refused(
            _("A code was sent to this number just now. Wait a minute before asking again."),
            field="phone",
        )
    if count_attempt(name="code-day", subject=subject, seconds=86400, by=by, at=at) > CODES_A_DAY:
        raise Refused(_("Too many codes for this number today. Try again tomorrow."), field="phone")

    digits = f"{secrets.randbelow(10**6):06}"
    code.digest = _digest(code, digits)
    code.save(force_insert=True)
    return code, digits


def _digest(code, digits):
    return crypto.keyed_hash(f"{code.pk}:{digits}", kind="code")


@transaction.atomic
def prove_code(*, code_id: str, digits: str, by: Actor, at: datetime) -> bool:
    """Were these the digits? A wrong try is kept, so this answers and does not refuse it."""
    code = PhoneCode.objects.select_for_update().filter(pk=code_id).first()
    rules.check_code_open(code, at=at)
    code.tries += 1
    right = hmac.compare_digest(bytes(code.digest), _digest(code, digits))
    if right:
        code.proved_at = at
    code.save(update_fields=["tries", "proved_at"])
    return right


@transaction.atomic
def use_code(*, code_id: str, by: Actor, at: datetime) -> str:
    """Takes a proved code for something else than signing in; gives the phone it proved."""
    code = PhoneCode.objects.select_for_update().filter(pk=code_id).first()
    rules.check_code_proved(code, at=at)
    code.used_at = at
    code.save(update_fields=["used_at"])
    return code.phone


@transaction.atomic
def claim_account(
    *, code_id: str, fresh: bool = False, name: str | None = None, by: Actor, at: datetime
) -> Account | None:
    """The account to sign in to with a proved phone; None where its holder must name themselves.

    A number unused for long may have a new holder. Whoever gives the old account's own name goes
    on with it; after three wrong names, or on saying that the number is new, the phone is released
    from the old account and a fresh one opened.
    """
    code = PhoneCode.objects.select_for_update().filter(pk=code_id).first()
    rules.check_code_proved(code, at=at)
    old = queries.account_by_phone(bytes(code.phone_hash))
    if old is not None and not fresh and rules.is_stale(old, on=localdate(at)):
        if not old.name or (name is not None and not _named(code, old, name)):
            fresh = not old.name or code.name_tries >= rules.NAME_TRIES
            if not fresh:
                return None
        elif name is None:
            return None
    return _take(code, old, fresh=fresh, by=by, at=at)


def _named(code, account, name):
    ours, theirs = rules.plain_name(account.name), rules.plain_name(name)
    if hmac.compare_digest(ours.encode(), theirs.encode()):
        return True
    code.name_tries += 1
    code.save(update_fields=["name_tries"])
    return False


def _take(code, account, *, fresh, by, at):
    if account is not None and fresh:
        release_phone(account=account, reason="new_holder", by=by, at=at)
        account = None
    elif account is not None and rules.is_stale(account, on=localdate(at)):
        kinds.phone_lost(account.pk, at)  # a name is no proof that the holder is the same
    if account is None:
        account = open_account(phone=code.phone, by=by, at=at)
    account.phone_proved_at, account.seen_on = at, localdate(at)
    account.save(update_fields=["phone_proved_at", "seen_on"])
    code.used_at = at
    code.save(update_fields=["used_at"])
    return account


@transaction.atomic
def keep_sent_code(*, phone: str, text: str, by: Actor, at: datetime) -> SentCode:
    """The demonstration's inbox."""
    return SentCode.objects.create(phone=phone, phone_hash=phone_hash(phone), text=text, at=at)
