"""Who typed a code of the phone a short while ago sees their own values in full."""

from datetime import datetime

from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

OPEN, BACK = "data_open", "data_back"  # in the session: until when, and the page that asked
SECONDS = 15 * 60


def is_open(request: HttpRequest, at: datetime) -> bool:
    """Was a code typed in this session in the quarter of an hour before, to sign in or again?"""
    signed_in = max(
        (each["at"] for each in get_authentication_records(request, request.user)
         if each["method"] == "code"), default=0,
    )  # fmt: skip
    until = max(request.session.get(OPEN, 0), signed_in + SECONDS)
    return until > at.timestamp()


def back(address: str) -> str:
    """A page of this site to return to; anything else is none."""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""
