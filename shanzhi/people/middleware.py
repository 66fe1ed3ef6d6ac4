"""Every request knows who acts; whoever was away for too long is signed out."""

import time

from allauth.account.internal.flows.logout import logout
from django.conf import settings
from django.contrib import messages
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from shanzhi.kernel.acting import Actor

from . import acting, commands

STAMP_SECONDS = 60  # the session notes its last use no more often, to save writes


def posts(get_response):
    def middleware(request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _watch(request)
        request.actor = SimpleLazyObject(lambda: acting.of_request(request))
        response = get_response(request)
        if seconds := getattr(request, "retry_after", 0):
            response.status_code, response["Retry-After"] = 429, str(seconds)
        if response.status_code == 429:  # allauth's own
            response.headers.setdefault("Retry-After", "60")
        return response

    return middleware


def _watch(request):
    session = request.session
    if "_auth_user_id" not in session:
        return
    now = int(time.time())
    idle = now - session.get("seen", now - STAMP_SECONDS)
    kind = "staff" if session.get("staff") else "resident"
    if idle > settings.SHANZHI_IDLE[kind].total_seconds():
        logout(request, show_message=False)
        messages.info(request, _("You were signed out because this page was not used for long."))
    elif idle >= STAMP_SECONDS:
        _stamp(session, now)


def _stamp(session, now):
    session["seen"] = now
    today = str(timezone.localdate())
    if session.get("day") != today:
        session["day"] = today
        account_id = int(session["_auth_user_id"])
        commands.mark_seen(account_id=account_id, by=Actor(account_id), at=timezone.now())
