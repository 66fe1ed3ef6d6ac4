"""Signing an account in through allauth, so that its limits, sessions and second factor hold."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse

from .models import Account


def sign_in(request: HttpRequest, account: Account, *, method: str, next_url: str = ""):
    """After a proof of another kind than a password: "code" of a phone, "wechat"."""
    record_authentication(request, account, method=method)
    safe = next_url if next_url and get_adapter().is_safe_url(next_url) else None
    return perform_login(request, Login(user=account, redirect_url=safe))


def demo_sign_in(request: HttpRequest, account: Account, *, staff: bool) -> HttpResponse:
    """One click and no second factor, which the session says openly."""
    adapter = get_adapter()
    adapter.login(request, account)
    request.session["staff"], request.session["demo"] = staff, True
    return adapter.post_login(
        request,
        account,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=None,
    )
