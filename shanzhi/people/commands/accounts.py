"""Accounts: opened, named, moved, reset, signed out."""

import secrets
from datetime import datetime
from importlib import import_module

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused, crypto, identifiers
from shanzhi.kernel.acting import Actor
from shanzhi.places.models import Estate

from .. import kinds, rules
from ..models import Account

# Without letters and digits that look alike.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def phone_hash(phone: str) -> bytes:
    return crypto.keyed_hash(phone, kind="phone")


def account_place(account: Account) -> str:
    """Where the journal puts an account: its home, or the city as a whole."""
    return account.home or settings.SHANZHI_CITY


def new_password() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _n in range(4)) for _part in range(4))


@transaction.atomic
def open_account(
    *,
    phone: str = "",
    username: str = "",
    name: str = "",
    password: str = "",
    by: Actor,
    at: datetime,
) -> Account:
    """A resident by a proved phone, or staff by a user name and a password to be changed.

    Of two who open an account for one phone at once, the second gets what the first opened.
    """
    account = Account(name=name.strip(), opened_at=at)
    if name:
        rules.check_name(account.name)
    if phone:
        _give_phone(account, identifiers.phone(phone), at)
        account.username = username or f"r-{secrets.token_hex(8)}"
    else:
        rules.check_open_staff(username, by=by)
        account.username, account.password_given = username, bool(password)
    account.set_password(password or None)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        if not phone:
            raise Refused(_("This user name is taken."), field="username") from None
        return Account.objects.get(phone_hash=account.phone_hash)

    way = "phone" if phone else "username"
    place = account_place(account)
    record("people.account_opened", about=label(account), by=by, at=at, place=place, way=way)
    return account


def _give_phone(account, phone, at):
    account.phone, account.phone_hash = phone, phone_hash(phone)
    account.phone_proved_at = at
    account.seen_on = localdate(at)


@transaction.atomic
def set_name(*, account: Account, name: str, by: Actor, at: datetime) -> Account:
    account = Account.objects.select_for_update().get(pk=account.pk)
    rules.check_own(account.pk, by=by)
    rules.check_name(name.strip())

    account.name = name.strip()
    account.save(update_fields=["name"])

    place = account_place(account)
    record("people.name_set", about=label(account), by=by, at=at, place=place)
    return account


@transaction.atomic
def set_preferences(
    *,
    account_id: int,
    language: str | None = None,
    large: bool | None = None,
    by: Actor,
    at: datetime,
) -> Account:
    account = Account.objects.select_for_update().get(pk=account_id)
    rules.check_own(account_id, by=by)
    rules.check_preferences(language=language)

    chosen = {"language": language, "large": large}
    fields = [name for name, value in chosen.items() if value is not None]
    if not fields:
        return account
    for name in fields:
        setattr(account, name, chosen[name])
    account.save(update_fields=fields)

    place = account_place(account)
    record("people.preferences_set", about=label(account), by=by, at=at, place=place, fields=fields)
    return account


@transaction.atomic
def choose_home(
    *, account: Account, place: str, estate: Estate | None = None, by: Actor, at: datetime
) -> Account:
    account = Account.objects.select_for_update().get(pk=account.pk)
    rules.check_own(account.pk, by=by)
    rules.check_home(place, estate.place if estate else None)

    account.home, account.estate = place, estate
    account.save(update_fields=["home", "estate"])

    record("people.home_chosen", about=label(account), by=by, at=at, place=place)
    return account


@transaction.atomic
def release_phone(*, account: Account, reason: str, by: Actor, at: datetime) -> Account:
    """The number now belongs to someone else, who proved it and may be nobody we know yet: the
    account stays, without a way in by phone.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.phone_hash is None:
        raise Refused(_("This account has no phone number."))

    account.phone = account.phone_hash = account.phone_proved_at = None
    fields = ["phone", "phone_hash", "phone_proved_at"]
    if not account.has_usable_password():
        account.set_unusable_password()  # a new one, which ends every session of the account
        fields.append("password")
    account.save(update_fields=fields)
    kinds.phone_lost(account.pk, at)

    place = account_place(account)
    record("people.phone_released", about=label(account), by=by, at=at, place=place, reason=reason)
    return account


@transaction.atomic
def change_phone(*, account: Account, phone: str, by: Actor, at: datetime) -> Account:
    """To a number whose code was proved just now."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    rules.check_own(account.pk, by=by)
    phone = identifiers.phone(phone)
    rules.check_phone_free(phone_hash(phone), account_id=account.pk)

    _give_phone(account, phone, at)
    try:
        with transaction.atomic():
            account.save(update_fields=["phone", "phone_hash", "phone_proved_at", "seen_on"])
    except IntegrityError:
        raise Refused(_("This number belongs to another account."), field="phone") from None
    kinds.phone_lost(account.pk, at)

    place = account_place(account)
    record("people.phone_changed", about=label(account), by=by, at=at, place=place)
    return account


@transaction.atomic
def set_password(*, account: Account, password: str, by: Actor, at: datetime) -> Account:
    """Chosen by the account's own holder; allauth has checked the old one and its strength."""
    locked = Account.objects.select_for_update().get(pk=account.pk)
    rules.check_own(locked.pk, by=by)

    account.set_password(password)  # on the caller's object: its session hash comes from there
    account.password_given = False
    account.save(update_fields=["password", "password_given"])

    place = account_place(locked)
    record("people.password_changed", about=label(locked), by=by, at=at, place=place)
    return account


@transaction.atomic
def reset_sign_in(*, account: Account, reason: str, by: Actor, at: datetime) -> str:
    """For staff who lost password or second factor: a new password, to be changed; all else off."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    rules.check_reset(account, by=by, on=localdate(at))

    password = new_password()
    account.set_password(password)
    account.password_given = True
    account.save(update_fields=["password", "password_given"])
    Authenticator.objects.filter(user=account).delete()

    place = by.place or settings.SHANZHI_CITY
    record("people.sign_in_reset", about=label(account), by=by, at=at, place=place, reason=reason)
    return password


@transaction.atomic
def sign_out_session(*, account_id: int, session_id: int, by: Actor, at: datetime) -> None:
    """Ends one session of the account, on whatever device it is."""
    account = Account.objects.select_for_update().get(pk=account_id)
    rules.check_own(account_id, by=by)
    session = UserSession.objects.filter(user=account, pk=session_id).first()
    if session is None:
        raise Refused(_("This session has ended already."))

    store = import_module(settings.SESSION_ENGINE).SessionStore
    store(session.session_key).delete()
    session.delete()

    place = account_place(account)
    record("people.session_ended", about=label(account), by=by, at=at, place=place)
