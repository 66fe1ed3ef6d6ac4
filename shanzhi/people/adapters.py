"""What we tell allauth: nobody signs up, wrong passwords lock, secrets are sealed."""

import base64
import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import crypto
from shanzhi.kernel.acting import Actor

from . import commands, limits
from .models import Account

SILENT = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}
# What allauth tells after a change, in our words.
SAID = {
    "account/messages/password_changed.txt": _("Your password was changed."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is switched on."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app was removed."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes were made."),
    "mfa/messages/webauthn_added.txt": _("The key was added."),
    "mfa/messages/webauthn_removed.txt": _("The key was removed."),
    "usersessions/messages/sessions_logged_out.txt": _("You are signed out everywhere else."),
}
WAYS = {
    "reauthenticate": _("Confirm by password instead"),
    "mfa_reauthenticate": _("Confirm by a code of the authenticator app instead"),
    "mfa_reauthenticate:webauthn": _("Confirm by passkey or security key instead"),
}
JUST_NOW = 300  # seconds in which a password need not be typed again


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("User name or password is wrong."),
        "too_many_login_attempts": _(
            "Too many wrong tries. Sign-in with this name is locked for 15 minutes."
        ),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("The password is wrong."),
        "rate_limited": _("Too many tries in a short time. Wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request, **credentials):
        super().pre_authenticate(request, **credentials)
        if not limits.count_try(_subject(credentials)):
            limits.ask_to_wait(request, limits.LOCKED_SECONDS)
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        account = super().authenticate(request, **credentials)
        if account:
            limits.forget_tries(_subject(credentials))
        return account

    def login(self, request: HttpRequest, user: Account) -> None:
        records = get_authentication_records(request, user)
        super().login(request, user)
        request.session["staff"] = staff = any(_opens_desk(record) for record in records)
        if staff:
            request.session.set_expiry(0)  # ends with the browser
        request.session["seen"] = int(time.time())
        for leftover in ("demo", "post"):
            request.session.pop(leftover, None)
        commands.mark_seen(account_id=user.pk, by=Actor(user.pk), at=timezone.now())

    def set_password(self, user: Account, password: str) -> None:
        commands.set_password(account=user, password=password, by=Actor(user.pk), at=timezone.now())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/desk/" if request.session.get("staff") else "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template in SAID:
            super().add_message(request, level, message=str(SAID[message_template]))
        elif message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_reauthentication_methods(self, user):
        """In our words; who has nothing to confirm with is told so (views.me.confirm)."""
        nothing = {"id": "", "description": "", "url": reverse("account_reauthenticate")}
        ways = super().get_reauthentication_methods(user) or [nothing]
        return [way | {"description": str(WAYS.get(way["id"], ""))} for way in ways]

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Not within minutes of the password: the first sign-in goes straight to the set-up."""
        request = context.request
        records = get_authentication_records(request, request.user)
        fresh = time.time() - JUST_NOW
        return not any(
            record["method"] in ("password", "mfa") and record["at"] > fresh for record in records
        )


def _opens_desk(record):
    """A password (allauth then asks the second factor) or a passkey; never a phone code."""
    return record["method"] == "password" or bool(record.get("passwordless"))


def _subject(credentials):
    return credentials.get("username", "").strip().lower()


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is wrong, or was used already. Wait for the next one."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.seal(text.encode(), context="mfa")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(base64.b64decode(encrypted_text), context="mfa").decode()
