"""How often someone may do something, counted in the database by all processes together."""

from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from . import commands

PASSWORD_TRIES = 5
LOCKED_SECONDS = 15 * 60


class TooMany(Refused):
    """A form shows its sentence, or a page of its own; the status is 429 either way."""


def limit(request: HttpRequest, name: str, per: str = "ip", amount: int = 20, seconds: int = 3600):
    """Counts this request; raises TooMany beyond `amount` within `seconds`.

    Per "account" counts the address of those not signed in, an IPv6 address by its /64 network.
    """
    account = request.user.pk if per == "account" else None
    subject = f"account {account}" if account else f"ip {get_ip(request)}"
    count = commands.count_attempt(
        name=name, subject=subject, seconds=seconds, by=SYSTEM, at=timezone.now()
    )
    if count > amount:
        ask_to_wait(request, seconds)
        raise TooMany(_("That was too often in a short time. Please try again later."))


def ask_to_wait(request: HttpRequest, seconds: int) -> None:
    """The answer, whatever it says, gets status 429 and Retry-After (people.middleware)."""
    request.retry_after = seconds


def count_try(subject: str) -> bool:
    """One more try of a password or code for this sign-in name: may it be checked?

    Counted before checking, so that parallel guesses count as well.
    """
    count = commands.count_attempt(
        name="sign-in",
        subject=subject,
        seconds=LOCKED_SECONDS,
        lock=PASSWORD_TRIES,
        by=SYSTEM,
        at=timezone.now(),
    )
    return count <= PASSWORD_TRIES


def forget_tries(subject: str) -> None:
    commands.forget_attempts(name="sign-in", subject=subject, by=SYSTEM, at=timezone.now())


def first_use(name: str, subject: str, seconds: int) -> bool:
    """Is this the first time within `seconds`, in whichever process?"""
    count = commands.count_attempt(
        name=name, subject=subject, seconds=seconds, by=SYSTEM, at=timezone.now()
    )
    return count == 1
